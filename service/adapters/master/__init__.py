"""Holders of a master key, all behind `service.ports.keys.KeyProvider`.

A file; a Vault or a cloud's key management service, which never hand it out.
"""

from service.adapters.master.file import MasterKeyFile
from service.adapters.master.kms import KmsKey, read_kms
from service.adapters.master.transit import TransitKey, read_transit

__all__ = ["KmsKey", "MasterKeyFile", "TransitKey", "read_kms", "read_transit"]
