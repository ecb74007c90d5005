"""Real servers for the whole run: from their wheels, or the installed ones that both URLs point to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from service.embedded import EmbeddedPostgres, EmbeddedValkey
from service.embedded.provision import ROLES, provision
from service.store.migrate import migrate

TRAILS = {
    "casework.audit": "audit_is_append_only",
    "casework.audit_link": "audit_link_is_append_only",
    "casework.audit_checkpoint": "audit_checkpoint_is_append_only",
    "casework.key_floor": "key_floor_is_append_only",
    "training.audit": "audit_is_append_only",
    "casework.profile_event": "profile_event_is_append_only",
    "casework.profile_version": "profile_version_stays",
    "casework.officer_order": "officer_order_stays",
    "casework.shredded": "shredded_is_append_only",
    "casework.legal_hold": "legal_hold_is_append_only",
    "casework.forgotten": "forgotten_is_append_only",
    "casework.audit_cut": "audit_cut_is_append_only",
    "central.build": "build_is_append_only",
    "central.build_audit": "build_audit_is_append_only",
    "central.build_approval": "build_approval_is_append_only",
    "central.ledger": "ledger_is_append_only",
    "central.pull": "pull_is_append_only",
}


@dataclass(frozen=True)
class Database:
    """A migrated database; `url(role)` signs in as a role, `admin` as superuser."""

    admin: str
    passwords: dict[str, str]
    name: str
    emptied: list[None] = field(default_factory=list, compare=False)
    """One for each time: whoever remembers a client of before knows that it is gone."""

    def url(self, role: str) -> str:
        """With a long wait for a connection: thirty at once on a busy machine are slow, not a fault."""
        url = make_url(self.admin).set(username=role, password=self.passwords[role], database=self.name)
        url = url.update_query_dict({"connect_timeout": "60"})
        return url.render_as_string(hide_password=False)

    def as_admin(self) -> psycopg.Connection:
        url = make_url(self.admin).set(drivername="postgresql", database=self.name)
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def empty(self) -> None:
        """Every table of ours, as if nothing had happened. Trails refuse that, so their triggers rest."""
        self.emptied.append(None)
        with self.as_admin() as connection:
            for trail, trigger in TRAILS.items():
                connection.execute(f"ALTER TABLE {trail} DISABLE TRIGGER {trigger}")
            connection.execute(
                "TRUNCATE casework.audit, casework.audit_link, casework.audit_checkpoint, casework.checkpoint_sending,"
                " casework.attempt, casework.manual_pack, casework.reminder, casework.delivery, casework.review,"
                " casework.payload, casework.third_party, casework.sketch, casework.hold, casework.batch,"
                " casework.feedback, casework.supervision, casework.officer_order, casework.submission,"
                " casework.shredded, casework.legal_hold, casework.forgotten, casework.audit_cut, casework.purge_run,"
                " casework.client, casework.profile_version, casework.profile_event, casework.lane, casework.worker,"
                " casework.webhook, casework.webhook_message, central.fact, training.record, training.audit,"
                " central.build, central.build_audit, central.build_approval, central.ledger, central.pull,"
                " central.sending, central.feed_key, central.sign_in_failure, casework.client_key,"
                " casework.assertion_used, casework.sign_in_failure, casework.staff, casework.staff_session,"
                " casework.sign_in_used, casework.sign_in_link, central.staff, central.staff_session,"
                " central.sign_in_used, central.sign_in_link, casework.key_floor, casework.stale_key,"
                " casework.refused_address CASCADE"
            )
            connection.execute(
                "UPDATE casework.bridge SET mode = 'usual', restored_on = NULL, by_hand = '{}', reapplied_epoch = NULL"
            )
            connection.execute(
                "TRUNCATE casework.alarm, casework.alarm_told, casework.alarm_channel, casework.wakeup_failure"
            )
            connection.execute("UPDATE casework.alarm_watch SET began_at = now(), looked_at = NULL, ended_at = NULL")
            for trail, trigger in TRAILS.items():
                connection.execute(f"ALTER TABLE {trail} ENABLE TRIGGER {trigger}")


@contextmanager
def admin_url(folder: Path) -> Iterator[str]:
    """A superuser's URL of the run's PostgreSQL."""
    if given := os.environ.get("WISE_DATABASE_URL"):
        yield given
        return
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        server.start()
        yield server.admin_url()
    finally:
        server.destroy()


@contextmanager
def broker_url(folder: Path) -> Iterator[str]:
    """The run's Valkey."""
    if given := os.environ.get("WISE_BROKER_URL"):
        yield given
        return
    with EmbeddedValkey(folder / "valkey") as server:
        yield server.url


@contextmanager
def fresh_database(admin: str) -> Iterator[Database]:
    """A database of its own, migrated, and gone afterwards."""
    database = Database(admin, {role: secrets.token_urlsafe(16) for role in ROLES}, f"wise_{secrets.token_hex(4)}")
    provision(admin, database.name, database.passwords)
    migrate(database.url("wise_owner"))
    try:
        yield database
    finally:
        with psycopg.connect(admin.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')
