"""The casework schema as SQLAlchemy tables. The migrations make it; a test proves the two agree."""

from service.store.tables.attempt import attempt
from service.store.tables.audit import audit
from service.store.tables.batch import batch
from service.store.tables.client import client
from service.store.tables.delivery import delivery
from service.store.tables.feedback import feedback
from service.store.tables.hold import hold
from service.store.tables.manual_pack import manual_pack
from service.store.tables.metadata import metadata
from service.store.tables.profile_version import profile_event, profile_version
from service.store.tables.review import review
from service.store.tables.submission import payload, sketch, submission, third_party
from service.store.tables.supervision import supervision

__all__ = [
    "attempt",
    "audit",
    "batch",
    "client",
    "delivery",
    "feedback",
    "hold",
    "manual_pack",
    "metadata",
    "payload",
    "profile_event",
    "profile_version",
    "review",
    "sketch",
    "submission",
    "supervision",
    "third_party",
]
