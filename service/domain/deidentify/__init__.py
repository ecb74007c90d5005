"""Warns, inside an authority, that a text seems to hold what identifies somebody. It makes no text anonymous.

Three tiers in one pass: shapes (`shapes`), words (`names`, `spread`), the names a record knows (`known`). A model
may be a fourth (`Recogniser`). What is found is a place and a kind, never a value, and it opens no door.
"""

from service.domain.deidentify.finder import Deidentifier, Recogniser
from service.domain.deidentify.finding import Finding, Kind
from service.domain.deidentify.shipped import deidentifier, find
from service.domain.deidentify.vocabulary import Vocabulary, parse_vocabulary

__all__ = ["Deidentifier", "Finding", "Kind", "Recogniser", "Vocabulary", "deidentifier", "find", "parse_vocabulary"]
