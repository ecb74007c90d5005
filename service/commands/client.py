"""A small client of our own REST surface, as a council developer would write it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import requests

ADDRESSES = {
    "wise_assessment": "/v1/wise-assessments",
    "rise_meeting_output": "/v1/rise-meeting-outputs",
    "nwg_assessment": "/v1/nwg-assessments",
}
_TIMEOUT = (3, 20)


class SignInFailed(Exception):
    """The token endpoint said no."""


@dataclass
class BridgeClient:
    """One client id and secret. `tokens_at` is the casework side's address, where tokens come from."""

    base_url: str
    client_id: str
    secret: str = field(repr=False)
    tokens_at: str = ""
    _token: str = field(default="", repr=False)

    def post(self, path: str, body: bytes) -> requests.Response:
        """Sends JSON bytes as they are."""
        headers = {"Content-Type": "application/json"} | self.authorisation()
        return requests.post(self.base_url + path, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False)

    def get(self, path: str, **query: str) -> requests.Response:
        """Reads one address."""
        return requests.get(
            self.base_url + path, params=query, headers=self.authorisation(), timeout=_TIMEOUT, allow_redirects=False
        )

    def wait_for(self, status_url: str, *, seconds: float) -> dict[str, Any]:
        """Asks until every delivery is delivered or needs a person, or time is up; returns the last answer."""
        deadline = time.monotonic() + seconds
        while True:
            status: dict[str, Any] = self.get(status_url).json()
            settled = all(each["state"] in ("delivered", "needs_human") for each in status["deliveries"])
            if settled or time.monotonic() > deadline:
                return status
            time.sleep(0.2)

    def authorisation(self) -> dict[str, str]:
        """The header that signs a request, with a token fetched on first use."""
        if not self._token:
            self._token = self._sign_in()
        return {"Authorization": f"Bearer {self._token}"}

    def _sign_in(self) -> str:
        answer = requests.post(
            (self.tokens_at or self.base_url) + "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(self.client_id, self.secret),
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        if answer.status_code != 200:
            raise SignInFailed(f"The token endpoint answered {answer.status_code}. Check the client id and secret.")
        return str(answer.json()["access_token"])
