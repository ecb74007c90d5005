"""The settings of a system over REST: what may be replaced is what the protocol page says, and faults come together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.adapters.generic_rest.connection import open_rest
from service.adapters.generic_rest.schema import DOCUMENT, SCHEMA
from service.adapters.generic_rest.system import RestCaseSystem
from service.adapters.generic_rest.vocabulary import CODES, PATHS, PROPERTIES, WORDS
from service.adapters.shared.link import Link
from service.errors import ConfigurationFault

PAGE = (Path(__file__).parents[2] / "docs" / "protocols" / "generic-rest.md").read_text(encoding="utf-8")
GOOD = {"base_url": "https://ics.example/api", "dialect": "plain", "sign_in": "api_key", "api_key": "fictional"}
HIDDEN = "fictional-secret-7781"


def faults(**changes: str) -> set[tuple[str, str]]:
    """The settings at fault, each with what is wrong."""
    with pytest.raises(ConfigurationFault) as caught:
        RestCaseSystem(Link({**GOOD, **changes}, {}, {}))
    assert HIDDEN not in str(caught.value)
    return {(fault.field, fault.detail) for fault in caught.value.faults}


def fields(**changes: str) -> set[str]:
    return {field for field, _ in faults(**changes)}


def row(what: str) -> set[str]:
    """The words in a row of the page's table of what may be replaced."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {what} |")]
    return set(re.findall(r"`([^`]+)`", line)) - {"/"}


def test_everything_the_page_lets_a_profile_replace_can_be_replaced() -> None:
    assert set(PATHS) == row("paths")
    assert set(PROPERTIES) == row("properties")
    assert set(WORDS) == row("state words")
    refusals = PAGE.split("## Refusals")[1].split("## People")[0]
    table, listed = refusals.split("Faults of a 422:")
    codes = set(re.findall(r"`([A-Z_]{5,})`", "\n".join(re.findall(r"^\| [0-9].*\|$", table, re.MULTILINE))))
    assert set(CODES) == (codes - {"ASSERT_"}) | set(re.findall(r"`([A-Z_]+)`", listed))
    assert {"key_header", "token_url", "scope", "method", "paths", "properties", "words", "codes"} <= set(
        SCHEMA.connection
    )


def test_what_is_secret_may_only_be_referred_to() -> None:
    secret = {name for name, setting in SCHEMA.connection.items() if setting.secret}
    assert secret == {"api_key", "password", "client_secret", "client_key", "proxy_password"}
    assert (DOCUMENT.connection, DOCUMENT.task) == (SCHEMA.connection, {})


@pytest.mark.parametrize(
    ("way", "needed"),
    [
        ("api_key", {"api_key"}),
        ("basic", {"user", "password"}),
        ("oauth2", {"client_id", "client_secret", "token_url"}),
        ("certificate", {"client_certificate", "client_key"}),
    ],
)
def test_what_each_sign_in_needs(way: str, needed: set[str]) -> None:
    assert fields(sign_in=way, api_key="") == needed


def test_every_fault_is_told_at_once_and_no_value() -> None:
    found = fields(
        base_url=f"http://{HIDDEN}.example/api",
        dialect=HIDDEN,
        api_key=f"{HIDDEN}\n",
        key_header="If-Match",
        token_url=f"https://{HIDDEN}@example/token",
        paths=f"people={HIDDEN}/../..",
        properties=f"{HIDDEN}=x",
        method=HIDDEN,
    )
    assert found == {"base_url", "dialect", "api_key", "key_header", "token_url", "paths", "properties", "method"}


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("paths", "records=/records"),
        ("paths", "records=a/./b"),
        ("paths", "records=a?b"),
        ("paths", "people=records"),
        ("properties", "id=childId"),
        ("properties", "id"),
        ("properties", "no_such=x"),
        ("words", "draft=complete"),
        ("codes", "LOCKED="),
        ("key_header", "X Key"),
        ("user", "a:b"),
    ],
)
def test_replacements_that_cannot_be(setting: str, given: str) -> None:
    assert fields(**{setting: given}) == {setting}


@pytest.mark.parametrize("setting", ["paths", "properties", "words", "codes", "method"])
def test_nothing_is_replaced_in_odata(setting: str) -> None:
    sound = {"paths": "people=persons", "properties": "id=key", "words": "draft=open2", "codes": "LOCKED=L"}
    given = {**sound, "method": "PUT"}[setting]
    assert faults(dialect="odata", **{setting: given}) == {(setting, "OData's names and methods are not replaced.")}


def test_a_certificate_needs_tls(tmp_path: Path) -> None:
    assert "base_url" in fields(base_url="http://127.0.0.1:1/api", sign_in="certificate")


def test_two_words_may_change_places() -> None:
    rest = open_rest(Link({**GOOD, "words": "draft=complete, complete=draft"}, {}, {}), 20.0)
    assert rest.dialect.vocabulary.read({"state": "draft"}) == {"state": "complete"}


def test_no_setting_is_shown() -> None:
    system = RestCaseSystem(Link({**GOOD, "api_key": HIDDEN}, {}, {}))
    assert HIDDEN not in repr(system) + repr(vars(system))
