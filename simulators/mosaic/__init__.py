"""A simulated Mosaic for tests and demos, written from the protocol page alone."""

from .knobs import KnobError, Knobs
from .model import Document, NextAction, Note, Step, Subject
from .server import MosaicSimulator
from .yamlfile import DefinitionError

__all__ = [
    "DefinitionError",
    "Document",
    "KnobError",
    "Knobs",
    "MosaicSimulator",
    "NextAction",
    "Note",
    "Step",
    "Subject",
]
