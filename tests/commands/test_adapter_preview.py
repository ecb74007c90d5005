"""`wise-bridge adapter preview`: every word that is sent, every value that is not, and what the Hub sees."""

from __future__ import annotations

import json
import stat
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from service.adapters.mapping import compile_mapping
from service.central.rounding import THRESHOLD
from service.configuration import profiles
from service.domain.fact import FIELDS
from service.officer.previewing import REFERENCE
from tests.commands.officer import EXAMPLES, STOCKPORT, adapter, change, config
from tests.support.config import CONFIG

__all__ = ["config"]
RECORDS = sorted(EXAMPLES.glob("*.json"))
MARKUP = "<script>alert(1)</script> [bold]no[/bold] \u202eturned\u202c"


def previewed(record: Path, *arguments: str | Path) -> dict[str, Any]:
    ended = adapter("preview", record, "--json", *arguments)
    assert ended.exit_code == 0, ended.output
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def changed(folder: Path, **members: Any) -> Path:
    record = json.loads(STOCKPORT.read_text("utf-8"))
    for path, value in members.items():
        *above, name = path.split("__")
        part = record
        for each in above:
            part = part[each]
        part[name] = value
    file = folder / "record.json"
    file.write_text(json.dumps(record), "utf-8")
    return file


@pytest.mark.parametrize("record", RECORDS, ids=lambda file: file.stem)
def test_what_is_shown_is_what_is_sent(record: Path) -> None:
    content = json.loads(record.read_text("utf-8"))
    profile = profiles(CONFIG)[content["authority"]]
    mapping = compile_mapping(profile.records[content["record_type"]].mapping)
    found = previewed(record)
    sent = [(each["question"], each["row"], each["value"]) for each in found["sent"]]
    assert sent == [(each.code, each.row, each.value) for each in mapping.apply(content, REFERENCE)]
    assert all(each["where"].startswith("mappings/") and each["rendering"] for each in found["sent"])
    assert all(each["heading"] for each in (*found["sent"], *found["not_sent"]))
    assert all(each["reason"] for each in found["not_sent"])


@pytest.mark.parametrize("record", RECORDS, ids=lambda file: file.stem)
def test_the_hubs_part_is_the_facts_codes_and_the_threshold(record: Path) -> None:
    content, hub = json.loads(record.read_text("utf-8")), previewed(record)["hub"]
    assert tuple(hub["fact"]) == FIELDS
    assert hub["fact"]["authority"] == content["authority"]
    assert f"under {THRESHOLD}," in hub["how"]


def test_a_person_reads_every_word_and_is_told_that_it_is_the_record() -> None:
    ended = adapter("preview", STOCKPORT)
    assert ended.exit_code == 0
    assert ended.stdout.startswith("This shows the record itself.")
    together = "".join(ended.stdout.split())
    for each in previewed(STOCKPORT)["sent"]:
        assert all(word in together for word in each["value"].split()), each["question"]
    for heading in ("What is sent", "What is NOT sent", "The document", "What the Hub will see"):
        assert heading in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 100


def test_a_refused_record_shows_its_faults_and_nothing_to_be_sent(tmp_path: Path) -> None:
    file = changed(tmp_path, risk_level="medium", analysis_narrative="--")
    ended = adapter("preview", file)
    assert ended.exit_code == 1
    assert "X-2" in ended.stdout
    assert "X-6" in ended.stdout
    assert "What is sent" not in ended.stdout
    told = json.loads(adapter("preview", file, "--json").stdout)
    assert told["valid"] is False
    assert {fault["code"] for fault in told["errors"]} >= {"X-2", "X-6"}


def test_a_restricted_record_and_third_parties_are_said(tmp_path: Path) -> None:
    found = previewed(changed(tmp_path, young_person__restricted_record=True))
    assert found["restricted"] is True
    assert found["around"]["restricted"].startswith("yes")
    assert found["third_parties"]["risk_subjects"] == 1
    assert "/risk_subjects/*/descriptor" in found["third_parties"]["sent"]
    assert found["document"]["pages"] > 1


def test_another_authoritys_profile_may_be_tried_and_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "trafford.yaml"
    adapter("new", "--system", "mosaic", "--authority", "Trafford", "--out", file)
    found = previewed(STOCKPORT, "--profile", file)
    assert (found["authority"], found["record_names"]) == ("E08000009", "E08000007")
    assert any("not in use" in note for note in found["notes"])
    assert any("names Stockport" in note for note in found["notes"])
    assert found["sent"][0]["question"] == "WISE_OWN_WORDS"
    assert previewed(STOCKPORT, "--authority", "Salford")["name"] == "Salford"


def test_own_words_for_codes_and_long_texts_show_their_rule(config: Path) -> None:
    row = "as: words, codes: {referred: To panel}, other_codes: words}"
    change(
        config / "mappings/lcs/panel_and_review.yaml",
        ("from: /panel_referral/decision, as: words}", f"from: /panel_referral/decision, {row}"),
    )
    found = previewed(STOCKPORT, "--config", config)
    (panel,) = [each for each in found["sent"] if each["source"] == "/panel_referral/decision"]
    assert panel["codes"] == "own words for 1 codes, others: words"


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_says_the_same_and_runs_nothing(tmp_path: Path) -> None:
    record, file = changed(tmp_path, analysis_narrative=f"A fictional look. {MARKUP}"), tmp_path / "page.html"
    found = previewed(record, "--html", file)
    page = Page(file.read_text("utf-8"))
    assert "script" not in page.tags
    assert all(link.startswith("#") for link in page.links)
    for each in found["sent"]:
        assert each["value"].replace("\u202e", "⟨202E⟩").replace("\u202c", "⟨202C⟩") in page.words
    assert all(each["reason"] in page.words for each in found["not_sent"])
    assert found["hub"]["how"] in page.words
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_word_of_a_record_steers_the_terminal(tmp_path: Path) -> None:
    shown = adapter("preview", changed(tmp_path, analysis_narrative=f"A fictional look. {MARKUP}")).stdout
    assert "[bold]no[/bold]" in " ".join(shown.split())
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_a_page_is_made_anew_but_no_other_file_is_touched(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    for _ in range(2):
        assert adapter("preview", STOCKPORT, "--html", file).exit_code == 0
    file.write_text("mine", "utf-8")
    ended = adapter("preview", STOCKPORT, "--html", file)
    assert (ended.exit_code, file.read_text("utf-8")) == (2, "mine")


def test_a_withdrawal_sends_no_answer_and_says_what_it_does() -> None:
    ended = adapter("preview", EXAMPLES / "withdrawals" / "stockport.json")
    assert ended.exit_code == 2
    assert "is a withdrawal" in ended.stderr


def test_what_a_record_says_is_never_taken_for_a_file_nor_repeated(tmp_path: Path) -> None:
    file = tmp_path / "Quetzalcoatlus.yaml"
    file.write_bytes((CONFIG / "authorities/oldham.yaml").read_bytes())
    for said in (str(file), "stockport", ["E08000007"], None):
        ended = adapter("preview", changed(tmp_path, authority=said))
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert ended.stderr == "There is no profile for the authority this record names. Try one with --authority.\n"


@pytest.mark.parametrize(
    "arguments",
    [["--authority", "Oldam"], ["--profile", "none.yaml"], ["--authority", "Oldham", "--profile", "x.yaml"]],
)
def test_what_cannot_be_tried_ends_with_2(arguments: list[str]) -> None:
    ended = adapter("preview", STOCKPORT, *arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr
