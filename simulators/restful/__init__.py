"""A simulated case system over REST, plain JSON or OData 4, written from docs/protocols/generic-rest.md alone."""

from .model import Document, Note, Person, Record, Task
from .names import Names
from .simulator import RestfulSimulator

__all__ = ["Document", "Names", "Note", "Person", "Record", "RestfulSimulator", "Task"]
