"""The casework schema as SQLAlchemy tables. The migrations make it; a test proves the two agree."""

from service.store.tables.alarm import alarm, alarm_channel, alarm_told, alarm_watch, wakeup_failure
from service.store.tables.attempt import attempt
from service.store.tables.audit import audit
from service.store.tables.batch import batch
from service.store.tables.bridge import bridge
from service.store.tables.client import client
from service.store.tables.delivery import delivery
from service.store.tables.feedback import feedback
from service.store.tables.hold import hold
from service.store.tables.key_floor import key_floor, stale_key
from service.store.tables.lane import lane
from service.store.tables.manual_pack import manual_pack
from service.store.tables.metadata import metadata
from service.store.tables.officer_order import officer_order
from service.store.tables.profile_version import profile_event, profile_version
from service.store.tables.reminder import reminder
from service.store.tables.retention import forgotten, legal_hold, purge_run, shredded
from service.store.tables.review import review
from service.store.tables.sign_in import assertion_used, client_key, refused_address, sign_in_failure
from service.store.tables.staff import sign_in_link, sign_in_used, staff, staff_session
from service.store.tables.submission import payload, sketch, submission, third_party
from service.store.tables.supervision import supervision
from service.store.tables.trail import audit_checkpoint, audit_cut, audit_link, checkpoint_sending
from service.store.tables.webhook import webhook, webhook_message
from service.store.tables.worker import worker

OF_AUTHORITIES = frozenset(
    (
        attempt, audit, audit_checkpoint, audit_cut, audit_link, batch, checkpoint_sending, delivery, feedback,
        forgotten, hold, key_floor, lane, legal_hold, manual_pack, officer_order, payload, purge_run, reminder, review,
        shredded, sketch, stale_key, submission, supervision, third_party, webhook, webhook_message,
    )
)  # fmt: skip
"""Each row is one authority's. Left out are those that all processes read for everybody: who may sign in, how each
authority is connected, who works; and alarms, some of which are nobody's."""

__all__ = [
    "OF_AUTHORITIES",
    "alarm",
    "alarm_channel",
    "alarm_told",
    "alarm_watch",
    "assertion_used",
    "attempt",
    "audit",
    "audit_checkpoint",
    "audit_cut",
    "audit_link",
    "batch",
    "bridge",
    "checkpoint_sending",
    "client",
    "client_key",
    "delivery",
    "feedback",
    "forgotten",
    "hold",
    "key_floor",
    "lane",
    "legal_hold",
    "manual_pack",
    "metadata",
    "officer_order",
    "payload",
    "profile_event",
    "profile_version",
    "purge_run",
    "refused_address",
    "reminder",
    "review",
    "shredded",
    "sign_in_failure",
    "sign_in_link",
    "sign_in_used",
    "sketch",
    "staff",
    "staff_session",
    "stale_key",
    "submission",
    "supervision",
    "third_party",
    "wakeup_failure",
    "webhook",
    "webhook_message",
    "worker",
]
