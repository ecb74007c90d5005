"""`wise-bridge release` from the build to the ledger, with the shipped catalogue, protection and audit."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.commands.release import release
from tests.central.releases.conftest import Put
from tests.central.releases.made import Q4, fact
from tests.support.servers import Database

BUILT, APPROVED = ("--by", "Ann Example"), ("--by", "Ben Example")


@pytest.fixture(autouse=True)
def _role(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WISE_DATABASE_URL", database.url("wise_release"))
    monkeypatch.delenv("WISE_CONFIG_DIR", raising=False)


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(release, words)
    assert result.exit_code == code, result.output
    return result


def answer(*words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code).stdout)


UNREAD = ("--digest", "0" * 12)
QUARTER = "2026Q1"
"""Of the shipped catalogue's first year; its release day is past by any clock these tests run under."""


def test_from_the_build_to_the_ledger(put: Put) -> None:
    put(Counter({fact(quarter=QUARTER, exploitation=each): 20 for each in ("experiencing", "at_risk")}))
    assert "Nothing was built yet" in run("show").output
    said = run("build", QUARTER, *BUILT)
    assert "Next: wise-bridge release audit 2026Q1" in said.output
    assert "Protecting" in said.stderr
    assert answer("audit", QUARTER)["audit"]["passed"] is True
    read = ("--digest", answer("show", QUARTER)["digest"][:12])
    assert "does not have this digest" in run("approve", QUARTER, *UNREAD, *APPROVED, code=2).stderr
    assert "by somebody else than who built it" in run("approve", QUARTER, *read, *BUILT, code=2).stderr
    assert "is approved by Ben Example" in run("approve", QUARTER, *read, *APPROVED).output
    assert "is published as number 1" in run("publish", QUARTER, *APPROVED).output
    assert "1 releases: every digest and every link agrees" in run("verify").output
    assert answer("verify") == {"good": True, "fault": None, "releases": 1}
    (listed,) = answer("show")
    assert (listed["quarter"], listed["number"], listed["built_by"]) == (QUARTER, 1, "Ann Example")
    assert "published" in run("show", QUARTER).output
    assert answer("show", QUARTER)["release"]["quarter"] == QUARTER
    assert "never made again" in run("build", QUARTER, *BUILT, code=2).stderr


def people_file(folder: Path, authority: str) -> Path:
    """An issuer for the people of an authority, or the Hub. Nobody asks it anything."""
    issuer = {"issuer": "https://issuer.example/realms/wise", "client_id": "wise-bridge", "claim": "roles"}
    role = "hub_approver" if authority == "hub" else "approver"
    named = {"name": "people", "label": "Fictional people", "authority": authority, "client_secret_file": "secret"}
    file = folder / "people.yml"
    file.write_text(json.dumps({"issuers": [issuer | named | {"roles": {"WISE.Approver": role}}]}))
    return file


def test_where_approvers_sign_in_no_name_is_taken(put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(Counter({fact(quarter=QUARTER, exploitation=each): 20 for each in ("experiencing", "at_risk")}))
    run("build", QUARTER, *BUILT)
    run("audit", QUARTER)
    read = ("--digest", answer("show", QUARTER)["digest"][:12])
    monkeypatch.setenv("WISE_PEOPLE_FILE", str(people_file(tmp_path, "hub")))
    monkeypatch.setenv("WISE_HUB_PUBLIC_URL", "https://hub.example/")
    refused = run("approve", QUARTER, *read, *APPROVED, code=2)
    assert "no typed name is taken. Approve it at https://hub.example/approvals." in refused.stderr
    assert "Ben Example" not in refused.output
    assert answer("show", QUARTER)["approved_by"] is None
    monkeypatch.delenv("WISE_PEOPLE_FILE")
    assert "https://hub.example/approvals" in run("approve", QUARTER, *read, *APPROVED, code=2).stderr
    monkeypatch.delenv("WISE_HUB_PUBLIC_URL")
    monkeypatch.setenv("WISE_PEOPLE_FILE", str(people_file(tmp_path, "hub")))
    assert "at /approvals of the Hub" in run("approve", QUARTER, *read, *APPROVED, code=2).stderr
    monkeypatch.setenv("WISE_PEOPLE_FILE", str(tmp_path / "not-there.yml"))
    assert "Traceback" not in run("approve", QUARTER, *read, *APPROVED, code=2).output


@pytest.mark.parametrize(("authority", "sandbox"), [("E08000007", "0"), ("hub", "1")])
def test_elsewhere_a_name_is_taken_as_before(
    authority: str, sandbox: str, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only authorities' people sign in, and in a sandbox."""
    put(Counter({fact(quarter=QUARTER, exploitation=each): 20 for each in ("experiencing", "at_risk")}))
    run("build", QUARTER, *BUILT)
    run("audit", QUARTER)
    monkeypatch.setenv("WISE_PEOPLE_FILE", str(people_file(tmp_path, authority)))
    monkeypatch.setenv("WISE_SANDBOX", sandbox)
    digest = ("--digest", answer("show", QUARTER)["digest"][:12])
    assert "is approved by Ben Example" in run("approve", QUARTER, *digest, *APPROVED).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("build", "Zqx", *BUILT), "Write it as 2026Q3"),
        (("build", "2999Q4", *BUILT), "is not due yet"),
        (("build", "9999Q4", *BUILT), "Write it as 2026Q3"),
        (("show", "\udcff"), "Write it as 2026Q3"),
        (("build", QUARTER, *BUILT, "--missing", "Zqx"), "takes codes of the catalogue's authorities"),
        (("audit", QUARTER), "There is no build of this quarter"),
        (("approve", QUARTER, *UNREAD, *APPROVED), "There is no build of this quarter"),
        (("publish", QUARTER, *APPROVED), "There is no build of this quarter"),
        (("show", QUARTER), "There is no build of this quarter"),
        (("build", "2019Q1", *BUILT), "No catalogue is in force in that quarter"),
    ],
)
def test_a_refusal_is_a_sentence_and_exit_code_2(words: tuple[str, ...], said: str) -> None:
    refused = run(*words, code=2)
    assert said in refused.stderr
    assert "Zqx" not in refused.stderr
    assert "Traceback" not in refused.output


def test_a_damaged_ledger_is_exit_code_1(put: Put, database: Database) -> None:
    put(Counter({fact(quarter=QUARTER): 20}))
    for words in (("build", *BUILT), ("audit",)):
        run(words[0], QUARTER, *words[1:])
    run("approve", QUARTER, *APPROVED, "--digest", answer("show", QUARTER)["digest"])
    run("publish", QUARTER, *APPROVED)
    with database.as_admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE central.ledger SET published_by = 'Somebody Else'")
    assert "does not say what is kept beside it" in run("verify", code=1).output
    assert answer("verify", code=1)["good"] is False


def test_without_its_role_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WISE_DATABASE_URL")
    assert "WISE_DATABASE_URL" in run("show", code=2).stderr


def test_another_role_is_told_that_it_is_not_let_in(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WISE_DATABASE_URL", database.url("wise_central"))
    assert "does not let this role in" in run("show", code=2).stderr
    assert Q4 not in run("verify", code=2).output
