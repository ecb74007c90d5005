"""How one authority's LCS spells what our protocol page spells its own way. A profile names only what differs.

Everywhere else in this connector the page's words stand; they are exchanged here, on the way out and on the way in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.adapters.lcs_rest.vocabulary import MEMBERS, PARAMETERS, PATHS, WORDS
from service.adapters.shared.spelling import Spelling, read_spelling

Finding = tuple[str, str, str]
"""Setting, what is wrong, what to do."""

_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_SETTINGS = (
    ("paths", PATHS, _PATH),
    ("parameters", PARAMETERS, _WORD),
    ("members", MEMBERS, _WORD),
    ("words", WORDS, _WORD),
)
NONE = "-1"


@dataclass(frozen=True)
class Dialect:
    """Every word that may differ. `none` stands for a number that is missing, and as text for a missing code."""

    paths: Spelling
    parameters: Spelling
    members: Spelling
    words: Spelling
    none: int

    def path(self, *parts: str | int) -> str:
        """A path of the page: its words in this LCS's spelling, its numbers as they are."""
        return "".join(f"/{part if isinstance(part, int) else self.paths.theirs(part)}" for part in parts)

    def flag(self, *, value: bool) -> str:
        """Yes or no, in this LCS's letters."""
        return self.words.theirs("Y" if value else "N")

    def body(self, value: object) -> object:
        """A body of ours with this LCS's names."""
        if isinstance(value, dict):
            return {self.members.theirs(name): self.body(each) for name, each in value.items()}
        return [self.body(each) for each in value] if isinstance(value, list) else value


def read_dialect(connection: Mapping[str, str]) -> tuple[Dialect, list[Finding]]:
    """The dialect of a profile's `paths`, `parameters`, `members`, `words` and `none`, and what is wrong in them."""
    findings: list[Finding] = []
    paths, parameters, members, words = (
        _spelling(connection, setting, known, allowed, findings) for setting, known, allowed in _SETTINGS
    )
    none = connection.get("none") or NONE
    if not _NUMBER.fullmatch(none) or int(none) > 0:
        findings.append(("none", "Not a number that can stand for none.", "Give 0 or a negative whole number."))
        none = NONE
    return Dialect(paths, parameters, members, words, int(none)), findings


def _spelling(
    connection: Mapping[str, str], setting: str, known: Iterable[str], allowed: re.Pattern[str], found: list[Finding]
) -> Spelling:
    spelling, findings = read_spelling(connection.get(setting) or "", known, allowed)
    found += [(setting, *finding) for finding in findings]
    return spelling
