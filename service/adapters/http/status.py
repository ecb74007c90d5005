"""What a status means whatever the system: sign-in, slowing down, being away, and what nobody expected."""

from __future__ import annotations

from collections.abc import Callable

from service.adapters.http.messages import Reply, Request
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown

PAGES = ("text/html", "application/xhtml+xml")


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


def never(_reply: Reply) -> bool:
    """For a system that has no way of saying so."""
    return False


def common_problem(
    request: Request,
    reply: Reply,
    *,
    maintenance: Callable[[Reply], bool] = never,
    not_taken: Callable[[Reply], bool] = never,
) -> DeliveryProblem | None:
    """The problem in statuses that mean the same everywhere; None where the system's own table must say.

    `maintenance` recognises, in a 403 or 503, the system's way of saying that it is closed for a while; `not_taken`, in
    a 423 or 503, its own words for having kept nothing. What 412 and 428 mean depends on the condition that was sent,
    so they are left to the table.
    """
    note = f"status_{reply.status}"
    if reply.status in (403, 503) and maintenance(reply):
        return NothingSent(Reason.MAINTENANCE, note, retry_after=reply.retry_after)
    if request.writes and _is_bare(reply) and not not_taken(reply):
        return broken_off(request, note)
    if reply.status in (429, 503, 423):
        reason = {429: Reason.THROTTLED, 423: Reason.LOCKED}.get(reply.status, Reason.UNAVAILABLE)
        return NothingSent(reason, note, retry_after=reply.retry_after)
    if reply.status >= 500:
        return broken_off(request, note)
    return _for_a_person(reply, note)


def _is_bare(reply: Reply) -> bool:
    """A gateway that lost sight of its backend says 503, too, and the backend may have done the work by then."""
    return reply.status in (423, 503) and reply.retry_after is None


def _for_a_person(reply: Reply, note: str) -> NeedsHuman | None:
    """A 403 as a page is from what stands before the system: a firewall, or a sign-in page."""
    if reply.status == 401:
        return NeedsHuman(Reason.SIGN_IN_REFUSED, note)
    if reply.status == 413:
        return NeedsHuman(Reason.DOCUMENT_TOO_LARGE, note)
    if reply.status == 403 and reply.kind in PAGES:
        return NeedsHuman(Reason.NOT_PERMITTED, f"{note}_page")
    return None
