"""Settings of a KMS: every fault at once, nothing half done, and which master key wraps where there are several."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

from service import settings
from service.adapters.master import KmsKey, read_kms
from service.errors import ConfigurationFault
from service.keyring import masters
from tests.keys.conftest import TOKEN

ARN = "arn:aws:kms:eu-west-2:111122223333:key/00000000-0000-4000-8000-000000000001"
MULTI_REGION = "arn:aws:kms:{}:111122223333:key/mrk-00000000000040008000000000000001"
PREFIX = "WISE_MASTER_KEY_KMS_"


def read(arn: str = ARN, url: str = "", file: Path | None = Path("credentials"), ca_file: Path | None = None) -> KmsKey:
    return read_kms(arn, url=url, credentials_file=file, ca_file=ca_file)


def faults(caught: pytest.ExceptionInfo[ConfigurationFault]) -> list[str]:
    return [fault.field.removeprefix(PREFIX) for fault in caught.value.faults]


def test_without_an_address_the_keys_own_region_is_asked() -> None:
    assert read().url == "https://kms.eu-west-2.amazonaws.com"
    assert read(url="https://vpce-1.kms.eu-west-2.vpce.amazonaws.com/").url == (
        "https://vpce-1.kms.eu-west-2.vpce.amazonaws.com"
    )


def test_replicas_of_one_key_are_one_master_key() -> None:
    """A file that was wrapped in one region opens in the other, should the first be lost."""
    london, ireland = (read(MULTI_REGION.format(region)) for region in ("eu-west-2", "eu-west-1"))
    assert london.name == ireland.name == "kms:mrk-00000000000040008000000000000001"
    assert (london.url, ireland.url) == ("https://kms.eu-west-2.amazonaws.com", "https://kms.eu-west-1.amazonaws.com")


@pytest.mark.parametrize(
    "url",
    ["http://kms.eu-west-2.amazonaws.com", "kms.example", "https://u@kms.example", "https://kms.example/x",
     "https://kms.example/?x", "ftp://kms.example", "http://127.evil.example", "http://127.1"],
)  # fmt: skip
def test_an_address_that_could_show_a_key_on_the_wire_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationFault) as caught:
        read(url=url)
    assert faults(caught) == ["URL"]


@pytest.mark.parametrize(
    "arn",
    ["", "alias/wise-bridge", "00000000-0000-4000-8000-000000000001", ARN.replace(":key/", ":alias/"),
     ARN.replace("eu-west-2", "evil.example/"), ARN + "/x", ARN + "\n", ARN.replace(":kms:", ":s3:")],
)  # fmt: skip
def test_a_key_is_named_by_its_arn_and_not_by_what_can_be_moved(arn: str) -> None:
    with pytest.raises(ConfigurationFault) as caught:
        read(arn)
    assert faults(caught) == ["KEY"]


def test_another_partitions_address_is_asked_for_and_not_guessed() -> None:
    arn = ARN.replace("arn:aws:", "arn:aws-eusc:")
    with pytest.raises(ConfigurationFault) as caught:
        read(arn)
    assert faults(caught) == ["URL"]
    assert read(arn, url="https://kms.example").url == "https://kms.example"


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault) as caught:
        read("alias/x", "ftp://x", None, tmp_path / "none.pem")
    assert faults(caught) == ["KEY", "URL", "CREDENTIALS_FILE", "CA_FILE"]


def test_certificates_that_are_none_are_told_before_a_key_is_needed(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ConfigurationFault):
        read(ca_file=tmp_path / "ca.pem")


def test_without_the_library_that_signs_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "service.adapters.master.aws_signing", raising=False)
    monkeypatch.setitem(sys.modules, "botocore.auth", None)
    with pytest.raises(ConfigurationFault, match=r"requirements/kms\.txt"):
        read()


@pytest.mark.parametrize(
    "only", [{"master_key_kms_url": "https://kms.example"}, {"master_key_kms_credentials_file": Path("x")}]
)
def test_half_of_the_settings_are_a_fault_and_leave_no_key_plain(only: dict[str, object]) -> None:
    with pytest.raises(ConfigurationFault, match=f"{PREFIX}KEY"):
        masters(dataclasses.replace(settings.as_they_are(), **only))  # type: ignore[arg-type]


def test_a_kms_wraps_before_a_vault_and_that_before_a_file(master: Path, token_file: Path) -> None:
    assert TOKEN in token_file.read_text()
    several = dataclasses.replace(
        settings.as_they_are(),
        master_key_kms_key=ARN,
        master_key_kms_credentials_file=token_file,
        master_key_vault_url="https://vault.example:8200",
        master_key_vault_token_file=token_file,
        master_key_file=master,
    )
    assert [each.name.partition(":")[0] for each in masters(several)] == ["kms", "vault", "file"]
