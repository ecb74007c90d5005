"""Where connections may leave to, and until when: the one door for HTTP and SFTP alike."""

from service.adapters.egress.deadline import Deadline
from service.adapters.egress.operators import operators_own
from service.adapters.egress.reading import SCHEMA, Entry, Key, only, read_egress, read_rule
from service.adapters.egress.rules import Egress, Rule
from service.adapters.egress.surroundings import ALLOW_LOOPBACK, Server, Surroundings, here, read_surroundings

__all__ = [
    "ALLOW_LOOPBACK",
    "SCHEMA",
    "Deadline",
    "Egress",
    "Entry",
    "Key",
    "Rule",
    "Server",
    "Surroundings",
    "here",
    "only",
    "operators_own",
    "read_egress",
    "read_rule",
    "read_surroundings",
]
