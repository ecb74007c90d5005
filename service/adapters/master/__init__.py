"""Holders of a master key, all behind `service.ports.keys.KeyProvider`: a file, or a Vault that never hands it out."""

from service.adapters.master.file import MasterKeyFile
from service.adapters.master.transit import TransitKey, read_transit

__all__ = ["MasterKeyFile", "TransitKey", "read_transit"]
