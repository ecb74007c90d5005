"""What paramiko raises when the network, or a server that speaks nonsense, ends a session."""

from __future__ import annotations

import struct

import paramiko
from paramiko.sftp import SFTPError

FAILURES = (paramiko.SSHException, SFTPError, OSError, EOFError, struct.error, UnicodeError, IndexError)
