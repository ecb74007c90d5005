"""One thing a person should know about a record: where, which rule, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """A fault, a hold or a warning. `pointer` is an RFC 6901 JSON Pointer. No member ever holds a value of the record.

    `span` is where in the text, as offsets in characters: from, and up to but not including.
    """

    pointer: str
    code: str
    detail: str
    fix: str = ""
    span: tuple[int, int] | None = None

    def __lt__(self, other: Fault) -> bool:
        """In order of place."""
        return self._place() < other._place()

    def _place(self) -> tuple[str, tuple[int, int], str, str]:
        return self.pointer, self.span or (0, 0), self.code, self.detail

    def as_dict(self) -> dict[str, Any]:
        """The members as they appear in a problem document."""
        said: dict[str, Any] = {
            "pointer": self.pointer,
            "code": self.code,
            "detail": self.detail,
            "fix": self.fix,
        }
        return said if self.span is None else said | {"start": self.span[0], "end": self.span[1]}


@dataclass(frozen=True)
class Findings:
    """Everything the rules have to say about one record."""

    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    holds: tuple[Fault, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether the record may be accepted."""
        return not self.errors

    def as_dict(self) -> dict[str, object]:
        """`{"valid", "errors", "holds", "warnings"}`, as the command line and `/validate` print it."""
        return {
            "valid": self.valid,
            "errors": [fault.as_dict() for fault in self.errors],
            "holds": [fault.as_dict() for fault in self.holds],
            "warnings": [fault.as_dict() for fault in self.warnings],
        }


def pointer(*parts: str | int) -> str:
    """An RFC 6901 pointer from its unescaped parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
