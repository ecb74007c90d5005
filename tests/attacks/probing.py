"""Asking as everybody for what is Stockport's, and counting how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from tests.attacks.belongings import addresses_of, belongings, callers
from tests.attacks.target import CASEWORK, Target
from tests.tenants.matrix import BODIES, Address

OTHER = "another authority, everything"


@dataclass(frozen=True)
class Numbers:
    """How many guesses beside each thing; how many pairs are timed for each address; whether that is judged."""

    guesses: int
    pairs: int
    judged: bool


class Probing:
    """`own` are Stockport's things by what addresses call them. Counts every probe."""

    def __init__(self, target: Target, numbers: Numbers) -> None:
        self.target, self.numbers = target, numbers
        self.by = callers(target)
        self.own = belongings(target, self.by["owner"])
        self.addresses = addresses_of(target.url(CASEWORK))
        self.probes = 0

    def ask(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Counted."""
        self.probes += 1
        return self.by[who].ask(method, path, body, **headers)

    def strangers(self) -> Iterator[str]:
        """Everybody but the owner."""
        yield from (kind for kind in self.by if kind != "owner")

    def named(self, address: Address, method: str, things: Mapping[str, str]) -> tuple[str, str, Any]:
        """Method, path and a body that comes as far as looking for what it names."""
        body = BODIES.get(address.rule, {}) if method in ("POST", "PUT", "PATCH") else None
        return method, address.path(things), body
