"""The file of issuers: every fault at once, with its line; and what a process refuses to start with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine

from service.adapters.issuers import Issuer, read_issuers
from service.domain.people import Role
from service.errors import ConfigurationFault
from service.letting_in import let_people_in
from service.settings import Settings
from tests.support.bridge import SALFORD, STOCKPORT

TENANT = "7e570000-0000-4000-8000-00000000aaaa"
SOUND = f"""
issuers:
  - name: stockport
    label: Fictional Stockport
    authority: {STOCKPORT}
    issuer: https://login.microsoftonline.com/{{tenantid}}/v2.0
    tenant: {TENANT}
    client_id: 11111111-0000-4000-8000-000000000001
    client_secret_file: stockport.secret
    claim: roles
    roles: {{WISE.Officer: officer, WISE.Approver: approver}}
  - name: hub
    label: Fictional Hub
    authority: hub
    issuer: https://id.hub.example/realms/hub
    client_id: bridge
    client_secret_file: /run/people/hub.secret
    claim: groups
    roles: {{analysts: analyst}}
    more_than_one_factor: {{acr: ["urn:example:two"]}}
    hosts: [keys.hub.example]
    networks: [10.20.0.0/16]
    max_age_minutes: 60
"""
FAULTY = """issuers:
  - name: Stockport!
    label: "two\\nlines"
    authority: E09999999
    issuer: http://id.example/
    client_id: 17
    client_secret_file: a
    claim: scopes
    roles: {x: analyst}
    more_than_one_factor: {}
    networks: [everywhere]
    hosts: ["https://a.example/"]
    max_age_minutes: 0
    ca_file: none.pem
    unheard: of
  - name: back
    label: B
    authority: E08000007
    issuer: https://login.microsoftonline.com/common/v2.0
    tenant: common
    client_id: b
    client_secret_file: b
    claim: roles
    roles: {}
  - name: c
    label: C
    issuer: https://id.example/x?y=z
"""


def read(folder: Path, text: str) -> tuple[Issuer, ...]:
    (folder / "people.yml").write_text(text)
    return read_issuers(folder / "people.yml", {STOCKPORT, SALFORD})


def faults(folder: Path, text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(ConfigurationFault) as raised:
        read(folder, text)
    assert {each.file for each in raised.value.faults} == {"people.yml"}
    assert all(each.detail and each.fix for each in raised.value.faults)
    return [(each.line, each.field, each.detail) for each in raised.value.faults]


def test_a_sound_one(tmp_path: Path) -> None:
    stockport, hub = read(tmp_path, SOUND)
    assert stockport.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert stockport.discovery == f"{stockport.issuer}/.well-known/openid-configuration"
    assert stockport.roles == {"WISE.Officer": Role.OFFICER, "WISE.Approver": Role.APPROVER}
    assert (stockport.amr, stockport.acr, stockport.max_age) == ({"mfa"}, (), 0)
    assert stockport.secret_file == tmp_path.resolve() / "stockport.secret"
    assert (hub.amr, hub.acr, hub.max_age) == (frozenset(), ("urn:example:two",), 3600)
    assert hub.secret_file == Path("/run/people/hub.secret")


def test_all_that_is_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    found = faults(tmp_path, FAULTY)
    assert [(line, field.rpartition(".")[2]) for line, field, _ in found] == [
        (2, "name"), (3, "label"), (4, "authority"), (5, "issuer"), (6, "client_id"), (8, "claim"), (9, "x"),
        (10, "more_than_one_factor"), (11, "networks[1]"), (12, "hosts[1]"), (13, "max_age_minutes"), (14, "ca_file"),
        (15, "unheard"), (16, "name"), (20, "tenant"), (20, "tenant"), (24, "roles"),
        *[(25, "issuers[3]")] * 5, (27, "issuer"),
    ]  # fmt: skip
    assert "everywhere" not in str(found)
    assert "17" not in str([detail for *_, detail in found])


ENTRA = "https://login.microsoftonline.com"


@pytest.mark.parametrize(
    ("issuer", "tenant", "field"),
    [
        (f"{ENTRA}/{{tenantid}}/v2.0", "", "'tenant' is missing."),
        (f"{ENTRA}/{TENANT}/v2.0", "", "'tenant' is missing."),
        (f"https://other.example/{TENANT}/v2.0", "", "'tenant' is missing."),
        ("https://other.example/{tenantid}/v2.0", "", "'tenant' is missing."),
        (f"{ENTRA}/organizations/v2.0", TENANT, "The address names another tenant."),
        (f"{ENTRA}/{TENANT.replace('a', 'b')}/v2.0", TENANT, "The address names another tenant."),
        (f"{ENTRA}/{{tenantid}}/v2.0", "contoso.example", "This is no tenant's id."),
    ],
)
def test_an_issuer_of_many_tenants_is_bound_to_one(issuer: str, tenant: str, field: str, tmp_path: Path) -> None:
    """Else anybody with an account there could sign in."""
    text = SOUND.replace(f"{ENTRA}/{{tenantid}}/v2.0", issuer)
    text = text.replace(f"    tenant: {TENANT}\n", f"    tenant: {tenant}\n" if tenant else "")
    assert field in [detail for *_, detail in faults(tmp_path, text)]


def test_one_issuer_and_tenant_is_one_authoritys(tmp_path: Path) -> None:
    first, second = SOUND.split("  - name: ")[1:]
    twice = first.replace("stockport\n    label", "salford\n    label", 1).replace(STOCKPORT, SALFORD)
    text = f"issuers:\n  - name: {first}  - name: {second}  - name: {twice}"
    assert [detail for *_, detail in faults(tmp_path, text)] == ["Another entry has this issuer and tenant."]
    other = twice.replace(TENANT, TENANT.replace("a", "b"))
    assert len(read(tmp_path, f"issuers:\n  - name: {first}  - name: {other}")) == 2, "another tenant is another"
    named = first.replace(TENANT, TENANT.replace("a", "b"))
    text = f"issuers:\n  - name: {first}  - name: {named}"
    assert [detail for *_, detail in faults(tmp_path, text)] == ["Another issuer has this name."]


@pytest.mark.parametrize("text", ["", "issuers: []\n", "issuers: x\n", "- a\n", "issuers: [\n", "other: []\n"])
def test_what_is_no_list_of_issuers(text: str, tmp_path: Path) -> None:
    assert faults(tmp_path, text)


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://id.hub.example/token", True),
        ("https://keys.hub.example/jwks", True),
        ("http://id.hub.example/token", False),
        ("https://id.hub.example:8443/token", False),
        ("https://id.hub.example.evil.example/token", False),
        ("https://id.hub.example@evil.example/token", False),
        ("https://user@id.hub.example/token", False),
        ("https://keys.hub.example:22/jwks", False),
        ("https://id.hub.example/token#x", False),
        ("https://id.hub.example:x/token", False),
        ("//id.hub.example/token", False),
        ("https://id.hub.example/to ken", False),
        (None, False),
        (["https://id.hub.example/token"], False),
    ],
)
def test_which_addresses_are_an_issuers_own(url: Any, own: bool, tmp_path: Path) -> None:
    assert read(tmp_path, SOUND)[1].is_own(url) is own


def settings(folder: Path, config_dir: Path, **changes: Any) -> Settings:
    key = folder / "people.key"
    key.write_text("k" * 64)
    (folder / "stockport.secret").write_text("fictional")
    given: dict[str, Any] = {
        "database_url": "", "broker_url": "", "config_dir": config_dir, "keys_dir": None, "token_minutes": 10,
        "token_signing_key_file": None, "token_public_key_file": None, "lease_seconds": 1, "sweep_seconds": 1,
        "reviews_seconds": 1, "people_file": folder / "people.yml", "people_key_file": key,
        "public_url": "https://bridge.example", "hub_public_url": "https://hub.example",
    }  # fmt: skip
    return Settings(**(given | changes))


def started(folder: Path, config_dir: Path, *, hub: bool, **changes: Any) -> Flask:
    (folder / "people.yml").write_text(SOUND)
    engine = create_engine("postgresql+psycopg://nobody@localhost/nothing")
    return let_people_in(Flask("x"), settings(folder, config_dir, **changes), engine, hub=hub)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"people_key_file": None}, "WISE_PEOPLE_KEY_FILE"),
        ({"people_key_file": Path("/nowhere")}, "WISE_PEOPLE_KEY_FILE"),
        ({"public_url": ""}, "WISE_PUBLIC_URL"),
        ({"public_url": "http://bridge.example"}, "WISE_PUBLIC_URL"),
        ({"public_url": "https://bridge.example/path"}, "WISE_PUBLIC_URL"),
    ],
    ids=str,
)
def test_without_a_key_or_an_address_nobody_can_sign_in(
    changes: dict[str, Any], field: str, tmp_path: Path, config_dir: Path
) -> None:
    with pytest.raises(ConfigurationFault) as raised:
        started(tmp_path, config_dir, hub=False, **changes)
    assert [each.field for each in raised.value.faults] == [field]


def test_a_side_needs_its_own_peoples_secrets_alone(tmp_path: Path, config_dir: Path) -> None:
    """The Hub's secret is not there."""
    people = started(tmp_path, config_dir, hub=False).extensions["wise_bridge_people"]
    assert list(people.providers) == ["stockport"]
    with pytest.raises(ConfigurationFault, match="hub: client_secret_file"):
        started(tmp_path, config_dir, hub=True)
