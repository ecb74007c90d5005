"""Which settings are set in this terminal, and how much of each may be told: never the value of a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from service.settings import Settings


class Tell(StrEnum):
    """How much of a setting is told. A setting that may hold a password, a name or a path is told as set or not."""

    VALUE = "its value"
    HOST = "its host"
    WHETHER = "whether it is set"


SETTINGS: Mapping[str, tuple[Tell, str]] = {
    "database_url": (Tell.WHETHER, "The database, signed in as one role."),
    "broker_url": (Tell.WHETHER, "The broker. It carries codes of authorities and nothing of a record."),
    "config_dir": (Tell.WHETHER, "Profiles and mappings."),
    "keys_dir": (Tell.WHETHER, "The authorities' keys."),
    "token_signing_key_file": (Tell.WHETHER, "The key that signs access tokens."),
    "token_public_key_file": (Tell.WHETHER, "The key that checks access tokens."),
    "token_minutes": (Tell.VALUE, "Minutes an access token is good for."),
    "lease_seconds": (Tell.VALUE, "Seconds one worker may hold a delivery."),
    "sweep_seconds": (Tell.VALUE, "Seconds between two looks for what is due."),
    "reviews_seconds": (Tell.VALUE, "Seconds between two looks at the reviews."),
    "training_database_url": (Tell.WHETHER, "The Hub's second role, for its trainers."),
    "alarm_seconds": (Tell.VALUE, "Seconds between two looks for alarms; 0: this process does not look."),
    "alarm_webhook_url": (Tell.HOST, "Where alarms are told."),
    "alarm_webhook_secret_file": (Tell.WHETHER, "What alarms are signed with."),
    "alarm_smtp_url": (Tell.HOST, "The mail server for alarms."),
    "alarm_smtp_password_file": (Tell.WHETHER, "The mail server's password."),
    "alarm_mail_from": (Tell.HOST, "Whom alarms by mail come from."),
    "alarm_mail_to": (Tell.HOST, "Whom alarms go to by mail."),
    "metrics_token_file": (Tell.WHETHER, "The token that /metrics asks for."),
    "tide_file": (Tell.WHETHER, "How far the database had come, to notice a restore."),
    "central_url": (Tell.HOST, "Where published releases are sent."),
    "central_token_file": (Tell.WHETHER, "The courier's token."),
    "central_sftp_key_file": (Tell.WHETHER, "The courier's private key."),
    "central_sftp_host_key": (Tell.WHETHER, "The fingerprints of the central team's server."),
    "central_networks": (Tell.WHETHER, "Where the central team's address must lie."),
    "audit_signing_key_file": (Tell.WHETHER, "What the keeper signs checkpoints of the trail with."),
    "checkpoint_dir": (Tell.WHETHER, "Where checkpoints of the trail are kept, on other storage."),
    "checkpoint_seconds": (Tell.VALUE, "Seconds between two checkpoints of the trail."),
    "checkpoint_url": (Tell.HOST, "Where checkpoints of the trail are sent besides."),
    "purge_database_url": (Tell.WHETHER, "The keeper's second role, which shreds bodies; not set, it shreds none."),
    "master_key_file": (Tell.WHETHER, "What wraps the authorities' keys."),
    "former_master_key_file": (Tell.WHETHER, "What wrapped them before."),
    "master_key_vault_url": (Tell.HOST, "The Vault that wraps the authorities' keys."),
    "master_key_vault_token_file": (Tell.WHETHER, "What signs in to that Vault."),
    "master_key_vault_mount": (Tell.WHETHER, "Where the Vault's engine is mounted."),
    "master_key_vault_key": (Tell.WHETHER, "The name of the Vault's key."),
    "master_key_vault_ca_file": (Tell.WHETHER, "Who vouches for the Vault."),
    "master_key_kms_key": (Tell.WHETHER, "The key of a cloud's KMS that wraps the authorities' keys."),
    "master_key_kms_url": (Tell.HOST, "Where that KMS is asked, if not at its region's own address."),
    "master_key_kms_credentials_file": (Tell.WHETHER, "What signs requests to the KMS."),
    "master_key_kms_ca_file": (Tell.WHETHER, "Who vouches for the KMS."),
    "sandbox": (Tell.VALUE, "Whether machines may sign in with a secret; never where real records are."),
    "public_url": (Tell.HOST, "The casework side's address, as machines and people know it."),
    "hub_public_url": (Tell.HOST, "The Hub side's address, as people know it."),
    "people_file": (Tell.WHETHER, "The issuers at which people sign in; without it they do not."),
    "people_key_file": (Tell.WHETHER, "What the references of people who sign in are worked out with."),
    "requests_per_second": (Tell.VALUE, "How often one client may ask one web process; 0: no limit."),
    "publish_openapi": (Tell.VALUE, "Whether the description of the addresses is open to everybody."),
    "client_cert_header": (Tell.WHETHER, "Tokens are bound to the certificate a client shows to the proxy in front."),
    "security_contact": (Tell.WHETHER, "Whom to tell of a weakness, at /.well-known/security.txt."),
}

NOT_SET = "not set"


@dataclass(frozen=True)
class Told:
    """One setting by the name of its variable, as much of it as may be told, and what it is for."""

    name: str
    value: str
    meaning: str


def told(settings: Settings) -> tuple[Told, ...]:
    """Every setting. Another process may be told others: this is what this terminal has."""
    return tuple(
        Told(f"WISE_{name.upper()}", _value(getattr(settings, name), tell), meaning)
        for name, (tell, meaning) in SETTINGS.items()
    )


def hosts(value: str) -> tuple[str, ...]:
    """The hosts of addresses of the web or of mail; never a user, a path or a password."""
    return tuple(dict.fromkeys(host for host in map(_host, value.split(",")) if host))


def _value(value: object, tell: Tell) -> str:
    if value is None or value == "":
        return NOT_SET
    match tell:
        case Tell.VALUE:
            return str(value)
        case Tell.HOST:
            return ", ".join(hosts(str(value))) or "set"
        case Tell.WHETHER:
            return "set"


def _host(address: str) -> str:
    if "://" not in address:
        return address.rpartition("@")[2].strip(" <>") if "@" in address else ""
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
