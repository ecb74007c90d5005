"""SFTP as every file exchange speaks it: pinned host keys, listed targets, one deadline, key sign-in only."""

from service.adapters.sftp.endpoint import Endpoint, read_endpoint
from service.adapters.sftp.failures import FAILURES
from service.adapters.sftp.folder import Folder, Found
from service.adapters.sftp.session import CALL_SECONDS, in_session, session

__all__ = ["CALL_SECONDS", "FAILURES", "Endpoint", "Folder", "Found", "in_session", "read_endpoint", "session"]
