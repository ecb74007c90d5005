"""docs/webhooks.md, run as it stands: the signature's check against the public vector, and curl against a receiver."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from service.domain.delivery import State
from service.domain.webhooks import RESTORED, TEST, TYPES, headers_for, key_of, new_secret, signature
from tests.architecture.project import ROOT
from tests.webhooks.receiver import Receiver

PAGE = (ROOT / "docs" / "webhooks.md").read_text()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # pragma: allowlist secret
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
"""The vector that Standard Webhooks publishes with its reference implementations."""
VECTOR = {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": SIGNATURE}

Check = Callable[..., bool]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def check() -> Check:
    """The page's own function."""
    names: dict[str, Any] = {}
    (code,) = blocks("python")
    exec(compile(code, "docs/webhooks.md", "exec"), names)  # noqa: S102 - what the page shows is what is tried
    return names["is_from_the_bridge"]


def test_we_sign_as_the_public_vector_does() -> None:
    assert signature(SECRET, ID, AT, BODY) == SIGNATURE


def test_the_page_takes_the_public_vector(check: Check) -> None:
    assert check(SECRET, VECTOR, BODY, now=AT)


@pytest.mark.parametrize(
    ("headers", "body", "now"),
    [
        ({}, b'{"test":2432232314}', AT),
        ({"webhook-id": "msg_other"}, BODY, AT),
        ({"webhook-timestamp": str(AT + 1)}, BODY, AT),
        ({"webhook-signature": SIGNATURE.replace("v1,", "v1a,")}, BODY, AT),
        ({"webhook-signature": ""}, BODY, AT),
        ({}, BODY, AT + 301),
        ({}, BODY, AT - 301),
    ],
)
def test_the_page_takes_nothing_else(check: Check, headers: dict[str, str], body: bytes, now: int) -> None:
    assert not check(SECRET, VECTOR | headers, body, now=now)


def test_the_page_takes_what_we_sign_under_either_secret(check: Check) -> None:
    former, new = new_secret(), new_secret()
    headers = headers_for([new, former], ID, AT, BODY)
    assert headers["webhook-signature"].count("v1,") == 2
    assert check(former, headers, BODY, now=AT)
    assert check(new, headers, BODY, now=AT)
    assert not check(new_secret(), headers, BODY, now=AT)


def test_curl_on_the_page_is_taken_by_a_receiver(receiver: Receiver, check: Check) -> None:
    script = next(block for block in blocks("sh") if "openssl" in block)
    if not all(map(shutil.which, ("curl", "openssl", "od", "base64"))):
        pytest.fail("this machine lacks what the page asks for")
    done = subprocess.run(
        ["sh", "-euc", script], env={"PATH": "/usr/bin:/bin", "RECEIVER": receiver.url}, capture_output=True, text=True
    )
    assert done.stdout == "204\n", done.stderr
    (heard,) = receiver.heard
    assert check(SECRET, heard.headers, heard.body)
    assert not check(new_secret(), heard.headers, heard.body)


def test_the_page_names_every_type() -> None:
    named = set(re.findall(r"`((?:delivery|bridge|webhook)\.[a-z_]+)`", PAGE))
    assert named == {*TYPES.values(), TEST, RESTORED}
    assert TYPES.keys() <= set(State)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", SECRET.removeprefix("whsec_"), "whsec_not base64"])
def test_what_is_no_secret_signs_nothing_and_is_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="24 to 64 bytes") as refused:
        key_of(secret)
    assert not secret or secret not in str(refused.value).removeprefix("a webhook secret is whsec_")


def test_a_secret_is_new_each_time_and_long_enough() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(key_of(new_secret())) == 32
