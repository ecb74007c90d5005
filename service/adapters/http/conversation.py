"""The requests of one call of a port."""

from __future__ import annotations

from collections.abc import Mapping

from urllib3 import BaseHTTPResponse, HTTPHeaderDict, Timeout

from service.adapters.http.body import LIMIT, read_reply
from service.adapters.http.causes import FAILURES, Cause, cause_of, problem_for
from service.adapters.http.cookies import Cookies
from service.adapters.http.encoding import addressed, encoded, sendable
from service.adapters.http.messages import Reply, Request
from service.adapters.http.sign_in import SignIn
from service.adapters.http.wire import Call, Connections
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman

READ_SECONDS = 20.0
PLAIN = {"Accept-Encoding": "identity", "User-Agent": "wise-bridge"}


class Conversation:
    """Requests of one call, all before one deadline."""

    def __init__(
        self, base_url: str, headers: Mapping[str, str], sign_in: SignIn, connections: Connections, call: Call
    ) -> None:
        self._base_url, self._headers, self._sign_in = base_url, headers, sign_in
        self._connections, self._call, self._cookies = connections, call, Cookies()

    def ask(self, request: Request) -> Reply:
        """Send and read. Raises the problem, free of the library's exception and so of what it carries.

        Once more, and only once, with a renewed sign-in after a complete 401: that request was surely not carried out.
        """
        signed = self._signed()
        reply = self._answer(request, self._base_url + request.path, {**self._headers, **signed})
        if reply.status != 401 or not reply.complete or not self._sign_in.renew(signed):
            return reply
        return self._answer(request, self._base_url + request.path, {**self._headers, **self._signed()})

    def _signed(self) -> Mapping[str, str]:
        return self._sign_in.headers(self._ask_elsewhere, self._call.deadline)

    def _ask_elsewhere(self, request: Request) -> Reply:
        """For sign-ins: `path` is a whole address, and neither the system's headers nor its sign-in go there."""
        return self._answer(request, request.path, {})

    def _answer(self, request: Request, url: str, headers: Mapping[str, str]) -> Reply:
        self._call.sent = False
        outcome = self._attempt(request, url, headers)
        if isinstance(outcome, Cause):
            raise self._problem(outcome, request)
        if isinstance(outcome, DeliveryProblem):
            raise outcome
        return outcome

    def _problem(self, cause: Cause, request: Request) -> DeliveryProblem:
        named = Cause.DEADLINE if self._call.deadline.passed else cause
        return problem_for(named, sent=self._call.sent, writes=request.writes)

    def _attempt(self, request: Request, url: str, headers: Mapping[str, str]) -> Reply | Cause | DeliveryProblem:
        if self._call.deadline.passed:
            return Cause.DEADLINE
        if not url.lower().startswith(("http://", "https://")):
            return NeedsHuman(Reason.ADDRESS_NOT_ALLOWED, "scheme_not_http")
        try:
            reply = self._exchange(request, url, headers)
        except FAILURES as error:
            return cause_of(error)
        except DeliveryProblem as problem:  # from the dialling below the library
            return _bare(problem)
        return Cause.DEADLINE if reply.is_empty and self._call.deadline.passed else reply

    def _exchange(self, request: Request, url: str, headers: Mapping[str, str]) -> Reply:
        response = self._send(request, url, headers)
        try:
            cookies = self._cookies.taken(response, url)
            return read_reply(response, request.accepts, cookies, request.longest or LIMIT)
        finally:
            response.release_conn() if response.closed else response.close()  # unread, its connection is of no use

    def _send(self, request: Request, url: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
        """The order of headers is the order of importance: a request cannot replace the sign-in."""
        body, kind = encoded(request)
        chosen = HTTPHeaderDict(
            PLAIN | dict(self._cookies.for_request(url)) | kind | {"Accept": ", ".join(request.accepts)}
        )
        for each in (request.headers, headers):
            for name, value in each.items():
                chosen[name] = value
        return self._connections.ask(
            request.method,
            addressed(url, request.params),
            body=body,
            headers=sendable(chosen),
            timeout=Timeout(self._call.connect_seconds, self._call.deadline.left(READ_SECONDS)),
        )


def _bare(problem: DeliveryProblem) -> DeliveryProblem:
    """Without the way it came: those frames hold the request."""
    problem.__context__ = problem.__cause__ = None
    return problem.with_traceback(None)
