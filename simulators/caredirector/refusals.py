"""Every way the simulated CareDirector says no: one error, and where a code always looks the same, one maker of it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Refusal(Exception):
    """A request that is turned down; nothing of it is stored."""

    status: int
    code: str
    message: str
    extra: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        return {"errorMessage": self.message, "errorCode": self.code, **self.extra}


def route_not_found() -> Refusal:
    """Missing, unlinked and forbidden share this one maker, so that they cannot come to look different."""
    return Refusal(404, "RouteNotFound", "Route not found or you do not have access to it.")


def record_not_found(name: str | None = None) -> Refusal:
    """Unknown and hidden alike; `name` is the field of the body that named the record, if it was not the path."""
    message = "Record not found or you do not have access to it."
    return Refusal(404, "RecordNotFound", message, {} if name is None else {"field": name})


def bad_request(code: str, message: str, name: str | None = None) -> Refusal:
    return Refusal(400, code, message, {} if name is None else {"field": name})


def conflict(code: str, message: str, **extra: Any) -> Refusal:
    return Refusal(409, code, message, extra)


def with_details(code: str, message: str, details: list[dict[str, Any]]) -> Refusal:
    """A refusal of answers, which tells all of them at once."""
    return Refusal(400, code, message, {"details": details})
