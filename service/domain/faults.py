"""One thing a person should know about a record: where, which rule, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """A fault or a warning. `pointer` is an RFC 6901 JSON Pointer. No member ever holds a value of the record."""

    pointer: str
    code: str
    detail: str
    fix: str = ""

    def as_dict(self) -> dict[str, str]:
        """The four members as they appear in a problem document."""
        return asdict(self)


@dataclass(frozen=True)
class Findings:
    """Everything the rules have to say about one record."""

    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether the record may be accepted."""
        return not self.errors

    def as_dict(self) -> dict[str, object]:
        """`{"valid", "errors", "warnings"}`, as the command line and `/validate` print it."""
        return {
            "valid": self.valid,
            "errors": [fault.as_dict() for fault in self.errors],
            "warnings": [fault.as_dict() for fault in self.warnings],
        }


def pointer(*parts: str | int) -> str:
    """An RFC 6901 pointer from its unescaped parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
