"""What an answer that is not the one hoped for means, over REST."""

from __future__ import annotations

from typing import Any

from service.adapters.http import Reply, Request, common_problem, unexpected
from service.adapters.mosaic.refusals import Refusal, meaning
from service.domain.delivery import Reason
from service.errors import DeliveryProblem


def problem_in(request: Request, reply: Reply, *, missing: Reason) -> DeliveryProblem:
    """The problem. `missing` is what a 404 means for this request."""
    common = common_problem(request, reply)
    if common is not None:
        return common
    refusal = _refusal(reply.status, reply.body)
    meant = meaning(refusal, missing=missing) if _is_told(reply) else None
    return meant or unexpected(request, f"status_{reply.status}")


def _is_told(reply: Reply) -> bool:
    """A missing right needs no words; every other refusal has a body."""
    return reply.status == 403 or reply.body is not None


def _refusal(status: int, body: dict[str, Any] | None) -> Refusal:
    errors = body.get("errors") if body else None
    each = errors if isinstance(errors, list) else []
    return Refusal(status, _text(body, "code"), tuple(_text(error, "code") for error in each))


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
