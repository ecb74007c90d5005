"""How long things are kept: what ends by itself, and every table with what it holds and whether it has an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from service.domain.retention import TOMBSTONE_MONTHS, TRAIL_YEARS
from service.domain.telling import DAILY
from service.domain.webhooks import FORMER_SECRET_HOURS, GIVE_UP_AFTER
from service.settings import Settings

NO_LIMIT = "no limit yet"
"""Said plainly: nothing takes it away by itself."""

_AFTER_BODY = f"{TOMBSTONE_MONTHS} months after the record's body"
_AFTER_YEARS = f"{TRAIL_YEARS} years"
AFTER_DELIVERY = "until its delivery is proven and the authority's window is over"
_SEALED = "sealed under the authority's key"
_TRAIL = "only added to, by a trigger"

TABLES: Mapping[str, tuple[str, str]] = {
    "casework.submission": ("each record received: ids, kind, days, digests, its fact", _AFTER_BODY),
    "casework.payload": (f"the record's body, {_SEALED}", AFTER_DELIVERY),
    "casework.third_party": ("what it says of people who may pose a risk, under a key of its own", AFTER_DELIVERY),
    "casework.sketch": (
        "keyed digests of narratives, to tell a copied one",
        "as long as any body of that young person",
    ),
    "casework.hold": ("which part of a record is being checked, and who released it", _AFTER_BODY),
    "casework.batch": ("a batch's own key, so that sent again it is the same", NO_LIMIT),
    "casework.delivery": ("where a delivery stands, the case system's record number", _AFTER_BODY),
    "casework.attempt": ("each attempt: when, and what came of it, in codes", _AFTER_BODY),
    "casework.review": (
        f"the day a review is due, by a keyed digest of the young person's reference, and that reference, {_SEALED}",
        _AFTER_BODY,
    ),
    "casework.reminder": ("what was told of a review, and when", _AFTER_BODY),
    "casework.feedback": (f"feedback and its consent, {_SEALED}", NO_LIMIT),
    "casework.supervision": (f"reflective supervisions, {_SEALED}", NO_LIMIT),
    "casework.manual_pack": (
        "what was handed over to be typed in: ids, digest, numbers, by staff reference",
        _AFTER_BODY,
    ),
    "casework.officer_order": (
        "what officers ordered, by staff reference, with their reason",
        f"{_AFTER_BODY}; of a lane, {NO_LIMIT}",
    ),
    "casework.shredded": (f"which bodies were shredded, by receipt id; {_TRAIL}", NO_LIMIT),
    "casework.forgotten": (f"ids of records of which nothing else is left; {_TRAIL}", NO_LIMIT),
    "casework.purge_run": ("when an authority's bodies were last looked through", "one row an authority"),
    "casework.legal_hold": (f"who had what held back from shredding, by staff reference; {_TRAIL}", NO_LIMIT),
    "casework.audit": (f"who did what to which id; {_TRAIL}", _AFTER_YEARS),
    "casework.audit_link": (f"the chain over that trail: digests; {_TRAIL}", _AFTER_YEARS),
    "casework.audit_checkpoint": (f"signed places in the chain; {_TRAIL}", NO_LIMIT),
    "casework.audit_cut": (f"up to where old entries were taken away; {_TRAIL}", NO_LIMIT),
    "casework.checkpoint_sending": ("how far checkpoints got outside", "one row a way"),
    "casework.client_key": ("machines' public keys", NO_LIMIT),
    "casework.assertion_used": ("digests of what machines signed in with", "until it would have ended by itself"),
    "casework.sign_in_failure": ("refused sign-ins: a count for each reason", "one row a reason"),
    "casework.refused_address": ("addresses nothing was sent to: what for, and how often", "one row an address"),
    "casework.staff": ("authorities' people who sign in, by a keyed reference", NO_LIMIT),
    "casework.staff_session": ("their sessions: a digest, roles, times", "90 days after the last request"),
    "casework.sign_in_used": ("digests of sign-ins that were used", "minutes after it would have ended by itself"),
    "casework.sign_in_link": ("digests of links for sandboxes, with a staff reference", NO_LIMIT),
    "casework.key_floor": ("the least version of each authority's key that may still seal", "one row a version"),
    "casework.stale_key": ("which kind of process held an old copy of a key file, and when", "one row a kind"),
    "casework.client": ("machines that may sign in: a name, scopes, a digest of the secret", NO_LIMIT),
    "casework.lane": ("the way into the case system, and who paused it", "one row an authority"),
    "casework.profile_version": ("versions of a profile, by staff reference", NO_LIMIT),
    "casework.profile_event": (f"who drafted, approved and let live; {_TRAIL}", NO_LIMIT),
    "casework.webhook": (f"addresses that are told: host in clear, the rest {_SEALED}", "until it is removed"),
    "casework.webhook_message": ("ids and states to be told", "two weeks after it was told"),
    "casework.alarm": ("alarms: kind, count, age", NO_LIMIT),
    "casework.alarm_told": ("which channel was told of which alarm", NO_LIMIT),
    "casework.alarm_channel": ("how the channels stand", "one row a channel"),
    "casework.alarm_watch": ("when somebody last looked for alarms", "one row"),
    "casework.wakeup_failure": ("wake-ups that failed: a count for each process", NO_LIMIT),
    "casework.worker": ("which workers live", NO_LIMIT),
    "casework.bridge": ("which database this is, and how far it came", "one row"),
    "central.fact": ("a row of codes for a record: no id, no day", NO_LIMIT),
    "central.build": ("facts and figures of a release that is being made", NO_LIMIT),
    "central.build_audit": ("what the audit found, without counts", NO_LIMIT),
    "central.build_approval": ("who approved a build, by name or by the reference of who was signed in", NO_LIMIT),
    "central.ledger": ("published bytes in a chain", "for good: it is published"),
    "central.pull": ("which client pulled what, and when", NO_LIMIT),
    "central.feed_key": ("keys of spreadsheets that pull: a name, a digest, an end", NO_LIMIT),
    "central.staff": ("the Hub's people who sign in, by a keyed reference", NO_LIMIT),
    "central.staff_session": ("their sessions: a digest, roles, times", "90 days after the last request"),
    "central.sign_in_used": ("digests of sign-ins that were used", "minutes after it would have ended by itself"),
    "central.sign_in_link": ("digests of links for sandboxes, with a staff reference", NO_LIMIT),
    "central.sign_in_failure": ("refused sign-ins: a count for each reason", "one row a reason"),
    "central.sending": ("which file went to the central team", NO_LIMIT),
    "training.record": ("who attended which training, by staff reference", NO_LIMIT),
    "training.audit": (f"changes of the register; {_TRAIL}", NO_LIMIT),
}
"""Every table: what it holds, and its end. A test compares it with the migrated database."""


@dataclass(frozen=True)
class Kept:
    """One thing, and how long it is there."""

    what: str
    how_long: str
    why: str = ""


def passing(settings: Settings) -> tuple[Kept, ...]:
    """What ends by itself, with the length that holds in this terminal."""
    return (
        Kept(
            "an access token",
            f"{settings.token_minutes} minutes",
            "at the Hub's side a revoked client can go on for as long",
        ),
        Kept("a worker's hold on a delivery", f"{settings.lease_seconds} seconds", "then another takes over"),
        Kept("a webhook's former secret", f"{FORMER_SECRET_HOURS} hours", "both are good meanwhile"),
        Kept("telling an address that does not answer", _days(GIVE_UP_AFTER), "then it is paused, and somebody told"),
        Kept("an open alarm between two reminders", _days(DAILY), "after a first one sooner"),
        Kept("a message of the broker", "until it is taken", "it holds an ONS code and nothing else"),
    )


def window(body_days: int) -> tuple[Kept, ...]:
    """What the authority's live profile says of the bodies of its records."""
    return (
        Kept(
            "the body of a record",
            _days(timedelta(days=body_days)),
            "from the proof of its delivery; longer while its review is to come, something is open, or a hold stands",
        ),
        Kept(
            "what is left of a record after that",
            f"{TOMBSTONE_MONTHS} months",
            "longer while its review is still to be held, or a release may count it",
        ),
        Kept("the audit trail", f"{TRAIL_YEARS} years", "longer while a hold stands, or a record from then is here"),
    )


def tables() -> tuple[Kept, ...]:
    """Every table with its end."""
    return tuple(Kept(name, end, what) for name, (what, end) in TABLES.items())


def _days(length: timedelta) -> str:
    return f"{length.days} day{'' if length.days == 1 else 's'}"
