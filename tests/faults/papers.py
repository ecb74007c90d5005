"""Fictional records in great number: one example with other ids, made by replacing text so that it costs nothing."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from functools import cache

from tests.support.records import recent

PATH = "/v1/wise-assessments"


@dataclass(frozen=True)
class Paper:
    """A record to be sent. `sender` is the sender's own id for it; `words` stand in its analysis."""

    authority: str
    sender: str
    child: str
    words: str = "Fictional."

    @property
    def key(self) -> str:
        """The id within its authority, which is all it is unique in."""
        return f"{self.authority}/{self.sender}"

    @property
    def body(self) -> bytes:
        """As it is posted."""
        text = _template().replace("@AUTHORITY@", self.authority).replace("@SENDER@", self.sender)
        return text.replace("@CHILD@", self.child).replace("@WORDS@", self.words).encode()


@cache
def _template() -> str:
    record = recent(
        "oldham",
        authority="@AUTHORITY@",
        submission_id="@SENDER@",
        young_person__la_child_id="@CHILD@",
        young_person__responsible_authority="@AUTHORITY@",
        analysis_narrative="Adults outside the family are pressing him to carry things. @SENDER@ @WORDS@",
    )
    return json.dumps(record, ensure_ascii=False)


class Desk:
    """Makes papers whose ids share a prefix of this scenario's run, each about a young person of its own."""

    def __init__(self, name: str) -> None:
        self.prefix = f"{name}-{secrets.token_hex(3)}".upper()
        self._made = 0

    def paper(self, authority: str, *, child: str = "", words: str = "Fictional.") -> Paper:
        """The next one."""
        self._made += 1
        own = child or f"F{self.prefix[-6:]}{self._made:06}"
        return Paper(authority, f"{self.prefix}-{self._made:06}", own, words)

    def papers(self, authorities: list[str], count: int) -> list[Paper]:
        """So many, the authorities in turn."""
        return [self.paper(authorities[number % len(authorities)]) for number in range(count)]
