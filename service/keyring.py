"""The wiring's part for keys: from settings to the holder of the master key, and to the authorities' keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from service.adapters.master import MasterKeyFile, read_kms, read_transit
from service.errors import ConfigFault, ConfigurationFault
from service.ports.keys import KeyProvider
from service.settings import FIX, Settings
from service.store.keys import KeyRing
from service.store.refused import KMS, VAULT, MasterKeyRefused


def key_ring(settings: Settings) -> KeyRing:
    """The authorities' keys of this process. Raises `ConfigurationFault`. Keys are read when first used."""
    return KeyRing(keys_folder(settings), masters(settings))


def keys_folder(settings: Settings) -> Path:
    """Raises `ConfigurationFault` where none is set."""
    if settings.keys_dir is None:
        raise ConfigurationFault([ConfigFault("environment", None, "WISE_KEYS_DIR", "is not set.", FIX["keys_dir"])])
    return settings.keys_dir


def masters(settings: Settings) -> tuple[KeyProvider, ...]:
    """Every master key there is, the one that wraps first: a KMS's, else a Vault's, else the file's.

    The others open what they wrapped before, until `wise-bridge keys rotate-master` has been run. Empty: key files are
    plain.
    """
    made = [*_kms(settings), *_vault(settings)]
    if settings.master_key_file:
        made.append(MasterKeyFile(settings.master_key_file))
    if settings.former_master_key_file:
        made.append(MasterKeyFile(settings.former_master_key_file, "WISE_FORMER_MASTER_KEY_FILE"))
    return tuple(made)


def _kms(settings: Settings) -> Iterator[KeyProvider]:
    """Any of its settings asks for one: with half of them key files would silently stay plain."""
    url, file = settings.master_key_kms_url, settings.master_key_kms_credentials_file
    if settings.master_key_kms_key or url or file:
        ca_file = settings.master_key_kms_ca_file
        yield read_kms(
            settings.master_key_kms_key,
            url=url,
            credentials_file=file,
            ca_file=ca_file,
            refused=MasterKeyRefused(KMS, settings.database_url),
        )


def _vault(settings: Settings) -> Iterator[KeyProvider]:
    if settings.master_key_vault_url:
        yield read_transit(
            settings.master_key_vault_url,
            settings.master_key_vault_token_file,
            mount=settings.master_key_vault_mount,
            key=settings.master_key_vault_key,
            ca_file=settings.master_key_vault_ca_file,
            refused=MasterKeyRefused(VAULT, settings.database_url),
        )
