"""The parts by themselves: what a browser holds, how a person is known, and how many ask an issuer at once."""

from __future__ import annotations

from typing import Any

import pytest

from service.api.people.flow import Flow, begin, opened, sealed
from service.api.people.reference import reference_of
from service.domain.people import actor_of, through
from tests.people.world import PAGE, Browser
from tests.support.bridge import Bridge

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_sign_in_comes_back_as_it_was() -> None:
    flow = begin("stockport", 1_000.0)
    assert opened(sealed(flow, KEY), KEY) == flow
    assert flow.until == 1_600
    assert opened(sealed(flow, KEY), OTHER) is None


def test_nothing_of_the_seed_can_be_told_from_what_leaves() -> None:
    flow = Flow("seed", "stockport", 1)
    leaves = {flow.state, flow.nonce, flow.verifier, flow.seed}
    assert len(leaves) == 4
    assert all(len(each) == 43 for each in leaves - {flow.seed})


@pytest.mark.parametrize("place", range(0, 90, 7))
def test_one_changed_character_is_not_ours(place: int) -> None:
    cookie = sealed(begin("stockport", 1_000.0), KEY)
    changed = cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]
    assert opened(changed, KEY) is None


@pytest.mark.parametrize("cookie", ["", ".", "...", "a.b.c.d", "\ud800", "é.é.é.é", "x" * 9000])
def test_what_was_never_ours(cookie: str) -> None:
    assert opened(cookie, KEY) is None


def test_a_reference_is_of_one_issuer_one_subject_and_one_key() -> None:
    one = reference_of("https://a.example", "s", KEY)
    others: list[tuple[Any, ...]] = [
        ("https://b.example", "s", KEY), ("https://a.example", "t", KEY), ("https://a.example", "s", OTHER),
    ]  # fmt: skip
    assert one == reference_of("https://a.example", "s", KEY)
    assert one not in {reference_of(*each) for each in others}


def test_who_it_was_is_said_of_people_and_of_machines() -> None:
    assert actor_of("wb-1") == "client:wb-1"
    assert actor_of(through("p_x")) == "person:p_x"


def test_so_many_at_once_ask_an_issuer_and_no_more(browser: Browser, bridge: Bridge) -> None:
    """Whoever comes then begins again, and no thread waits."""
    way = browser.way_back("stockport", "amira")
    asking = bridge.casework.application.extensions["wise_bridge_people"].asking
    held = [asking.acquire(blocking=False) for _ in range(3)]
    try:
        assert held == [True, True, True]
        answer = browser.get(way, **PAGE)
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert browser.get("/sign-in/stockport", **PAGE).status_code == 503
        assert browser.get("/health/live").status_code == 200
    finally:
        for _ in held:
            asking.release()
    assert browser.sign_in().status_code == 200
