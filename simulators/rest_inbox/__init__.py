"""A simulated inbox that takes a whole record in one request, written from docs/protocols/rest-inbox.md alone."""

from .model import Item, Person
from .simulator import RestInboxSimulator

__all__ = ["Item", "Person", "RestInboxSimulator"]
