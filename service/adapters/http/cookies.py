"""Cookies within one conversation, by the standard library's rules of who gets which back."""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import Any, cast

from urllib3 import BaseHTTPResponse


class Cookies:
    """Kept from answer to request. Most systems set none; then this costs nothing."""

    def __init__(self) -> None:
        self._jar: CookieJar | None = None

    def for_request(self, url: str) -> Mapping[str, str]:
        """The header to send, if any."""
        if self._jar is None:
            return {}
        asked = urllib.request.Request(url)  # noqa: S310 - nothing is opened: it tells the jar where the request goes
        self._jar.add_cookie_header(asked)
        return {name: value for name, value in asked.unredirected_hdrs.items() if name == "Cookie"}

    def taken(self, response: BaseHTTPResponse, url: str) -> Mapping[str, str]:
        """Those that this answer may set and does, by name; kept for the next request."""
        if "Set-Cookie" not in response.headers:
            return {}
        self._jar = self._jar or CookieJar()
        asked = urllib.request.Request(url)  # noqa: S310 - as above
        answered = cast("Any", response)  # the jar asks for headers only, and urllib3 has them as it wants them
        set_now = CookieJar()
        for jar in (set_now, self._jar):
            jar.extract_cookies(answered, asked)
        return {each.name: each.value for each in set_now if each.value is not None}
