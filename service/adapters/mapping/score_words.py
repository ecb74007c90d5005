"""What a form must not make of a statement. The rule is the domain's; colours are what case systems add to it."""

from __future__ import annotations

import re

from service.domain.scores import is_band, is_score_key

_COLOUR = frozenset({"red", "amber", "green", "rag", "colour", "color", "yellow"})
_RISK = frozenset({"level", "score", "rating", "grade", "band", "rank", "severity", "high", "medium", "low"})
_RUN_TOGETHER = ("score", "riskrating", "risklevel", "ragrating", "ragstatus", "riskgrade", "riskband")


def looks_like_a_score(code: str) -> bool:
    """Whether an answer's code asks for a score, a rating or a colour, in any spelling."""
    parts = set(re.findall(r"[a-z]+", _snake(code)))
    bare = re.sub(r"[^a-z]", "", code.lower())
    return is_score_key(code) or bool(parts & (_COLOUR | _RISK)) or any(word in bare for word in _RUN_TOGETHER)


def is_a_score(word: str) -> bool:
    """Whether an answer's word is nothing but a grade: high, amber, 3."""
    bare = re.sub(r"\b(risk|level|rated|rating)\b|[\s._/-]+", " ", word.lower()).strip()
    return is_band(word) or is_band(bare) or bare in _COLOUR or re.fullmatch(r"[0-9]+|[a-e]", bare) is not None


def _snake(code: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", code).lower()
