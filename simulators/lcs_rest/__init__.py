"""A fictional LCS that is spoken to in JSON over HTTP, following docs/protocols/lcs-rest.md (wholly assumed).

It shares no code with the bridge's connector, so that a misreading of the page on one side shows up as a failed call.
"""

from simulators.lcs_rest.model import Document, Form, Task, Withdrawal
from simulators.lcs_rest.people import Lock, Person
from simulators.lcs_rest.sign_in import Credentials
from simulators.lcs_rest.simulator import LcsRestSimulator

__all__ = ["Credentials", "Document", "Form", "LcsRestSimulator", "Lock", "Person", "Task", "Withdrawal"]
