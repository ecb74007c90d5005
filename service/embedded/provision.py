"""Makes a database on a server we started: roles with their own passwords, and a database owned by the owner role."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

ROLES = (
    "wise_owner", "wise_intake", "wise_delivery", "wise_central", "wise_training", "wise_release", "wise_courier",
    "wise_keeper", "wise_purge",
)  # fmt: skip
ROLES_SQL = Path(__file__).resolve().parents[2] / "migrations" / "roles.sql"


def provision(admin_url: str, database: str, passwords: Mapping[str, str]) -> None:
    """Creates what is missing; sets the passwords. Safe to repeat."""
    with psycopg.connect(admin_url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as connection:
        connection.execute(ROLES_SQL.read_text())
        for role in ROLES:
            statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[role])))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER wise_owner").format(sql.Identifier(database)))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        users = sql.SQL(", ").join(map(sql.Identifier, ROLES[1:]))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), users))


def role_passwords(file: Path) -> dict[str, str]:
    """Random passwords, kept in a file only its owner can read. A role that is new since then is given one as well."""
    kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    passwords = {role: kept.get(role) or secrets.token_urlsafe(24) for role in ROLES}
    if passwords != kept:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(passwords, out)
    return passwords
