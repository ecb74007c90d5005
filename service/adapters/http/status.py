"""What a status means whatever the system: sign-in, slowing down, being away, and what nobody expected."""

from __future__ import annotations

from service.adapters.http.client import Reply, Request
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown


def unexpected(request: Request, note: str) -> DeliveryProblem:
    """An answer no table knows. A write may have had its effect; a read surely had none."""
    if request.writes:
        return OutcomeUnknown(Reason.UNEXPECTED_ANSWER, note)
    return NothingSent(Reason.UNAVAILABLE, note)


def broken_off(request: Request, note: str) -> DeliveryProblem:
    """The server, or something before it, gave up: for a write nobody knows how far it came."""
    if request.writes:
        return OutcomeUnknown(Reason.NO_CLEAR_ANSWER, note)
    return NothingSent(Reason.UNAVAILABLE, note)


def common_problem(request: Request, reply: Reply) -> DeliveryProblem | None:
    """The problem in statuses that mean the same everywhere; None where the system's own table must say."""
    note = f"status_{reply.status}"
    if reply.status == 401:
        return NeedsHuman(Reason.SIGN_IN_REFUSED, note)
    if reply.status == 429:
        return NothingSent(Reason.THROTTLED, note, retry_after=reply.retry_after)
    if reply.status == 503:
        return NothingSent(Reason.UNAVAILABLE, note, retry_after=reply.retry_after)
    if reply.status >= 500:
        return broken_off(request, note)
    return None
