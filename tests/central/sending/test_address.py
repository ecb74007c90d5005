"""Which addresses may be given, and that no other one is called."""

from __future__ import annotations

import pytest

from service.adapters.central import Credentials, read_central_address
from service.adapters.egress import Surroundings
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NeedsHuman
from tests.central.sending.http_place import TOKEN, HttpPlace

GIVEN = Credentials(token=TOKEN)
OUTSIDE = Surroundings()


def fields(url: str, given: Credentials = GIVEN, networks: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ConfigurationFault) as fault:
        read_central_address(url, given, networks, surroundings=OUTSIDE)
    assert "secret" not in str(fault.value)
    return [each.field for each in fault.value.faults]


@pytest.mark.parametrize(
    "url",
    [
        "", "central.example", "https://central.example", "https://central.example/in", "https:///in/",
        "http://central.example/in/", "https://me@central.example/in/", "https://me:secret@central.example/in/",
        "https://central.example/in/?key=secret", "https://central.example/in/#secret", "ftp://central.example/in/",
        "https://central.example/%2e/", "https://central.example:0/in/", "https://central.example:x/in/",
        "sftp://central.example/in/", "http://127.0.0.1:8000/in/",
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_used(url: str) -> None:
    assert fields(url) == ["WISE_CENTRAL_URL"]


def test_every_fault_is_told_at_once() -> None:
    assert fields("sftp://me@central.example/in/", Credentials()) == [
        "WISE_CENTRAL_SFTP_KEY_FILE",
        "WISE_CENTRAL_SFTP_HOST_KEY",
    ]
    assert fields("https://central.example/in/", Credentials("two words")) == ["WISE_CENTRAL_TOKEN_FILE"]
    assert fields("https://central.example/in/", networks=("everywhere",)) == ["WISE_CENTRAL_NETWORKS.0.networks"]


@pytest.mark.parametrize("url", ["https://127.0.0.1/in/", "https://10.20.30.40/in/", "https://169.254.169.254/in/"])
@pytest.mark.parametrize("networks", [(), ("10.99.0.0/16",)])
def test_an_inner_address_is_called_only_where_its_network_is_named(url: str, networks: tuple[str, ...]) -> None:
    address = read_central_address(url, GIVEN, networks, surroundings=OUTSIDE)
    with pytest.raises(NeedsHuman) as refused:
        address.send("2026Q3", "tables.xlsx", b"made up")
    assert refused.value.reason is Reason.ADDRESS_NOT_ALLOWED


def test_a_redirect_leads_nowhere(http: HttpPlace) -> None:
    http.says = 307, {"Location": f"http://127.0.0.1:{http.port}/from/bridge/elsewhere"}
    with pytest.raises(NeedsHuman):
        read_central_address(http.url, GIVEN).send("2026Q3", "tables.xlsx", b"made up")
    assert http.asked == [("PUT", "/from/bridge/2026Q3/tables.xlsx")]
