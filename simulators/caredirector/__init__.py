"""A simulated CareDirector v6 for tests and demos, written from the protocol page alone."""

from .model import Attachment, CaseForm, CaseNote, Task
from .people import Case, Lock, Person
from .simulator import CareDirectorSimulator

__all__ = ["Attachment", "CareDirectorSimulator", "Case", "CaseForm", "CaseNote", "Lock", "Person", "Task"]
