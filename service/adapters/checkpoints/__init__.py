"""The key that signs checkpoints of the trail, and the ways by which they leave: a folder, and an address."""

from service.adapters.checkpoints.address import AddressWay, read_address
from service.adapters.checkpoints.folder import FolderWay
from service.adapters.checkpoints.signer import Signer, read_signer

__all__ = ["AddressWay", "FolderWay", "Signer", "read_address", "read_signer"]
