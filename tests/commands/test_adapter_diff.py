"""`wise-bridge adapter diff`: what a change means, and what is only another spelling."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands.officer import STOCKPORT, adapter, change, config, edit
from tests.support.config import CONFIG

__all__ = ["config"]
PANEL = "mappings/lcs/panel_and_review.yaml"
DECISION = "from: /panel_referral/decision, as: words}"


def changes(config: Path, *arguments: str | Path) -> list[dict[str, Any]]:
    """Of Stockport as it is shipped, and as `config` has it."""
    ended = adapter("diff", "stockport", "stockport", "--old-config", CONFIG, "--config", config, "--json", *arguments)
    found = json.loads(ended.stdout)
    assert ended.exit_code == (0 if found["same"] else 1)
    assert found["same"] is (found["changes"] == [])
    return list(found["changes"])


def said(config: Path, *arguments: str | Path) -> set[tuple[str, str, str]]:
    return {(each["part"], each["kind"], each["what"]) for each in changes(config, *arguments)}


def test_other_spelling_is_no_difference(config: Path) -> None:
    edit(config / PANEL, lambda text: "# another comment\n" + text.replace("as: words}", "as: 'words' }"))
    edit(config / "authorities/stockport.yaml", lambda text: text.replace("name: Stockport", 'name:   "Stockport"'))
    assert changes(config) == []
    people = adapter("diff", "stockport", "stockport", "--old-config", CONFIG, "--config", config)
    assert (people.exit_code, people.stdout) == (0, "Both mean the same.\n")


def test_a_setting_also_of_the_extended_file_is_told(config: Path) -> None:
    change(config / "authorities/common/lcs.yaml", ("window_days: 14", "window_days: 21"))
    (only,) = changes(config)
    assert only == {"part": "settings", "what": "review.window_days", "kind": "changed", "old": "14", "new": "21"}


def test_a_row_changed_in_how_it_is_written_down(config: Path) -> None:
    change(config / PANEL, (DECISION, "from: /panel_referral/decision, as: code}"))
    kinds = ("wise_assessment", "rise_meeting_output", "nwg_assessment")
    found = changes(config)
    assert {each["what"] for each in found} <= {f"{kind} panelDecision" for kind in kinds}
    assert found
    assert all(each["old"].endswith("as words") and each["new"].endswith("as code") for each in found)


def test_a_row_under_another_name_has_been_renamed(config: Path) -> None:
    edit(config / PANEL, lambda text: text.replace("{to: panelDecision,", "{to: panelOutcome,"))
    for form in (config / "forms/lcs").glob("*.yaml"):
        edit(form, lambda text: text.replace("code: panelDecision,", "code: panelOutcome,"))
    (row,) = [each for each in changes(config) if each["what"].startswith("wise") and each["part"] == "rows"]
    assert (row["kind"], row["old"], row["new"]) == ("renamed", "panelDecision", "panelOutcome")


def test_words_for_codes_are_told_word_by_word(config: Path) -> None:
    own = "from: /panel_referral/decision, as: words, codes: {referred: To panel}, other_codes: words}"
    change(config / PANEL, (DECISION, own))
    assert ("codes", "added", "wise_assessment panelDecision: referred") in said(config)


def test_a_row_taken_out_is_removed_here_and_not_sent_there(config: Path) -> None:
    edit(config / PANEL, lambda text: re.sub(r".*to: panelDecision,.*\n", "", text))
    edit(
        config / PANEL,
        lambda text: text + "\nnot_sent:\n  - {path: /panel_referral/decision, reason: Told by telephone.}\n",
    )
    assert said(config) >= {
        ("rows", "removed", "wise_assessment panelDecision"),
        ("not sent", "added", "wise_assessment /panel_referral/decision"),
    }


def test_a_row_that_only_moved_is_the_only_one_told(config: Path) -> None:
    def moved(text: str) -> str:
        (line,) = [each for each in text.splitlines(keepends=True) if "to: panelDecision," in each]
        return text.replace(line, "") + line

    edit(config / PANEL, moved)
    found = [each for each in changes(config) if each["what"].startswith("wise_assessment")]
    assert [(each["kind"], each["what"]) for each in found] == [("moved", "wise_assessment panelDecision")]


def test_a_changed_form_is_told_by_question(config: Path) -> None:
    edit(
        config / "forms/lcs/wise_assessment.yaml",
        lambda text: text.replace("questions:\n", "questions:\n  - {code: ownQuestion, type: yes_no}\n"),
    )
    assert said(config) == {("form", "added", "wise_assessment ownQuestion")}


def test_with_a_record_it_shows_what_is_sent_differently(config: Path) -> None:
    assert adapter("diff", "stockport", "salford", "--record", STOCKPORT).stdout.endswith(
        "The same is sent of this record.\n"
    )
    edit(
        config / "mappings/lcs/envelope.yaml",
        lambda text: text.replace("/entered_on, as: date}", "/entered_on, as: date_british}"),
    )
    edit(
        config / "forms/lcs/wise_assessment.yaml",
        lambda text: re.sub(r"(code: submissionEnteredOn, type: )[^}]*}", r"\1short_text, max: 20}", text),
    )
    for kind in ("rise_meeting_output", "nwg_assessment"):
        edit(
            config / f"forms/lcs/{kind}.yaml",
            lambda text: re.sub(r"(code: submissionEnteredOn, type: )[^}]*}", r"\1short_text, max: 20}", text),
        )
    (sent,) = [each for each in changes(config, "--record", STOCKPORT) if each["part"] == "sent"]
    assert (sent["what"], sent["old"], sent["new"]) == ("submissionEnteredOn", "2026-09-16", "16/09/2026")


def test_a_record_that_would_be_refused_shows_nothing(tmp_path: Path) -> None:
    record = json.loads(STOCKPORT.read_text("utf-8")) | {"risk_level": "Quetzalcoatlus"}
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record), "utf-8")
    ended = adapter("diff", "stockport", "salford", "--record", file)
    assert ended.exit_code == 2
    assert "would refuse this record" in ended.stderr
    assert "Quetzalcoatlus" not in ended.output


@pytest.mark.parametrize(("old", "new"), [("none.yaml", "salford"), ("stockport", "Zzz")])
def test_what_there_is_not_ends_with_2(old: str, new: str) -> None:
    assert adapter("diff", old, new).exit_code == 2


def test_no_credential_is_told_even_where_its_place_changed(tmp_path: Path) -> None:
    adapter("new", "--system", "lcs", "--authority", "Stockport", "--out", tmp_path / "stockport.yaml")
    ended = adapter("diff", "stockport", tmp_path / "stockport.yaml")
    assert "env:STOCKPORT_LCS_HOST" not in ended.stdout, "the same reference in both"
    assert max(map(len, ended.stdout.splitlines())) <= 100
