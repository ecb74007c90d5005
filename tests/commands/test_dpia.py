"""`wise-bridge dpia`: the pack of every authority, from what is there and with nothing secret."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.adapters.mapping.catalogue import catalogue_of
from service.cli import main
from service.configuration import profiles
from service.domain.fields import leaves
from service.domain.records import RECORDS
from service.officer.errors import CannotRun
from service.officer.impact.held import Unexplained, held
from service.officer.impact.security_page import protected, still_open
from service.officer.impact.told import SETTINGS
from service.settings import ROOT
from service.store.clients import ClientRows
from service.store.engine import short_lived_engine
from tests.commands.officer import change, config
from tests.support.config import CONFIG
from tests.support.servers import Database

__all__ = ["config"]
PROFILES = profiles(CONFIG)
CANARY = "Xa9canaryQ"


def dpia(*arguments: str | Path, environ: dict[str, str] | None = None) -> Result:
    ended = CliRunner().invoke(main, ["dpia", *map(str, arguments)], env=environ)
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended


@pytest.mark.parametrize("authority", PROFILES)
def test_every_authority_has_its_pack_with_every_field_and_its_purpose(authority: str) -> None:
    found = json.loads(dpia("--authority", authority, "--json").stdout)
    page = dpia("--authority", authority).stdout
    assert [each["kind"] for each in found["held"]] == list(PROFILES[authority].records)
    for each in found["held"]:
        listed = {field["path"]: field for field in each["fields"]}
        assert listed.keys() == catalogue_of(each["kind"]).leaves.keys()
        assert all(field["purpose"] and field["name"] for field in each["fields"])
        for path, field in leaves(RECORDS[each["kind"]]):
            assert listed[path]["klass"] == field.klass.value
            assert f"| `{path}` |" in page
    assert page.startswith(f"# Data-protection impact pack: {PROFILES[authority].name}\n")


def test_the_same_configuration_makes_the_same_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = dpia("--authority", "oldham").stdout
    monkeypatch.chdir(tmp_path)
    assert dpia("--authority", "E08000004").stdout == first


def test_every_table_of_the_page_is_whole(config: Path) -> None:
    """A sign of a table inside a value would end its cell."""
    change(config / "authorities/oldham.yaml", ('label: "WISE assessment"', 'label: "WISE | <b>form</b>"'))
    page = dpia("--authority", "oldham", "--config", config).stdout
    width = 0
    for line in page.splitlines():
        cells = line.replace("\\|", "").count("|")
        assert not line.startswith("|") or width in (0, cells), line
        width = cells if line.startswith("|") else 0
    assert "WISE \\| &lt;b>form" in page
    assert "<b>" not in page


def test_a_mapping_that_changes_changes_the_purpose(config: Path) -> None:
    change(config / "mappings/mosaic/wise_assessment.yaml", ("to: WISE_EVENT_SUMMARY", "to: WISE_WHAT_HAPPENED"))
    change(config / "forms/mosaic/wise_assessment.yaml", ("WISE_EVENT_SUMMARY", "WISE_WHAT_HAPPENED"))
    page = dpia("--authority", "oldham", "--config", config).stdout
    (line,) = [each for each in page.splitlines() if "WISE_WHAT_HAPPENED" in each]
    assert "`/significant_events/*/summary`" in line


def test_a_field_without_a_purpose_is_never_written_as_if_it_had_one() -> None:
    profile = PROFILES["E08000004"]
    target = profile.records["wise_assessment"]
    records = {"wise_assessment": replace(target, mapping=replace(target.mapping, not_sent=()))}
    with pytest.raises(Unexplained, match="/la_child_id"):
        held(replace(profile, records=records))


def test_no_value_of_a_secret_is_written() -> None:
    """Every setting and every reference of the profile is set to something secret; hosts alone may be told."""
    address = f"https://{CANARY}:{CANARY}@told.example/{CANARY}?key={CANARY}"
    numbers = ("minutes", "seconds", "second", "dir", "sandbox", "openapi")
    environ = {f"WISE_{name.upper()}": address for name in SETTINGS if name.rpartition("_")[2] not in numbers}
    environ |= {"WISE_KEYS_DIR": f"/{CANARY}", "WISE_ALARM_MAIL_TO": f"{CANARY} <{CANARY}@mail.example>"}
    environ |= {"OLDHAM_MOSAIC_BASE_URL": address, "OLDHAM_MOSAIC_API_KEY": CANARY}
    for form in ((), ("--json",)):
        written = dpia("--authority", "oldham", *form, environ=environ).stdout
        assert CANARY not in written
        assert "told.example:443" in written, "where records go is told"
        assert "mail.example" in written


def test_a_setting_that_is_none_is_told_as_a_fault() -> None:
    ended = dpia("--authority", "oldham", environ={"WISE_TOKEN_MINUTES": "many"})
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "WISE_TOKEN_MINUTES" in ended.stderr


def test_the_authoritys_clients_and_nobody_elses(database: Database) -> None:
    with short_lived_engine(database.url("wise_owner")) as engine:
        rows = ClientRows(engine)
        own, secret = rows.create(authority="E08000004", name="Oldham forms", scopes=["records:write"])
        other, _ = rows.create(authority="E08000007", name="Stockport forms", scopes=["records:write"])
        rows.revoke(own, by="Ann Example")
    environ = {"WISE_DATABASE_URL": database.url("wise_owner")}
    written = dpia("--authority", "oldham", "--clients", environ=environ).stdout
    assert f"| `{own}` | Oldham forms | revoked | records:write |" in written
    assert other not in written
    assert secret not in written
    assert database.passwords["wise_owner"] not in written
    assert "was not asked" in dpia("--authority", "oldham").stdout


def test_a_pack_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "oldham.md"
    assert dpia("--authority", "oldham", "--out", file).exit_code == 0
    before = file.read_text("utf-8")
    ended = dpia("--authority", "bury", "--out", file)
    assert (ended.exit_code, file.read_text("utf-8")) == (2, before)
    assert "is there already" in ended.stderr


def test_an_authority_that_is_not_there_is_told_the_nearest() -> None:
    ended = dpia("--authority", "oldam")
    assert ended.exit_code == 2
    assert "Did you mean Oldham" in ended.stderr


def test_risks_are_those_of_the_security_page(tmp_path: Path) -> None:
    page = ROOT / "SECURITY.md"
    written = dpia("--authority", "oldham").stdout
    points = page.read_text("utf-8").partition("## What is not, yet")[2].partition("\n## ")[0].count("\n* ")
    assert len(still_open(page)) == points > 0
    assert all(f"* {each}" in written for each in still_open(page))
    assert {what for what, _ in protected(page)} >= {"a record from loss", "another child's file"}
    (tmp_path / "SECURITY.md").write_text("# Security\n\n## What is not, yet\n\n## Nothing\n", "utf-8")
    for place in (tmp_path / "SECURITY.md", tmp_path / "none.md"):
        with pytest.raises(CannotRun):
            still_open(place)
