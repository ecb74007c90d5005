"""`service.ports.webhooks.Post` over the connectors' own HTTP client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from service.adapters.http import HttpClient, Reply, Request
from service.adapters.webhooks.address import egress_for
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem
from service.ports.webhooks import Answer

SECONDS = 10.0
KNOWN_MAX = 64


class WebhookSender:
    """Ten seconds for each message; a redirect is an answer and no order; nothing of an answer's body is read."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._client = lru_cache(KNOWN_MAX)(self._make_client)

    def __call__(self, url: str, networks: Sequence[str], headers: Mapping[str, str], body: bytes) -> Answer:
        """One try. What may go wrong out there is an answer, too."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = Request("POST", path, writes=True, content=body, headers={**headers, "Accept": "*/*"}, accepts=())
        return self._asked(url, tuple(networks), asked)

    def _asked(self, url: str, networks: tuple[str, ...], asked: Request) -> Answer:
        try:
            with self._client(url, networks).conversation() as talk:
                return _answer(talk.ask(asked))
        except DeliveryProblem as problem:
            refused = problem.reason is Reason.ADDRESS_NOT_ALLOWED
            return Answer(None, problem.note or problem.reason.value, address_refused=refused)
        except ConfigurationFault:
            return Answer(None, Reason.ADDRESS_NOT_ALLOWED.value, address_refused=True)

    def _make_client(self, url: str, networks: tuple[str, ...]) -> HttpClient:
        """Kept, because a TLS context takes longer to make than a message to send."""
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        return HttpClient(base, {}, seconds=self._seconds, egress=egress_for(url, networks))


def _answer(reply: Reply) -> Answer:
    return Answer(reply.status, retry_after=reply.retry_after)
