"""The only reader of the environment. Each process asks for what it needs and is told of every fault at once.

Defaults are safe in production and publishable; whatever is secret or differs by place has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from environs import Env, EnvValidationError
from marshmallow.validate import Range

from service.errors import ConfigFault, ConfigurationFault

ROOT = Path(__file__).resolve().parents[1]


class Process(StrEnum):
    """The processes, each with a database role and secrets of its own."""

    CASEWORK = "casework"
    HUB = "hub"
    WORKER = "worker"
    BEAT = "beat"
    OWNER = "owner"
    RELEASE = "release"
    COURIER = "courier"
    KEEPER = "keeper"
    REKEY = "rekey"
    PURGE = "purge"


NEEDS: Mapping[Process, frozenset[str]] = {
    Process.CASEWORK: frozenset({"database_url", "keys_dir", "token_signing_key_file", "token_public_key_file"}),
    Process.HUB: frozenset({"database_url", "token_public_key_file"}),
    Process.WORKER: frozenset({"database_url", "keys_dir"}),
    Process.BEAT: frozenset({"broker_url"}),
    Process.OWNER: frozenset({"database_url"}),
    Process.RELEASE: frozenset({"database_url"}),
    Process.COURIER: frozenset({"database_url", "central_url"}),
    Process.KEEPER: frozenset({"database_url", "audit_signing_key_file", "checkpoint_dir"}),
    Process.REKEY: frozenset({"database_url"}),
    Process.PURGE: frozenset({"database_url"}),
}
"""What each process cannot start without. The Hub's has no keys, no broker and no way to the casework side.

Without a broker the casework web wakes nobody and the worker finds what is due by its own sweep, a little later.
"""

FIX: Mapping[str, str] = {
    "database_url": "Set WISE_DATABASE_URL to this process's own role, e.g. postgresql+psycopg://wise_intake:…@host/wise.",
    "broker_url": "Set WISE_BROKER_URL, e.g. redis://:…@host:6379/0.",
    "central_url": "Set WISE_CENTRAL_URL to the central team's address, https://host/path/ or sftp://user@host/path/.",
    "audit_signing_key_file": "Set WISE_AUDIT_SIGNING_KEY_FILE to audit-signing.pem, from `wise-bridge keys create`.",
    "checkpoint_dir": "Set WISE_CHECKPOINT_DIR to a folder, best on other storage than the database's.",
    "keys_dir": "Set WISE_KEYS_DIR to the folder made by `wise-bridge keys create`.",
    "token_signing_key_file": "Set WISE_TOKEN_SIGNING_KEY_FILE to the PEM file made by `wise-bridge keys create`.",
    "token_public_key_file": "Set WISE_TOKEN_PUBLIC_KEY_FILE to the PEM file made by `wise-bridge keys create`.",
}


@dataclass(frozen=True, repr=False)
class Settings:
    """Everything the environment says. Not shown in any repr: some of it is secret."""

    database_url: str
    broker_url: str
    config_dir: Path
    keys_dir: Path | None
    token_signing_key_file: Path | None
    token_public_key_file: Path | None
    token_minutes: int
    lease_seconds: int
    sweep_seconds: float
    reviews_seconds: float
    sandbox: bool = False
    """Whether clients may sign in with a secret."""
    public_url: str = ""
    """The casework side's address as clients know it; what they sign may be meant for its token endpoint."""
    hub_public_url: str = ""
    """The Hub's, as its people know it."""
    people_file: Path | None = None
    """The issuers at which people sign in; without it they do not."""
    people_key_file: Path | None = None
    """What their references are worked out with."""
    training_database_url: str = ""
    """The Hub's second role, for its trainers; without it their routes are not there."""
    alarm_seconds: float = 0.0
    """The rhythm of looking for alarms; 0: this process does not look."""
    alarm_webhook_url: str = ""
    alarm_webhook_secret_file: Path | None = None
    alarm_smtp_url: str = ""
    alarm_smtp_password_file: Path | None = None
    alarm_mail_from: str = ""
    alarm_mail_to: str = ""
    metrics_token_file: Path | None = None
    tide_file: Path | None = None
    """Where a process keeps how far the database had come, so that it sees when a backup was restored."""
    publish_openapi: bool = True
    """Whether a web process serves what may be asked of it, at /openapi.json and /docs."""
    central_url: str = ""
    """Where published releases are sent; the courier alone has the credentials for it."""
    central_token_file: Path | None = None
    central_sftp_key_file: Path | None = None
    central_sftp_host_key: str = ""
    central_networks: str = ""
    requests_per_second: float = 0.0
    """How often one client may ask one web process; 0: as often as it likes."""
    security_contact: str = ""
    client_cert_header: str = ""
    """The header in which a proxy in front, and nobody else, says which certificate a client came with."""
    audit_signing_key_file: Path | None = None
    """What the keeper signs checkpoints of the trail with; nobody else has it."""
    checkpoint_dir: Path | None = None
    checkpoint_seconds: float = 300.0
    checkpoint_url: str = ""
    purge_database_url: str = ""
    """The keeper's second role, which shreds bodies; without it the keeper shreds none."""
    master_key_file: Path | None = None
    """Wraps the authorities' keys, unless a Vault or a KMS does. Where none is set, key files are plain."""
    former_master_key_file: Path | None = None
    """Opens what it wrapped, until the files are wrapped anew."""
    master_key_vault_url: str = ""
    master_key_vault_token_file: Path | None = None
    master_key_vault_mount: str = "transit"
    master_key_vault_key: str = "wise-bridge"
    master_key_vault_ca_file: Path | None = None
    master_key_kms_key: str = ""
    master_key_kms_url: str = ""
    master_key_kms_credentials_file: Path | None = None
    master_key_kms_ca_file: Path | None = None


def load(process: Process) -> Settings:
    """The settings of one process. Raises `ConfigurationFault` with everything that is missing or malformed."""
    return _loaded(NEEDS[process])


def load_optional() -> Settings:
    """For a command that is told by options what it cannot do without. Raises `ConfigurationFault` as `load` does."""
    return _loaded(frozenset())


def _loaded(needed: frozenset[str]) -> Settings:
    env = Env(eager=False, prefix="WISE_")
    settings = _read(env)
    faults = [
        ConfigFault("environment", None, f"WISE_{name.upper()}", "is not set.", FIX[name])
        for name in sorted(needed)
        if not getattr(settings, name)
    ]
    if faults := faults + _malformed(env):
        raise ConfigurationFault(faults)
    return settings


def as_they_are() -> Settings:
    """What the environment says, whatever any process would lack. Raises `ConfigurationFault` for what is malformed."""
    env = Env(eager=False, prefix="WISE_")
    settings = _read(env)
    if faults := _malformed(env):
        raise ConfigurationFault(faults)
    return settings


def _read(env: Env) -> Settings:
    return Settings(
        database_url=env.str("DATABASE_URL", ""),
        broker_url=env.str("BROKER_URL", ""),
        config_dir=env.path("CONFIG_DIR", ROOT / "config"),
        keys_dir=env.path("KEYS_DIR", None),
        token_signing_key_file=env.path("TOKEN_SIGNING_KEY_FILE", None),
        token_public_key_file=env.path("TOKEN_PUBLIC_KEY_FILE", None),
        token_minutes=env.int("TOKEN_MINUTES", 10, validate=Range(1, 60)),
        lease_seconds=env.int("LEASE_SECONDS", 120, validate=Range(1, 3600)),
        sweep_seconds=env.float("SWEEP_SECONDS", 5.0, validate=Range(0.1, 3600)),
        reviews_seconds=env.float("REVIEWS_SECONDS", 900.0, validate=Range(0.1, 86400)),
        sandbox=env.bool("SANDBOX", False),
        public_url=env.str("PUBLIC_URL", ""),
        hub_public_url=env.str("HUB_PUBLIC_URL", ""),
        people_file=env.path("PEOPLE_FILE", None),
        people_key_file=env.path("PEOPLE_KEY_FILE", None),
        training_database_url=env.str("TRAINING_DATABASE_URL", ""),
        alarm_seconds=env.float("ALARM_SECONDS", 15.0, validate=Range(0, 60)),
        alarm_webhook_url=env.str("ALARM_WEBHOOK_URL", ""),
        alarm_webhook_secret_file=env.path("ALARM_WEBHOOK_SECRET_FILE", None),
        alarm_smtp_url=env.str("ALARM_SMTP_URL", ""),
        alarm_smtp_password_file=env.path("ALARM_SMTP_PASSWORD_FILE", None),
        alarm_mail_from=env.str("ALARM_MAIL_FROM", ""),
        alarm_mail_to=env.str("ALARM_MAIL_TO", ""),
        metrics_token_file=env.path("METRICS_TOKEN_FILE", None),
        tide_file=env.path("TIDE_FILE", None),
        publish_openapi=env.bool("PUBLISH_OPENAPI", True),
        central_url=env.str("CENTRAL_URL", ""),
        central_token_file=env.path("CENTRAL_TOKEN_FILE", None),
        central_sftp_key_file=env.path("CENTRAL_SFTP_KEY_FILE", None),
        central_sftp_host_key=env.str("CENTRAL_SFTP_HOST_KEY", ""),
        central_networks=env.str("CENTRAL_NETWORKS", ""),
        requests_per_second=env.float("REQUESTS_PER_SECOND", 25.0, validate=Range(0, 10_000)),
        security_contact=env.str("SECURITY_CONTACT", ""),
        client_cert_header=env.str("CLIENT_CERT_HEADER", ""),
        **_keys_and_trail(env),
    )


def _keys_and_trail(env: Env) -> dict[str, Any]:
    """What wraps the authorities' keys, and where the trail's checkpoints go."""
    return {
        "audit_signing_key_file": env.path("AUDIT_SIGNING_KEY_FILE", None),
        "checkpoint_dir": env.path("CHECKPOINT_DIR", None),
        "checkpoint_seconds": env.float("CHECKPOINT_SECONDS", 300.0, validate=Range(1, 3600)),
        "checkpoint_url": env.str("CHECKPOINT_URL", ""),
        "purge_database_url": env.str("PURGE_DATABASE_URL", ""),
        "master_key_file": env.path("MASTER_KEY_FILE", None),
        "former_master_key_file": env.path("FORMER_MASTER_KEY_FILE", None),
        "master_key_vault_url": env.str("MASTER_KEY_VAULT_URL", ""),
        "master_key_vault_token_file": env.path("MASTER_KEY_VAULT_TOKEN_FILE", None),
        "master_key_vault_mount": env.str("MASTER_KEY_VAULT_MOUNT", "transit"),
        "master_key_vault_key": env.str("MASTER_KEY_VAULT_KEY", "wise-bridge"),
        "master_key_vault_ca_file": env.path("MASTER_KEY_VAULT_CA_FILE", None),
        "master_key_kms_key": env.str("MASTER_KEY_KMS_KEY", ""),
        "master_key_kms_url": env.str("MASTER_KEY_KMS_URL", ""),
        "master_key_kms_credentials_file": env.path("MASTER_KEY_KMS_CREDENTIALS_FILE", None),
        "master_key_kms_ca_file": env.path("MASTER_KEY_KMS_CA_FILE", None),
    }


def _malformed(env: Env) -> list[ConfigFault]:
    try:
        env.seal()
    except EnvValidationError as error:
        return [
            ConfigFault(
                "environment", None, name, "isn't of the right kind or size.", "See the settings in the README."
            )
            for name in sorted(error.error_messages)
        ]
    return []
