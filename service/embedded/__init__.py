"""PostgreSQL and Valkey run as child processes from their Python wheels; the one place that knows those wheels."""

from service.embedded.errors import EmbeddedServerError
from service.embedded.postgres import EmbeddedPostgres
from service.embedded.process import Child
from service.embedded.valkey import EmbeddedValkey

__all__ = ["Child", "EmbeddedPostgres", "EmbeddedServerError", "EmbeddedValkey"]
