"""A master key in a KMS: who may use it, what Amazon's own client makes of it, and what is never written."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.adapters.master import KmsKey, read_kms
from service.errors import Unavailable
from tests.keys.conftest import credentials

if TYPE_CHECKING:
    from tests.support.kms_server import KmsServer

KEY, BOUND = bytes(range(32)), b"wise-bridge/keys|E08000007|records|wrapping 1"
CONTEXT = {"wise-bridge": BOUND.decode()}


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WISE_BRIDGE_ALLOW_LOOPBACK", raising=False)


@pytest.fixture
def file(kms: KmsServer, tmp_path: Path) -> Path:
    return credentials(tmp_path / "credentials", kms.machines["bridge"])


@pytest.fixture
def provider(kms: KmsServer, file: Path) -> KmsKey:
    return read_kms(kms.new_key(), url=kms.url, credentials_file=file, ca_file=None)


def test_amazons_own_client_opens_what_we_wrapped_with_what_it_is_bound_to(kms: KmsServer, provider: KmsKey) -> None:
    amazons = kms.client()
    wrapped = provider.wrap(KEY, BOUND)
    assert amazons.decrypt(CiphertextBlob=wrapped, EncryptionContext=CONTEXT)["Plaintext"] == KEY
    for other in ({}, CONTEXT | {"more": "x"}, {"wise-bridge": BOUND.decode() + "0"}):
        with pytest.raises(amazons.exceptions.InvalidCiphertextException):
            amazons.decrypt(CiphertextBlob=wrapped, EncryptionContext=other)


def test_we_open_what_amazons_own_client_wrapped_for_the_same(kms: KmsServer, provider: KmsKey) -> None:
    theirs = kms.client().encrypt(KeyId=provider.arn, Plaintext=KEY, EncryptionContext=CONTEXT)["CiphertextBlob"]
    assert provider.unwrap(theirs, BOUND) == KEY


@pytest.mark.parametrize("who", ["stranger", "nobody", "another secret"])
def test_who_may_not_is_told_so_and_a_renewed_file_is_taken_up(
    kms: KmsServer, provider: KmsKey, file: Path, who: str
) -> None:
    wrapped, bridge = provider.wrap(KEY, BOUND), kms.machines["bridge"]
    nobody = {"AccessKeyId": "AKIA-FICTIONAL-NOBODY", "SecretAccessKey": "fictional"}
    others = {"nobody": nobody, "another secret": {**bridge, "SecretAccessKey": "fictional"}}
    credentials(file, others.get(who) or kms.machines[who])
    for call in (lambda: provider.wrap(KEY, BOUND), lambda: provider.unwrap(wrapped, BOUND)):
        with pytest.raises(Unavailable, match="does not let us"):
            call()
    credentials(file, bridge)
    assert provider.unwrap(wrapped, BOUND) == KEY


def test_temporary_credentials_count_with_their_token_alone(kms: KmsServer, provider: KmsKey, file: Path) -> None:
    keys = kms.temporary()
    credentials(file, keys)
    wrapped = provider.wrap(KEY, BOUND)
    credentials(file, {**keys, "SessionToken": "fictional"})
    with pytest.raises(Unavailable, match="does not let us"):
        provider.unwrap(wrapped, BOUND)
    credentials(file, {name: value for name, value in keys.items() if name != "SessionToken"})
    with pytest.raises(Unavailable, match="does not let us"):
        provider.unwrap(wrapped, BOUND)


@pytest.mark.parametrize(
    "content",
    [
        None, "", "[other]\naws_access_key_id = A\naws_secret_access_key = b\n", "[default]\naws_access_key_id = A\n",
        "[default]\nfictional-secret\n", "aws_secret_access_key = fictional-secret\n", "[default]\n[default]\n",
        "[default]\naws_access_key_id =\naws_secret_access_key = fictional-secret\n",
        "[default]\naws_access_key_id = A\naws_secret_access_key = fictional secret\n",
        "[default]\naws_access_key_id = A\naws_secret_access_key = b\n c: fictional-secret\n",
        "[default]\naws_access_key_id = Ä\naws_secret_access_key = fictional-secret\n",
    ],
)  # fmt: skip
def test_a_file_that_holds_no_credentials_is_not_asked_with_and_not_shown(
    provider: KmsKey, file: Path, content: str | None
) -> None:
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(Unavailable, match="credentials for the master key's KMS cannot be") as caught:
        provider.wrap(KEY, BOUND)
    assert "fictional" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_neither_key_nor_credentials_come_into_a_log(
    kms: KmsServer, provider: KmsKey, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = kms.temporary()
    credentials(file, keys)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("botocore.auth").debug("a library that says more than it should")
    assert provider.unwrap(provider.wrap(KEY, BOUND), BOUND) == KEY
    hidden = (base64.b64encode(KEY).decode(), keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert [each for each in (*hidden, "says more than") if each in caplog.text] == []
    assert [each for each in hidden if each in repr(provider)] == []
