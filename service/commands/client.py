"""A small client of our own REST surface, as a council developer would write it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from service.commands.assertion import KeyUnusable, client_assertion

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
    """One client id with its key's file, or in a sandbox with its secret.

    `tokens_at` is the casework side's address, where tokens come from.
    """

    base_url: str
    client_id: str
    secret: str = field(default="", repr=False)
    tokens_at: str = ""
    key_file: Path | None = None
    certificate: Path | None = None
    """What to show a proxy that asks for one: certificate and key, as PEM in one file."""
    _token: str = field(default="", repr=False)

    def post(self, path: str, body: bytes) -> requests.Response:
        """Sends JSON bytes as they are."""
        headers = {"Content-Type": "application/json"} | self.authorisation()
        return requests.post(
            self.base_url + path,
            data=body,
            headers=headers,
            cert=self._shown(),
            timeout=_TIMEOUT,
            allow_redirects=False,
        )

    def get(self, path: str, **query: str) -> requests.Response:
        """Reads one address."""
        return requests.get(
            self.base_url + path,
            params=query,
            headers=self.authorisation(),
            cert=self._shown(),
            timeout=_TIMEOUT,
            allow_redirects=False,
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

    def _shown(self) -> str | None:
        return str(self.certificate) if self.certificate else None

    def _sign_in(self) -> str:
        try:
            signed = client_assertion(self.client_id, self.key_file) if self.key_file else {}
        except KeyUnusable as error:
            raise SignInFailed(str(error)) from None
        answer = requests.post(
            (self.tokens_at or self.base_url) + "/oauth/token",
            data={"grant_type": "client_credentials"} | signed,
            auth=None if signed else (self.client_id, self.secret),
            cert=self._shown(),
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        if answer.status_code != 200:
            raise SignInFailed(f"The token endpoint answered {answer.status_code}. {_why(answer)}")
        return str(answer.json()["access_token"])


def _why(answer: requests.Response) -> str:
    """The service's own sentence, which holds no value of ours."""
    try:
        return str(answer.json()["error_description"])
    except (ValueError, KeyError, TypeError):
        return "Check the client id and its key or secret."
