"""A fictional case system that takes file sets over SFTP, following docs/protocols/sftp-exchange.md.

It shares no code with the bridge's connector, so that a misreading of the contract on
one side shows up as a failed exchange instead of being mirrored by the other.
"""

from simulators.filedrop.model import Answer, Person, Record, RefusedSet
from simulators.filedrop.simulator import FileDropSimulator

__all__ = ["Answer", "FileDropSimulator", "Person", "Record", "RefusedSet"]
