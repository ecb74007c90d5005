"""What looks like a score. WISE exists to replace scoring, so nothing shaped like one is taken (model rule X-2)."""

from __future__ import annotations

import re
import unicodedata

_SCORE_KEY = re.compile(
    r"(^|_)(score|scores|scoring|rag|rating|grade|ranking|severity)($|_)|(^|_)risk_(level|score|rating|band|category|grade)($|_)"
    r"|(^|_)level_of_risk($|_)|^level$"
)
BANDS = frozenset({"high", "medium", "low", "high risk", "medium risk", "low risk", "high/medium/low"})


def is_score_key(key: str) -> bool:
    """Whether a field name asks for a score, rating, band or colour. Spelling variants (camelCase, dashes) count."""
    snake = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", _plain(key))
    return _SCORE_KEY.search(re.sub(r"[^a-z0-9]+", "_", snake.lower())) is not None


def is_band(text: str) -> bool:
    """Whether a whole value is nothing but high, medium or low."""
    return " ".join(text.replace("_", " ").replace("-", " ").lower().split()).strip(" .!") in BANDS


def _plain(text: str) -> str:
    """Wide letters as plain ones, and without signs that nobody sees: a disguised score is still a score."""
    return "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
