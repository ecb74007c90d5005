"""A stand-in for Eclipse over its REST interface, as docs/protocols/eclipse-rest.md describes it."""

from .simulator import EclipseSimulator
from .yaml_input import DefinitionError

__all__ = ["DefinitionError", "EclipseSimulator"]
