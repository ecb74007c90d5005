"""The casework schema as SQLAlchemy tables. The migrations make it; a test proves the two agree."""

from service.store.tables.attempt import attempt
from service.store.tables.audit import audit
from service.store.tables.client import client
from service.store.tables.delivery import delivery
from service.store.tables.metadata import metadata
from service.store.tables.review import review
from service.store.tables.submission import payload, submission

__all__ = ["attempt", "audit", "client", "delivery", "metadata", "payload", "review", "submission"]
