"""Which figures of a release are hidden, so that nobody can work out a small one from those that are shown."""

from service.central.protection.problem import Key, Problem, Protected, ProtectionDoubt, Reason
from service.central.protection.protecting import protect

__all__ = ["Key", "Problem", "Protected", "ProtectionDoubt", "Reason", "protect"]
