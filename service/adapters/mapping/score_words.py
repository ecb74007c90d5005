"""What a form must not make of a statement. The rule is the domain's; colours are what case systems add to it."""

from __future__ import annotations

import re

from service.domain.scores import is_band, is_score_key

RULE = "X-2"
"""The rule of the catalogue that every refusal here names (docs/rules.md)."""

NEVER_A_SCORE = f"A statement is never turned into a score (rule {RULE})."

_COLOUR = frozenset({"red", "amber", "green", "rag", "colour", "color", "yellow"})
_RISK = frozenset({"level", "score", "rating", "grade", "band", "rank", "severity", "high", "medium", "low"})
_RATED = frozenset(
    {"score", "scores", "scoring", "rating", "ratings", "rag", "grade", "ranking", "severity", "banding"}
)
_LEVEL_OF = re.compile(r"\blevel of (risk|need|concern|harm|vulnerability|exploitation|stability|severity)\b")
_RUN_TOGETHER = ("score", "riskrating", "risklevel", "ragrating", "ragstatus", "riskgrade", "riskband")


def looks_like_a_score(code: str) -> bool:
    """Whether an answer's code asks for a score, a rating or a colour, in any spelling."""
    parts = set(re.findall(r"[a-z]+", _snake(code)))
    bare = re.sub(r"[^a-z]", "", code.lower())
    return is_score_key(code) or bool(parts & (_COLOUR | _RISK)) or any(word in bare for word in _RUN_TOGETHER)


def asks_for_a_score(label: str) -> bool:
    """Whether a question's own text asks for one. A sentence may hold `high` or `green` and mean neither."""
    words = set(re.findall(r"[a-z]+", label.lower()))
    rated = words & _RATED or ("risk" in words and words & (_RISK | _COLOUR)) or len(words & _COLOUR) > 1
    return bool(rated) or is_score_key(label) or _LEVEL_OF.search(label.lower()) is not None


def is_a_score(word: str) -> bool:
    """Whether an answer's word is nothing but a grade: high, amber, 3."""
    bare = re.sub(r"\b(risk|level|rated|rating)\b|[\s._/-]+", " ", word.lower()).strip()
    return is_band(word) or is_band(bare) or bare in _COLOUR or re.fullmatch(r"[0-9]+|[a-e]", bare) is not None


def _snake(code: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", code).lower()
