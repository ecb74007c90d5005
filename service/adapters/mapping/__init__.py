"""A record's fields as one authority's form answers: rows from configuration, checked whole, compiled once."""

from service.adapters.mapping.compiled import CompiledMapping, compile_mapping
from service.adapters.mapping.files import Files
from service.adapters.mapping.model import MappingFile, Words
from service.adapters.mapping.reading import load_mapping
from service.adapters.mapping.tracing import Traced

__all__ = ["CompiledMapping", "Files", "MappingFile", "Traced", "Words", "compile_mapping", "load_mapping"]
