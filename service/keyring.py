"""The wiring's part for keys: from settings to the holder of the master key, and to the authorities' keys."""

from __future__ import annotations

from pathlib import Path

from service.adapters.master import MasterKeyFile, read_transit
from service.errors import ConfigFault, ConfigurationFault
from service.ports.keys import KeyProvider
from service.settings import FIX, Settings
from service.store.keys import KeyRing


def key_ring(settings: Settings) -> KeyRing:
    """The authorities' keys of this process. Raises `ConfigurationFault`. Keys are read when first used."""
    return KeyRing(keys_folder(settings), masters(settings))


def keys_folder(settings: Settings) -> Path:
    """Raises `ConfigurationFault` where none is set."""
    if settings.keys_dir is None:
        raise ConfigurationFault([ConfigFault("environment", None, "WISE_KEYS_DIR", "is not set.", FIX["keys_dir"])])
    return settings.keys_dir


def masters(settings: Settings) -> tuple[KeyProvider, ...]:
    """Every master key there is, the one that wraps first: a Vault's, else the file's. Empty: key files are plain.

    The others open what they wrapped before, until `wise-bridge keys rotate-master` has been run.
    """
    made: list[KeyProvider] = []
    if settings.master_key_vault_url:
        made.append(
            read_transit(
                settings.master_key_vault_url,
                settings.master_key_vault_token_file,
                mount=settings.master_key_vault_mount,
                key=settings.master_key_vault_key,
                ca_file=settings.master_key_vault_ca_file,
            )
        )
    if settings.master_key_file:
        made.append(MasterKeyFile(settings.master_key_file))
    if settings.former_master_key_file:
        made.append(MasterKeyFile(settings.former_master_key_file, "WISE_FORMER_MASTER_KEY_FILE"))
    return tuple(made)
