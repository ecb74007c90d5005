"""The key that signs checkpoints of the trail, the ways by which they leave, and the list of what was shredded."""

from service.adapters.checkpoints.address import AddressWay, read_address
from service.adapters.checkpoints.folder import FolderWay
from service.adapters.checkpoints.shred_list import read_shred_list, write_shred_list
from service.adapters.checkpoints.signer import Signer, read_signer

__all__ = [
    "AddressWay",
    "FolderWay",
    "Signer",
    "read_address",
    "read_shred_list",
    "read_signer",
    "write_shred_list",
]
