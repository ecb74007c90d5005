"""The central team's one address: by HTTPS or SFTP, through the connectors' own clients, and to nowhere else."""

from service.adapters.central.address import Credentials, read_central_address

__all__ = ["Credentials", "read_central_address"]
