"""Makes a database on a server we started: roles with their own passwords, and a database owned by the owner role."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

ROLES = ("wise_owner", "wise_intake", "wise_delivery", "wise_central", "wise_training")
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
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO wise_intake, wise_delivery, wise_central, wise_training")
        connection.execute(grant.format(sql.Identifier(database)))


def role_passwords(file: Path) -> dict[str, str]:
    """Random passwords, kept in a file only its owner can read."""
    if file.exists():
        kept: dict[str, str] = json.loads(file.read_text())
        return kept
    passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(passwords, out)
    return passwords
