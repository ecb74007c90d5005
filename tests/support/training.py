"""The training of the examples' workers, as a superuser registers it: without it their records would be refused."""

from __future__ import annotations

from datetime import date

from tests.support.servers import Database

WORKERS = (
    ("E08000007", "stk-sw-21", "wise_core"),
    ("E08000006", "sal-sw-9", "wise_core"),
    ("E08000008", "tam-sw-4", "nwg_assessment_tool"),
    ("E08000004", "old-sw-3", "wise_core"),
)
ATTENDED = date(2025, 3, 3)


def register(database: Database, authority: str, worker: str, course: str, attended_on: date = ATTENDED) -> None:
    """One attendance, or the same once more."""
    with database.as_admin() as connection:
        connection.execute(
            "INSERT INTO training.record (id, authority, professional_ref, course, topics, delivered_by, attended_on,"
            " registered_by) VALUES (gen_random_uuid(), %s, %s, %s, '{}', 'hub', %s, 'test') ON CONFLICT DO NOTHING",
            (authority, worker, course, attended_on),
        )


def train_the_workers(database: Database) -> None:
    """Everybody who assessed in an example."""
    for authority, worker, course in WORKERS:
        register(database, authority, worker, course)
