"""What each role may, column by column: the whole list, held against the database by `test_roles`."""

from __future__ import annotations

RUNTIME = (
    "wise_intake",
    "wise_delivery",
    "wise_central",
    "wise_training",
    "wise_release",
    "wise_courier",
    "wise_keeper",
    "wise_purge",
)
TENANT_TABLES = (
    "submission", "payload", "review", "delivery", "attempt", "audit", "third_party", "sketch", "hold", "batch",
    "feedback", "supervision", "manual_pack", "reminder", "lane", "officer_order", "alarm", "alarm_told",
    "webhook", "webhook_message", "audit_link", "audit_checkpoint", "checkpoint_sending",
    "shredded", "legal_hold", "forgotten", "audit_cut", "purge_run",
)  # fmt: skip
OF_ALL = (
    "profile_version", "profile_event", "worker", "bridge", "alarm_channel", "alarm_watch", "wakeup_failure",
)  # fmt: skip
"""How each authority is connected, and who works: no young person is in it, and every process serves them all."""
PEOPLE = ("staff", "staff_session", "sign_in_used", "sign_in_link")
"""On both sides."""
SIGN_IN = ("client", "client_key", "assertion_used", "sign_in_failure", *PEOPLE)
"""A process reads the one client it names; what was used and refused it adds to through the owner's functions."""
STAFF = (
    "begin_staff_session", "staff_session_of", "end_staff_session", "end_staff_sessions_of_issuer", "use_sign_in",
    "use_sign_in_link",
)  # fmt: skip
"""Functions of the owner's: a process can neither list sessions nor make one last longer."""
REFUSED = ("refused_address",)
"""Noted through the owner's functions, and counted."""
KEYS = ("key_floor", "stale_key")
"""Triggers ask the one; processes note in the other through the owner's function."""
CASEWORK = (*TENANT_TABLES, *SIGN_IN, *REFUSED, *KEYS, *OF_ALL)
TRAINING = ("record", "audit")
KEPT = ("audit", "audit_link", "audit_checkpoint", "audit_cut", "checkpoint_sending")
"""What the keeper reads."""
APPROVES = ("builds_for", "approve_build", "publish_build", "refuse_sign_in")
"""Each asks for a session, and looks whose it is; or only adds to the trail."""
RELEASES = ("build", "build_audit", "build_approval", "ledger", "pull")
"""No young person is in them but in the facts of a build, which the releasing role alone may read."""
LATER = {
    f"training.record.{column}": "UPDATE"
    for column in ("training_version", "evaluation_completed_on", "valid_until", "revoked_on")
}
CONSENT = {
    f"casework.feedback.{column}": "UPDATE" for column in ("consent", "consent_on", "withdrawn_on", "sealed_consent")
}
ANSWERED = {
    f"casework.manual_pack.{column}": "UPDATE"
    for column in (
        "taken_by", "taken_at", "record_number", "document_number", "confirmed_by", "confirmed_at",
        "refused_reason", "refused_by", "refused_at",
    )
}  # fmt: skip
HELD_BACK = {f"casework.lane.{column}": "UPDATE" for column in ("hold", "hold_by", "hold_reason", "hold_at")}
BREAKS = {
    f"casework.lane.{column}": "UPDATE"
    for column in (
        "in_a_row", "recent", "open_for", "openings", "ramp", "open_reason", "opened_at", "open_until", "quiet_until",
        "swept_at",
    )
}  # fmt: skip
"""A person holds a lane through the web process; its breaker is the worker's. Neither can do the other's."""
ORDERED = {
    **{
        f"casework.delivery.{column}": "UPDATE"
        for column in (
            "note", "failures", "lapses", "deaths", "lookups", "absences", "put_off_since", "may_have_arrived",
            "record_number", "document_number", "evidence", "delivered_at",
        )
    },
    **{
        f"casework.officer_order.{column}": "UPDATE"
        for column in ("approved_by", "approved_through", "approved_at", "done_at", "outcome")
    },
}  # fmt: skip
"""An officer's order moves a delivery through the web process; the database looks for the order."""
WATCHES = {
    **{f"casework.{table}": "INSERT SELECT" for table in ("alarm", "alarm_told", "alarm_channel")},
    "casework.alarm_watch": "SELECT",
    **{
        f"casework.{column}": "UPDATE"
        for column in (
            "alarm.owner", "alarm.since", "alarm.count", "alarm.last_seen_at", "alarm.cleared_at",
            "alarm_told.word", "alarm_told.told_at", "alarm_told.times",
            "alarm_channel.tries", "alarm_channel.failing_since", "alarm_channel.trouble", "alarm_channel.due_at",
            "alarm_watch.looked_at", "alarm_watch.ended_at",
        )
    },
}  # fmt: skip
"""Web and worker both look for alarms, for neither could tell its own end."""
WAKEUPS = {f"casework.wakeup_failure.{column}": "UPDATE" for column in ("count", "first_at", "last_at")}
WEBHOOKS_SHOWN = {
    **{
        f"casework.webhook.{column}": "SELECT"
        for column in (
            "id", "authority", "number", "name", "host", "former_until", "made_by", "made_at", "rotated_at",
            "paused_for", "paused_by", "paused_note", "paused_at", "failures", "failing_since",
        )
    },
    **{
        f"casework.webhook_message.{column}": "SELECT"
        for column in ("authority", "webhook_id", "made_at", "told_at", "given_up_at", "answer")
    },
}  # fmt: skip
"""The web process shows how they stand, and can read no address and no secret."""
TELLS = {
    "casework.webhook": "SELECT",
    "casework.webhook_message": "INSERT SELECT",
    "casework.forget_told_webhooks()": "EXECUTE",
    **{
        f"casework.webhook.{column}": "UPDATE"
        for column in (
            "paused_for", "paused_by", "paused_note", "paused_at", "history", "changed_in", "changed_id",
            "failures", "failing_since", "quiet_until", "fence", "lease_until",
        )
    },
    **{
        f"casework.webhook_message.{column}": "UPDATE"
        for column in ("due_at", "attempts", "first_tried_at", "answer", "told_at", "refusals", "given_up_at")
    },
}  # fmt: skip
"""The worker tells, and forgets what was told long ago by one deed of the owner's; it deletes nothing else."""
RELEASED = {f"casework.hold.{column}": "UPDATE" for column in ("released_at", "released_by")}

ASKS = {
    "central.sending": "SELECT",
    **{f"central.sending.{column}": "INSERT" for column in ("quarter", "file", "address")},
    **{f"central.sending.{column}": "INSERT UPDATE" for column in ("digest", "asked_by")},
    **{f"central.sending.{column}": "UPDATE" for column in ("state", "reason", "attempts", "due_at", "asked_at")},
}
"""A person asks for a sending; which file goes where is said once."""
SENDS = {
    "central.sending": "SELECT",
    **{
        f"central.sending.{column}": "UPDATE"
        for column in (
            "state", "reason", "attempts", "fence", "lease_until", "may_have_arrived", "due_at", "receipt", "sent_at",
        )
    },
}  # fmt: skip
"""The courier reads what was published, and moves what was asked for. It asks for nothing itself."""

FINDS = {
    "payload": ("submission_id", "authority"),
    "third_party": ("submission_id", "authority"),
    "submission": ("id", "authority", "child_key"),
    "sketch": ("submission_id", "authority", "pointer"),
    "feedback": ("id", "authority"),
    "supervision": ("id", "authority"),
    "webhook": ("id", "authority"),
    "review": ("authority", "id"),
}
SEALED = {
    "payload": ("sealed",),
    "third_party": ("sealed",),
    "submission": ("sealed_digest",),
    "sketch": ("sketch",),
    "feedback": ("sealed", "sealed_consent"),
    "supervision": ("sealed",),
    "webhook": ("sealed",),
    "review": ("sealed_person",),
}
KEPT_SEALED = {
    **{f"casework.{table}.{column}": "SELECT" for table, columns in FINDS.items() for column in columns},
    **{f"casework.{table}.{column}": "SELECT UPDATE" for table, columns in SEALED.items() for column in columns},
}
"""The keeper wraps heads anew: it finds rows and touches what is sealed, and reads nothing else."""

PURGES = {
    "schema casework": "USAGE",
    **{f"casework.submission.{column}": "SELECT" for column in ("id", "authority", "child_key", "received_at")},
    "casework.submission.purge_after": "SELECT UPDATE",
    "casework.submission.sealed_digest": "UPDATE",
    **{f"casework.{table}": "DELETE" for table in ("payload", "third_party", "sketch")},
    **{
        f"casework.{table}.{column}": "SELECT"
        for table in ("payload", "third_party", "sketch")
        for column in ("submission_id", "authority")
    },
    **{f"casework.{column}": "UPDATE" for column in ("payload.sealed", "third_party.sealed", "sketch.sketch")},
    **{
        f"casework.delivery.{column}": "SELECT"
        for column in (
            "id", "authority", "submission_id", "child_key", "state", "state_since", "delivered_at", "evidence",
        )
    },
    **{f"casework.hold.{column}": "SELECT" for column in ("authority", "submission_id", "released_at")},
    **{
        f"casework.review.{column}": "SELECT"
        for column in ("authority", "submission_id", "status", "raised_at", "knows_whom")
    },
    **{f"casework.officer_order.{column}": "SELECT" for column in ("authority", "delivery_id", "action", "done_at")},
    **{f"casework.{table}": "INSERT SELECT" for table in ("shredded", "legal_hold")},
    "casework.audit": "INSERT",
    "casework.profile_version": "SELECT",
    "casework.bridge": "SELECT",
    "casework.bridge.reapplied_epoch": "UPDATE",
    **{f"casework.{name}()": "EXECUTE" for name in ("identity", "mode", "legally_held")},
    **{f"casework.{name}()": "EXECUTE" for name in ("remains", "remains_of", "forget_record")},
    **{f"casework.{name}()": "EXECUTE" for name in ("trail_end", "cut_trail")},
    "casework.purge_run": "INSERT SELECT",
    "casework.purge_run.at": "UPDATE",
}  # fmt: skip
"""Who shreds finds bodies by id and state, overwrites and takes away, and can read nothing that is sealed.

What is left of a record it takes away by the owner's deeds."""
SHOWS_WHAT_ENDED = {
    "casework.shredded": "SELECT",
    **{f"casework.legal_hold.{column}": "SELECT" for column in ("authority", "hold", "event")},
    **{f"casework.forgotten.{column}": "SELECT" for column in ("authority", "subject_id", "submission_id")},
    "casework.purge_behind()": "EXECUTE",
}

EXPECTED = {
    "wise_intake": {
        "schema casework": "USAGE",
        **WEBHOOKS_SHOWN,
        **WATCHES,
        **SHOWS_WHAT_ENDED,
        "casework.wakeup_failure": "INSERT SELECT",
        **WAKEUPS,
        "schema central": "USAGE",
        "casework.client": "SELECT",
        "casework.client_key": "SELECT",  # pragma: allowlist secret
        "casework.use_assertion()": "EXECUTE",
        "casework.note_sign_in_failure()": "EXECUTE",
        **{f"casework.{name}()": "EXECUTE" for name in STAFF},
        "casework.note_stale_key()": "EXECUTE",
        "casework.submission": "INSERT SELECT",
        "casework.submission.superseded_by": "UPDATE",
        "casework.submission.withdrawn_by": "UPDATE",
        "casework.submission.fact": "UPDATE",
        "casework.payload": "INSERT SELECT",
        "casework.third_party": "INSERT SELECT",
        "casework.sketch": "INSERT SELECT",
        "casework.batch": "INSERT SELECT",
        "casework.hold": "INSERT SELECT",
        **RELEASED,
        "casework.review": "INSERT SELECT",
        "casework.reminder": "SELECT",
        "casework.review.closed_at": "UPDATE",
        "casework.review.closed_by": "UPDATE",
        "casework.review.status": "UPDATE",
        "casework.delivery": "INSERT SELECT",
        "casework.delivery.state": "UPDATE",
        "casework.delivery.reason": "UPDATE",
        "casework.delivery.changed_at": "UPDATE",
        "casework.delivery.due_at": "UPDATE",
        "casework.officer_order": "INSERT SELECT",
        **ORDERED,
        "casework.manual_pack": "SELECT",
        **ANSWERED,
        "casework.attempt": "SELECT",
        "casework.feedback": "INSERT SELECT",
        **CONSENT,
        "casework.supervision": "INSERT SELECT",
        "casework.profile_version": "SELECT",
        "casework.audit": "INSERT",
        "casework.accepted_since()": "EXECUTE",
        "casework.sendings_late()": "EXECUTE",
        "casework.trail_behind()": "EXECUTE",
        "casework.access_to()": "EXECUTE",
        "casework.sign_in_failures()": "EXECUTE",
        "casework.stale_keys()": "EXECUTE",
        "casework.refuse_address()": "EXECUTE",
        "casework.refused_addresses()": "EXECUTE",
        **{f"casework.{name}()": "EXECUTE" for name in ("identity", "mode", "recognise")},
        "casework.lane": "INSERT SELECT",
        **HELD_BACK,
        "casework.worker": "SELECT",
        "casework.bridge": "SELECT",
        "central.fact": "INSERT",
        "schema training": "USAGE",
        "training.record": "INSERT SELECT",
        **LATER,
    },
    "wise_delivery": {
        "schema casework": "USAGE",
        **TELLS,
        **WATCHES,
        **SHOWS_WHAT_ENDED,
        "casework.wakeup_failure": "SELECT",
        "casework.submission": "SELECT",
        "casework.payload": "SELECT",
        "casework.third_party": "SELECT",
        "casework.hold": "SELECT",
        **RELEASED,
        "casework.review": "SELECT",
        "casework.review.raised_at": "UPDATE",
        "casework.reminder": "INSERT SELECT",
        "casework.delivery": "INSERT SELECT UPDATE",
        "casework.attempt": "INSERT SELECT UPDATE",
        "casework.manual_pack": "INSERT SELECT",
        "casework.profile_version": "SELECT",
        "casework.audit": "INSERT",
        "casework.accepted_since()": "EXECUTE",
        "casework.trail_behind()": "EXECUTE",
        "casework.sendings_late()": "EXECUTE",
        "casework.sign_in_failures()": "EXECUTE",
        "casework.stale_keys()": "EXECUTE",
        "casework.refuse_address()": "EXECUTE",
        "casework.refused_addresses()": "EXECUTE",
        **{f"casework.{name}()": "EXECUTE" for name in ("identity", "mode", "recognise")},
        "casework.lane": "INSERT SELECT",
        **BREAKS,
        "casework.worker": "INSERT SELECT UPDATE",
        "casework.bridge": "SELECT",
        "schema training": "USAGE",
        "training.record": "SELECT",
    },
    "wise_central": {
        "schema central": "USAGE",
        "central.published": "SELECT",
        **{f"central.pull.{column}": "INSERT" for column in ("client_id", "quarter", "what")},
        **{f"central.feed_key.{column}": "SELECT" for column in ("id", "digest", "expires_at", "revoked_at")},
        "central.note_sign_in_failure()": "EXECUTE",
        **{f"central.{name}()": "EXECUTE" for name in APPROVES},
        **{f"central.{name}()": "EXECUTE" for name in STAFF},
    },
    "wise_release": {
        "schema central": "USAGE",
        **{f"central.{table}": "INSERT SELECT" for table in ("build", "build_audit", "ledger")},
        "central.build_approval": "SELECT",
        **{f"central.build_approval.{column}": "INSERT" for column in ("build_id", "approved_by")},
        "central.fact": "SELECT",
        "central.pull": "SELECT",
        "central.published": "SELECT",
        **ASKS,
    },
    "wise_courier": {
        "schema central": "USAGE",
        "central.published": "SELECT",
        "central.refuse_address()": "EXECUTE",
        **SENDS,
    },
    "wise_keeper": {
        "schema casework": "USAGE",
        "casework.audit": "SELECT",
        "casework.audit_cut": "SELECT",
        **{f"casework.{table}": "INSERT SELECT" for table in ("audit_link", "audit_checkpoint", "checkpoint_sending")},
        **{
            f"casework.checkpoint_sending.{column}": "UPDATE"
            for column in ("position", "tried_at", "failing_since", "trouble")
        },
        "casework.key_version()": "EXECUTE",
        "casework.key_floor": "INSERT SELECT",
        "casework.note_keys()": "EXECUTE",
        "casework.refuse_address()": "EXECUTE",
        **KEPT_SEALED,
    },
    "wise_purge": PURGES,
    "wise_training": {
        "schema training": "USAGE",
        "training.record": "INSERT SELECT",
        **LATER,
        "training.audit": "INSERT",
    },
    "PUBLIC": {
        **{
            f"central.{rule}()": "EXECUTE"
            for rule in ("refuse_change", "keep_two_persons", "keep_the_chain", "keep_sent")
        },
        "training.refuse_change()": "EXECUTE",
        "casework.keep_profile_version()": "EXECUTE",
        "casework.doubt_what_may_be_there()": "EXECUTE",
        "casework.keep_order()": "EXECUTE",
        **{
            f"casework.{rule}()": "EXECUTE"
            for rule in (
                "keep_legal_hold",
                "reopen_nothing_shredded",
                "shred_nothing_open",
                "shred_what_is_noted",
            )
        },
        "casework.move_by_order()": "EXECUTE",
        "casework.keep_to_the_table()": "EXECUTE",
        "casework.tell_no_look_up()": "EXECUTE",
        "casework.may_reopen()": "EXECUTE",
        "casework.refuse_change()": "EXECUTE",  # PostgreSQL's default; a trigger's function can be called by nobody
    },
}
