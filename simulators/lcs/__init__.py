"""A fictional LCS that takes file sets over SFTP, following docs/protocols/lcs-exchange.md.

It shares no code with the bridge's connector, so that a misreading of the contract on
one side shows up as a failed exchange instead of being mirrored by the other.
"""

from simulators.lcs.instance import LcsInstance
from simulators.lcs.model import Answer, FiledRecord, Person, RefusedSet, Withdrawal
from simulators.lcs.simulator import LcsSimulator

__all__ = ["Answer", "FiledRecord", "LcsInstance", "LcsSimulator", "Person", "RefusedSet", "Withdrawal"]
