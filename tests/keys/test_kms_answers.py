"""A KMS, or something in its place, that refuses, lies or is slow: a socket that says what it is told."""

from __future__ import annotations

import base64
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import pytest

from service.adapters.master import KmsKey, read_kms
from service.errors import NeedsHuman, Unavailable
from tests.adapters.test_http_client import answer, head, serving
from tests.keys.conftest import credentials

ARN = "arn:aws:kms:eu-west-2:111122223333:key/00000000-0000-4000-8000-000000000001"
OTHER = ARN[:-1] + "2"
KIND = "application/x-amz-json-1.1"
KEY, BOUND = bytes(range(32)), b"wise-bridge/keys|E08000007|records|wrapping 1"
TEXT = base64.b64encode(KEY).decode()
KEYS = {"AccessKeyId": "AKIA-FICTIONAL-BRIDGE", "SecretAccessKey": "fictional-secret"}
DENIED, STATE, OFTEN, AWAY = "does not let us", "cannot be used now", "more often than", "does not do what it is asked"


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WISE_BRIDGE_ALLOW_LOOPBACK", raising=False)


def provider(url: str, folder: Path, seconds: float = 3.0) -> KmsKey:
    file = credentials(folder / "credentials", KEYS)
    return dataclasses.replace(read_kms(ARN, url=url, credentials_file=file, ca_file=None), seconds=seconds)


def said(content: Any, kind: str = KIND, **more: Any) -> Any:
    return answer(content if isinstance(content, bytes) else json.dumps(content).encode(), kind=kind, **more)


def test_what_is_asked_says_which_key_and_what_it_is_bound_to(tmp_path: Path) -> None:
    with serving(said({"KeyId": ARN, "Plaintext": TEXT})) as (url, seen):
        assert provider(url, tmp_path).unwrap(b"wrapped", BOUND) == KEY
    top, _, body = seen[0].partition(b"\r\n\r\n")
    assert top.startswith(b"POST / HTTP/1.1\r\n")
    assert b"X-Amz-Target: TrentService.Decrypt\r\n" in top
    assert b"/eu-west-2/kms/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, " in top
    assert json.loads(body) == {
        "KeyId": ARN, "EncryptionContext": {"wise-bridge": BOUND.decode()},
        "CiphertextBlob": base64.b64encode(b"wrapped").decode(),
    }  # fmt: skip
    assert KEYS["SecretAccessKey"].encode() not in seen[0]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("AccessDeniedException", DENIED), ("ExpiredTokenException", DENIED), ("InvalidSignatureException", DENIED),
        ("UnrecognizedClientException", DENIED), ("ThrottlingException", OFTEN), ("LimitExceededException", OFTEN),
        ("com.amazonaws.kms#DisabledException", STATE), ("KMSInvalidStateException", STATE),
        ("NotFoundException", STATE), ("KMSInternalException", AWAY), ("DependencyTimeoutException", AWAY),
        ("InvalidCiphertextException", AWAY), ("IncorrectKeyException", AWAY), ("", AWAY), (None, AWAY), (7, AWAY),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_our_words(tmp_path: Path, kind: object, words: str) -> None:
    refusal = {"__type": kind, "message": "User: arn:aws:iam::111122223333:user/fictional may not"}
    with serving(said(refusal, status="400 Bad Request")) as (url, seen):
        asked = provider(url, tmp_path)
        for call in (lambda: asked.wrap(KEY, BOUND), lambda: asked.unwrap(b"x", BOUND)):
            with pytest.raises(Unavailable, match=words) as caught:
                call()
            assert "fictional" not in str(caught.value)
    assert len(seen) == 2  # asked once each


@pytest.mark.parametrize(
    ("status", "words"),
    [("403 Forbidden", DENIED), ("429 Too Many Requests", OFTEN), ("503 Service Unavailable", AWAY)],
)
def test_a_refusal_of_something_before_it_is_known_by_its_status(tmp_path: Path, status: str, words: str) -> None:
    with (
        serving(said(b"<html>", kind="text/html", status=status)) as (url, _),
        pytest.raises(Unavailable, match=words),
    ):
        provider(url, tmp_path).wrap(KEY, BOUND)


@pytest.mark.parametrize(
    "content",
    [
        {"KeyId": OTHER, "Plaintext": TEXT}, {"Plaintext": TEXT}, {"KeyId": None, "Plaintext": TEXT}, {"KeyId": ARN},
        {"KeyId": ARN, "Plaintext": ""}, {"KeyId": ARN, "Plaintext": "no base64!"}, {"KeyId": ARN, "Plaintext": "Ä"},
        {"KeyId": ARN, "Plaintext": [TEXT]}, [{"KeyId": ARN, "Plaintext": TEXT}], "words", 7, b"", b"\xff\xfe", b"{",
        b"[" * 60_000, {"KeyId": ARN, "Plaintext": TEXT, "more": "x" * 70_000},
    ],
    ids=lambda content: str(content)[:40],
)  # fmt: skip
def test_an_answer_that_is_not_what_was_asked_for_opens_nothing(tmp_path: Path, content: Any) -> None:
    with serving(said(content)) as (url, _), pytest.raises(Unavailable, match=AWAY):
        provider(url, tmp_path).unwrap(b"wrapped", BOUND)


def test_a_key_under_another_kind_of_answer_is_not_read(tmp_path: Path) -> None:
    with serving(said({"KeyId": ARN, "Plaintext": TEXT}, kind="text/plain")) as (url, _), pytest.raises(Unavailable):
        provider(url, tmp_path).unwrap(b"wrapped", BOUND)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_nobody_is_followed_elsewhere(tmp_path: Path, status: str) -> None:
    with serving(said({"KeyId": ARN, "Plaintext": TEXT})) as (elsewhere, reached):
        sent_on = said(b"", status=status, more=f"Location: {elsewhere}/\r\n")
        with serving(sent_on) as (url, seen), pytest.raises(Unavailable, match=AWAY):
            provider(url, tmp_path).unwrap(b"wrapped", BOUND)
    assert (len(seen), reached) == (1, [])


def test_one_that_lets_its_words_drip_is_given_up(tmp_path: Path) -> None:
    def drip(connection: Any) -> None:
        connection.sendall(head(10_000, KIND))
        while True:  # ends with the connection
            connection.sendall(b" ")
            time.sleep(0.05)

    with serving(drip) as (url, seen), pytest.raises(Unavailable, match=AWAY):
        provider(url, tmp_path, seconds=0.5).unwrap(b"wrapped", BOUND)
    assert len(seen) == 1


@pytest.mark.parametrize("half", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"\x16\x03\x01\x00\x00"])
def test_one_that_breaks_off_or_speaks_another_language_is_away(tmp_path: Path, half: bytes) -> None:
    with serving(lambda connection: connection.sendall(half)) as (url, _), pytest.raises(Unavailable, match=AWAY):
        provider(url, tmp_path).wrap(KEY, BOUND)


def test_the_environment_leads_nowhere_else_and_signs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not its proxies, not its credentials, nor a home folder's: Amazon's own client would take each of them."""
    home = tmp_path / "home" / ".aws"
    home.mkdir(parents=True)
    credentials(home / "credentials", KEYS)
    with serving(said(b"")) as (trap, trapped), serving(said({"KeyId": ARN, "Plaintext": TEXT})) as (url, seen):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS",
                     "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT"):  # fmt: skip
            monkeypatch.setenv(name, trap)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("HOME", str(home.parent))
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA-FICTIONAL-OTHERS")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fictional-other-secret")
        asked = provider(url, tmp_path)
        assert asked.unwrap(b"wrapped", BOUND) == KEY
        assert b"Credential=AKIA-FICTIONAL-BRIDGE/" in seen[0]
        asked.credentials_file.unlink()
        with pytest.raises(Unavailable, match="credentials"):
            asked.unwrap(b"wrapped", BOUND)
    assert (len(seen), trapped) == (1, [])


@pytest.mark.parametrize("host", ["169.254.169.254", "[fd00:ec2::254]", "100.100.100.200", "127.1", "2130706433"])
def test_a_metadata_service_or_this_machine_in_disguise_is_never_called(tmp_path: Path, host: str) -> None:
    asked = provider(f"https://{host}", tmp_path)
    with pytest.raises(NeedsHuman, match="address_never_allowed"):
        asked.egress.dial(host.strip("[]"), 443, 1, scheme="https")
    with pytest.raises(Unavailable, match=AWAY):
        asked.wrap(KEY, BOUND)
