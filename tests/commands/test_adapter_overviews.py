"""`wise-bridge adapter coverage` and `conformance`: what is there, and whether it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.adapters.mapping.catalogue import catalogue_of
from service.configuration import profiles
from service.domain.records import RECORDS
from service.officer import conformance
from service.officer.able import CAN, WITHOUT
from service.ports import Ability
from tests.commands.officer import adapter, change, config
from tests.support.config import CONFIG

__all__ = ["config"]


def test_every_field_is_either_sent_or_has_a_reason() -> None:
    found = json.loads(adapter("coverage", "--json").stdout)
    assert [each["authority"] for each in found] == list(profiles(CONFIG))
    for each in found:
        for kind, record in each["records"].items():
            assert record["mapped"] + record["left"] == len(catalogue_of(kind).leaves)
            assert sum(record["reasons"].values()) == record["left"]
            assert record["checked"] is True


def test_every_ability_has_words() -> None:
    assert set(CAN) == set(WITHOUT) == set(Ability)


def test_what_is_not_known_is_not_called_fine(config: Path) -> None:
    change(config / "mappings/mosaic/wise_assessment.yaml", ("form: mosaic/wise_assessment.yaml\n", ""))
    change(config / "authorities/stockport.yaml", ("records:\n", "records:\n  nwg_assessment: not_taken\n"))
    found = {each["name"]: each for each in json.loads(adapter("coverage", "--json", "--config", config).stdout)}
    assert found["Oldham"]["records"]["wise_assessment"]["checked"] is False
    assert found["Stockport"]["records"]["nwg_assessment"] is None
    shown = adapter("coverage", "--config", config).stdout
    (oldham,) = [line for line in shown.splitlines() if line.startswith(" Oldham")]
    assert "not taken" in " ".join(shown.split())
    assert "/" in oldham


def test_the_link_says_what_it_cannot_do() -> None:
    shown = " ".join(adapter("coverage").stdout.split())
    assert WITHOUT[Ability.ASKS_WHO].split(",")[0] in shown, "LCS checks the person itself"
    assert max(map(len, adapter("coverage").stdout.splitlines())) <= 100


def test_the_page_shows_every_authority(tmp_path: Path) -> None:
    file = tmp_path / "coverage.html"
    assert adapter("coverage", "--html", file).exit_code == 0
    page = file.read_text("utf-8")
    assert all(profile.name in page for profile in profiles(CONFIG).values())
    assert "<script" not in page


def test_profiles_that_do_not_load_have_no_coverage(config: Path) -> None:
    change(config / "authorities/oldham.yaml", ("interval_months: 3", "interval_months: often"))
    ended = adapter("coverage", "--config", config)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "review.interval_months" in ended.stderr


def test_promises_are_kept_and_what_cannot_happen_has_its_reason() -> None:
    ended = adapter("conformance", "mosaic", "-k", "a_check_on_a_good_day or every_reason", "--json")
    found = json.loads(ended.stdout)
    assert ended.exit_code == 0, found
    assert {each["promise"]: each["standing"] for each in found["promises"]} == {
        "every reason for a withdrawal is taken": "kept",
        "a check on a good day finds nothing wrong": "kept",
    }
    assert "no open referral" in found["cannot_happen"]["no_episode"]
    assert "passed" in found["closing"]


SUITE = """
import pytest

class TestSmall:
    class World:
        cannot_happen = {"locked": "Nobody opens anything there."}

    def test_a_promise_is_kept(self): ...
    @pytest.mark.parametrize("fault", ["hang", "reset"])
    def test_a_bad_day(self, fault): assert fault == "hang"
    @pytest.fixture
    def broken(self): raise OSError
    def test_a_start(self, broken): ...
    @pytest.mark.skip
    def test_a_rest(self): ...
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout with a suite of its own, of which not all is kept."""
    folder = tmp_path / "tests" / "conformance"
    folder.mkdir(parents=True)
    (folder / "test_small.py").write_text(SUITE, "utf-8")
    (folder / "test_nothing.py").write_text("", "utf-8")
    (tmp_path / "service").symlink_to(CONFIG.parent / "service")
    monkeypatch.setattr(conformance, "ROOT", tmp_path)


@pytest.mark.usefixtures("small")
def test_what_is_broken_is_named_with_its_case() -> None:
    ended = adapter("conformance", "small", "--json")
    found = json.loads(ended.stdout)
    standings = {each["promise"]: (each["standing"], each["cases"], each["failed"]) for each in found["promises"]}
    assert ended.exit_code == 1
    assert standings == {
        "a promise is kept": ("kept", 1, []),
        "a bad day": ("broken", 2, ["reset"]),
        "a start": ("broken", 1, [""]),
        "a rest": ("not tried", 1, []),
    }
    assert found["cannot_happen"] == {"locked": "Nobody opens anything there."}
    shown = adapter("conformance", "small").stdout
    for words in ("✗ BROKEN", "✓ kept", "– not tried", "cannot happen", "1 failed"):
        assert words in " ".join(shown.split())


@pytest.mark.usefixtures("small")
def test_a_suite_without_a_test_was_not_tried() -> None:
    assert adapter("conformance", "nothing").exit_code == 2
    assert adapter("conformance", "small", "-k", "no_such").exit_code == 2


@pytest.mark.parametrize("kind", ["mosiac", "../test_mosaic", "zzz"])
def test_a_kind_without_a_suite_is_told_how_to_begin_one(kind: str) -> None:
    ended = adapter("conformance", kind)
    assert ended.exit_code == 2
    assert "There is no suite" in ended.stderr
    assert "docs/adding-a-case-system.md" in ended.stderr
    assert len(RECORDS) == 3
