"""Configuration files: every fault at once, each with its file, line and field; and the profiles as they stand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from service.adapters.mapping import Files, load_mapping
from service.adapters.mapping.checks import check
from service.adapters.mapping.score_words import looks_like_a_score
from service.adapters.profiles import Profile, load_profiles, resolve
from service.adapters.registry import schemas
from service.domain.records import RECORDS
from service.errors import ConfigFault, ConfigurationFault

ROOT = Path(__file__).parents[2]
CONNECTORS = schemas()
FILES = [f"{kind}/{record}.yaml" for kind in ("lcs", "mosaic") for record in RECORDS]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "config/mappings", tmp_path / "mappings")
    shutil.copytree(ROOT / "config/authorities", tmp_path / "authorities")
    return tmp_path


@pytest.fixture(scope="module")
def profiles() -> dict[str, Profile]:
    return {profile.slug: profile for profile in load_profiles(ROOT / "config", CONNECTORS).values()}


def faults(config: Path) -> tuple[ConfigFault, ...]:
    with pytest.raises(ConfigurationFault) as caught:
        load_profiles(config, CONNECTORS)
    return caught.value.faults


def rewrite(path: Path, change: Callable[[str], str]) -> str:
    """The file's new text."""
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")
    return after


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def first_change(before: Path, after: str) -> int:
    pairs = zip(before.read_text("utf-8").splitlines(), after.splitlines(), strict=False)
    return next(number for number, (old, new) in enumerate(pairs, 1) if old != new)


PANEL = "{to: panelDecision, from: /panel_referral/decision, as: words}"
DECISION = "{to: panelDecision, from: /panel_referral/decision"
WISE = "lcs/wise_assessment.yaml"

WRONG_ROWS = [
    ("{to: panelDecision, from: /panel/decision, as: words}", "from", "is no field of this record"),
    (f"{DECISION}, as: upper}}", "as", "is no rendering"),
    (f"{DECISION}, as: date}}", "as", "takes dates"),
    ("{to: panelDecision, from: /panel_referral/rationale, as: quotation}", "as", "takes somebody's own words"),
    (f"{DECISION}, as: words_joined}}", "as", "takes lists of codes"),
    ("{to: panelDecision, from: /support_plan/items/*, as: text}", "as", "takes text"),
    ("{to: wiseAnalysis, from: /panel_referral/decision, as: words}", "to", "filled already (mappings/lcs/statements"),
    ("{to: panelScore, from: /panel_referral/decision, as: words}", "to", "never turned into a score"),
    (f"{DECISION}, as: words, codes: {{referred: R}}}}", "codes", "no word for 'not_referred', 'deferred'"),
    (f"{DECISION}, as: words, codes: {{perhaps: P}}}}", "codes", "never is: 'perhaps'"),
    (f"{DECISION}, as: words, codes: {{referred: No, deferred: no}}}}", "codes", "would become the same word"),
    (f"{DECISION}, as: words, codes: {{referred: High risk}}}}", "codes", "never turned into a score"),
    (f"{DECISION}, as: words, codes: {{referred: '3'}}}}", "codes", "never turned into a score"),
    (f"{DECISION}, as: code, codes: {{referred: R}}}}", "codes", "has no meaning with 'code'"),
    (f"{DECISION}, as: words, if: x}}", "if", "not known"),
    (f"{DECISION}, to: b, as: words}}", "to", "twice"),
    (f"{DECISION}}}", "", "'as' is missing"),
    ("{to: 4107, from: /panel_referral/decision, as: words}", "to", "must be text"),
    (f"{DECISION}, as: words, required: yes}}", "required", "must be true or false"),
]


@pytest.mark.parametrize(("row", "field", "detail"), WRONG_ROWS)
def test_a_wrong_row_is_told_with_file_line_and_field(config: Path, row: str, field: str, detail: str) -> None:
    text = rewrite(config / "mappings/lcs/panel_and_review.yaml", lambda before: before.replace(PANEL, row))
    name = "rows[1]" + (f".{field}" if field else "")
    told = [fault for fault in faults(config) if fault.field == name and detail in fault.detail]
    assert len(told) == 1, "three authorities share the file; its fault is told once"
    assert (told[0].file, told[0].line) == ("mappings/lcs/panel_and_review.yaml", line_of(text, row))


def test_the_young_person_comes_first(config: Path) -> None:
    row, before = "  - include: lcs/own_words.yaml\n", "  - include: lcs/areas.yaml\n"
    rewrite(config / "mappings" / WISE, lambda text: text.replace(row, "").replace(before, before + row))
    found = faults(config)
    assert {fault.field for fault in found} >= {f"rows[{number}].from" for number in range(1, 19)}
    assert all("The young person comes first" in fault.detail for fault in found)
    assert "mappings/lcs/own_words.yaml" in {fault.file for fault in found}


def test_not_sent_is_checked_as_rows_are(config: Path) -> None:
    wrong = "  - path: /assessor\n    reason: Changed\n  - path: /young_person/up\n    reason: ''\n"
    last = len(rewrite(config / "mappings" / WISE, lambda text: text + wrong).splitlines())
    told = {(fault.line, fault.field.split(".")[-1]) for fault in faults(config)}
    assert told >= {(last, "reason"), (last - 1, "path"), (last - 3, "/assessor/role"), (last - 3, "/assessor/agency")}


@pytest.mark.parametrize(
    ("include", "detail"),
    [("lcs/no.yaml", "no such file"), ("../authorities/oldham.yaml", "no such file"), (WISE, "includes itself")],
)
def test_an_include_must_be_a_file_of_the_folder(config: Path, include: str, detail: str) -> None:
    text = rewrite(config / "mappings" / WISE, lambda text: text.replace("lcs/envelope.yaml", include))
    (only,) = faults(config)
    assert (only.line, detail in only.detail) == (line_of(text, f"- include: {include}"), True)


def test_include_at_the_top_comes_before_the_rows(config: Path) -> None:
    row, top = "  - include: lcs/own_words.yaml\n", "include: [lcs/own_words.yaml]\nrows:"
    rewrite(config / "mappings" / WISE, lambda text: text.replace(row, "").replace("rows:", top))
    mapping = load_mapping(Files(config), WISE)
    assert mapping is not None
    assert mapping.rows[0].to == "wiseOwnWords"


@pytest.mark.parametrize(
    ("content", "line", "detail"),
    [
        (b"record: wise_assessment\nrows: [\n", 3, "cannot be read"),
        (b"- a\n- b\n", 1, "no 'key: value' entries"),
        (b"record: \xff\n", None, "cannot be read"),
        (b"record: pen_picture\nrows: []\n", 1, "no such record"),
        (b"record: wise_assessment\nrows: 4\n", 2, "must be a list"),
        (b"rows: []\n", 1, "'record' is missing"),
        (b"record: wise_assessment\nrow: []\n", 2, "not known"),
    ],
)
def test_a_file_that_is_no_mapping(config: Path, content: bytes, line: int | None, detail: str) -> None:
    (config / "mappings" / WISE).write_bytes(content)
    assert any(fault.line == line and detail in fault.detail for fault in faults(config))


@pytest.mark.parametrize(
    ("file", "row", "instead", "field"),
    [
        (
            WISE,
            "  - {to: wiseCompletedYear, from: /completed_on, as: date_year, required: true}\n",
            "",
            "/completed_on",
        ),
        (
            "lcs/areas.yaml",
            "/areas/people_places/risk_subject_refs/*, as: reference",
            "/areas/people_places/risk_subject_refs/*, as: count",
            "/areas/people_places/risk_subject_refs/*",
        ),
    ],
)
def test_a_part_or_a_count_is_not_the_value(config: Path, file: str, row: str, instead: str, field: str) -> None:
    rewrite(config / "mappings" / file, lambda text: text.replace(row, instead))
    assert {fault.field for fault in faults(config)} == {field}


@pytest.mark.parametrize("name", FILES)
def test_any_row_taken_out_is_missed(name: str) -> None:
    files = Files(ROOT / "config")
    mapping = load_mapping(files, name)
    assert mapping is not None
    line = line_of((ROOT / "config/mappings" / name).read_text("utf-8"), "rows:")
    for row in mapping.rows:
        check(replace(mapping, rows=tuple(other for other in mapping.rows if other is not row)))
        (only,) = files.faults
        assert (only.file, only.line, only.field) == (f"mappings/{name}", line, row.path)
        files.faults.clear()


def test_answers_that_look_like_scores() -> None:
    scores = "wiseScore RISK_LEVEL riskRating wiseRag stabilityLevel Risk_Grade WISE_AMBER redFlag riskscore highRisk"
    assert [code for code in scores.split() if not looks_like_a_score(code)] == []
    others = "wiseAnalysisNarrative sharedWords greenhouseVisit restrictedSubject hundredDays"
    assert [code for code in others.split() if looks_like_a_score(code)] == []


WRONG_PROFILES = [
    ("slug: stockport", "slug: stocport", "slug", "not the name of the file"),
    ("authority: E08000007", "authority: 356", "authority", "must be text"),
    ("authority: E08000007", "authority: Stockport", "authority", "not an authority's ONS code"),
    ("authority: E08000007", "authority: E08000006", "authority", "authorities/salford.yaml is this authority's"),
    ("connector: lcs", "connector: eclipse", "connector", "no such connector"),
    ("name: Stockport", "nam: Stockport", "nam", "not known"),
    ("slug: stockport", "", "", "'slug' is missing"),
    ("  wise_assessment:", "  pen_picture:", "records.pen_picture", "no such record"),
    ("lcs/wise_assessment.yaml", "lcs/wise.yaml", "records.wise_assessment.mapping", "no such file"),
    ("lcs/wise_assessment.yaml", "lcs/nwg_assessment.yaml", "records.wise_assessment.mapping", "maps nwg_assessment"),
    ('form: "4107"', "form: 4107", "records.wise_assessment.target.form", "must be text"),
    ('form: "4107", ', "", "records.wise_assessment.target", "'form' is missing"),
    ("{type: REVIEW,", "{kind: REVIEW,", "review.task.kind", "not known"),
    ("interval_months: 3", "interval_months: 0", "review.interval_months", "from 1 to 12"),
    ("items_max: 4", "items_max: four", "support_plan.items_max", "whole number"),
    ("in_flight: 4", "in_flight: 400", "delivery.in_flight", "from 1 to 64"),
    ("env:STOCKPORT_LCS_PRIVATE_KEY", "hunter2", "connection.private_key", "A secret is written here"),
    ("env:STOCKPORT_LCS_HOST\n", "env:two words\n", "connection.host", "not the name of an environment"),
    ("env:STOCKPORT_LCS_PRIVATE_KEY", "file:keys/id", "connection.private_key", "whole path"),
    ("env:STOCKPORT_LCS_PORT", "twenty-two", "connection.port", "whole number or a reference"),
    ("env:STOCKPORT_LCS_HOST\n", "[a, b]\n", "connection.host", "must be text"),
]


@pytest.mark.parametrize(("good", "bad", "field", "detail"), WRONG_PROFILES)
def test_a_wrong_profile_is_told_with_file_line_and_field(
    config: Path, good: str, bad: str, field: str, detail: str
) -> None:
    text = rewrite(config / "authorities/stockport.yaml", lambda before: before.replace(good, bad, 1))
    told = [fault for fault in faults(config) if fault.field == field and detail in fault.detail]
    assert [fault.file for fault in told] == ["authorities/stockport.yaml"]
    assert told[0].line == (first_change(ROOT / "config/authorities/stockport.yaml", text) if field else 1)
    assert "hunter2" not in str(told[0])


def test_every_fault_of_every_file_comes_at_once(config: Path) -> None:
    rewrite(config / "authorities/oldham.yaml", lambda text: text.replace("slug: oldham", "slug: old"))
    rewrite(config / "authorities/salford.yaml", lambda text: text.replace("port:", "prot:"))
    rewrite(config / "mappings/mosaic/areas.yaml", lambda text: text.replace("as: number", "as: numbr"))
    (config / "authorities/bury.yml").write_text("authority: E08000002\n", "utf-8")
    found = {(fault.file, fault.field) for fault in faults(config)}
    assert {file for file, _ in found} == {
        "authorities/bury.yml", "authorities/oldham.yaml", "authorities/salford.yaml", "mappings/mosaic/areas.yaml",
    }  # fmt: skip
    assert ("authorities/salford.yaml", "connection.prot") in found


def test_lcs_codes_are_those_of_the_simulator(profiles: dict[str, Profile]) -> None:
    seeds = YAML(typ="safe", pure=True).load((ROOT / "simulators/lcs/seed.yaml").read_text("utf-8"))["authorities"]
    for slug, seed in seeds.items():
        profile = profiles[slug]
        assert profile.authority == seed["gss"]
        assert profile.review.task["assign_to"] in seed["departments"]
        assert profile.review.task["type"] in seed["task_types"]
        assert {each.target["document_type"] for each in profile.records.values()} <= set(seed["document_types"])


def test_a_folder_without_profiles(tmp_path: Path) -> None:
    assert [fault.detail for fault in faults(tmp_path)] == ["There is no profile here."]


def test_the_profiles_as_they_stand(profiles: dict[str, Profile]) -> None:
    assert {slug: (each.authority, each.connector) for slug, each in profiles.items()} == {
        "oldham": ("E08000004", "mosaic"),
        "salford": ("E08000006", "lcs"),
        "stockport": ("E08000007", "lcs"),
        "tameside": ("E08000008", "lcs"),
    }
    assert all(set(each.records) == set(RECORDS) for each in profiles.values())
    assert profiles["stockport"].records["wise_assessment"].target == {"form": "4107", "document_type": "WISEASM"}
    assert profiles["oldham"].review.task == {"step_type": 3190, "team": "CSAFE"}
    assert profiles["oldham"].connection["api_key"] == "env:OLDHAM_MOSAIC_API_KEY"


def test_the_digest_follows_every_file_that_is_used(config: Path, profiles: dict[str, Profile]) -> None:
    rewrite(config / "mappings/lcs/envelope.yaml", lambda text: text + "# changed\n")
    changed = {
        each.slug for each in load_profiles(config, CONNECTORS).values() if each.digest != profiles[each.slug].digest
    }
    assert changed == {"salford", "stockport", "tameside"}
    rewrite(config / "authorities/oldham.yaml", lambda text: text + "# changed\n")
    assert load_profiles(config, CONNECTORS)["E08000004"].digest != profiles["oldham"].digest


def test_several_values_and_literals(config: Path) -> None:
    path = config / "authorities/stockport.yaml"
    rewrite(path, lambda t: t.replace("env:STOCKPORT_LCS_PORT", "22").replace("env:STOCKPORT_LCS_HOST_KEYS", "[a, b]"))
    connection = load_profiles(config, CONNECTORS)["E08000007"].connection
    assert (connection["port"], connection["host_keys"]) == ("22", "a,b")


def test_references_become_values(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("-----BEGIN\nabc\n-----END\n", "utf-8")
    connection = {"host": "env:HOST", "port": "22", "private_key": f"file:{key}"}
    found = resolve(connection, {"HOST": "sftp.example\n"})
    assert found == {"host": "sftp.example", "port": "22", "private_key": "-----BEGIN\nabc\n-----END"}


def test_every_missing_value_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    names = {"a": "env:NOT_THERE", "b": "env:BLANK", "d": f"file:{tmp_path}/none", "e": f"file:{tmp_path}/empty"}
    with pytest.raises(ConfigurationFault) as caught:
        resolve({**names, "f": f"file:{tmp_path}/binary", "g": "22"}, {"BLANK": " "}, file="authorities/x.yaml")
    assert [fault.field for fault in caught.value.faults] == [f"connection.{name}" for name in "abdef"]
    assert {fault.file for fault in caught.value.faults} == {"authorities/x.yaml"}
