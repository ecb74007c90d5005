"""A token is checked once and then remembered: no longer than it lasts, and only a bounded number of them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from service.api import tokens
from service.api.tokens import ALGORITHM, AUDIENCE, ISSUER, TokenReader

KEY, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")


def token(key: ECKey = KEY, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "c", "client_id": "c", "iat": now, "exp": now + 60, "jti": "1",
        "scope": "records:write", "authority": "E08000007",
    }  # fmt: skip
    return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt"}, claims | changes, key)


@pytest.fixture
def reader() -> TokenReader:
    return TokenReader(KEY)


def test_a_remembered_token_ends_when_it_ends(reader: TokenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = token()
    first = reader.caller(signed)
    assert first is not None and reader.caller(signed) is first
    later = time.time() + 120
    monkeypatch.setattr(tokens.time, "time", lambda: later)
    assert reader.caller(signed) is None


def test_a_bad_token_is_bad_each_time_and_is_not_remembered(reader: TokenReader) -> None:
    good = token()
    for bad in (
        token(OTHER),
        good[:-4] + "AAAA",
        token(exp=int(time.time()) - 5),
        token(aud="other"),
        "",
        "\udcff",
        "x.y.z",
    ):
        assert [reader.caller(bad), reader.caller(bad)] == [None, None]
    assert reader._checked == {}


def test_the_signature_of_a_remembered_token_is_part_of_what_is_remembered(reader: TokenReader) -> None:
    good = token()
    assert reader.caller(good) is not None
    head, claims, _ = good.split(".")
    forged = ".".join((head, claims, token(OTHER).split(".")[2]))
    assert reader.caller(forged) is None


def test_only_so_many_are_remembered(reader: TokenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 3)
    signed = [token(jti=str(number)) for number in range(5)]
    assert all(reader.caller(each) for each in (*signed, *signed))
    assert len(reader._checked) == 3
