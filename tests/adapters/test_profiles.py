"""Configuration files: every fault at once, each with its file, line and field; and the profiles as they stand."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from service.adapters.mapping import Files, load_mapping
from service.adapters.mapping.checks import check
from service.adapters.mapping.score_words import looks_like_a_score
from service.adapters.profiles import Profile, load_profile, load_profiles, resolve
from service.adapters.registry import document_schemas, schemas
from service.domain.records import RECORDS
from service.errors import ConfigFault, ConfigurationFault

ROOT = Path(__file__).parents[2]
CONNECTORS, SINKS = schemas(), document_schemas()
FILES = [f"{kind}/{record}.yaml" for kind in ("lcs", "mosaic") for record in RECORDS]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for folder in ("mappings", "forms", "authorities"):
        shutil.copytree(ROOT / "config" / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture(scope="module")
def profiles() -> dict[str, Profile]:
    return {profile.slug: profile for profile in load_profiles(ROOT / "config", CONNECTORS, SINKS).values()}


def faults(config: Path) -> tuple[ConfigFault, ...]:
    with pytest.raises(ConfigurationFault) as caught:
        load_profiles(config, CONNECTORS, SINKS)
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
    assert len(told) == 1, "nine authorities share the file; its fault is told once"
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
    assert field in {fault.field for fault in faults(config)}


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


def test_nobody_is_made_to_type_in_a_synthetic_record(config: Path) -> None:
    text = (ROOT / "config" / "samples" / "manual_pack.yaml").read_text("utf-8")
    tried = 'synthetic:\n  child: "STK0000999"\n  date_of_birth: "2011-05-17"\n'
    (config / "authorities" / "manual_pack.yaml").write_text(text + tried, "utf-8")
    (told,) = faults(config)
    assert (told.file, told.field) == ("authorities/manual_pack.yaml", "synthetic")
    assert (told.line, told.detail) == (
        line_of(text + tried, "synthetic:"),
        "A person would have to type it in each time.",
    )


def test_a_folder_without_profiles(tmp_path: Path) -> None:
    assert [fault.detail for fault in faults(tmp_path)] == ["There is no profile here."]


def test_the_profiles_as_they_stand(profiles: dict[str, Profile]) -> None:
    lcs = ["bolton", "bury", "manchester", "rochdale", "salford", "stockport", "tameside", "trafford", "wigan"]
    assert {slug: each.connector for slug, each in profiles.items()} == dict.fromkeys(lcs, "lcs") | {"oldham": "mosaic"}
    assert {each.authority: each.name for each in profiles.values()} == _names_by_code()
    assert {slug for slug, each in profiles.items() if each.in_use} == {"oldham", "salford", "stockport", "tameside"}
    assert all(set(each.records) == set(RECORDS) for each in profiles.values())
    assert {each.support_plan_items_max for each in profiles.values()} == {4}
    assert {each.rules.panels for each in profiles.values()} == {("Staying Safe",)}
    assert profiles["bolton"].records["wise_assessment"].target == {"form": "4107", "document_type": "WISEASM"}
    assert profiles["oldham"].review.task == {"step_type": 3190, "team": "CSAFE"}
    assert profiles["oldham"].connection["api_key"] == "env:OLDHAM_MOSAIC_API_KEY"


def _names_by_code() -> dict[str, str]:
    with (ROOT / "config/codes/authorities.toml").open("rb") as file:
        names: dict[str, str] = tomllib.load(file)["names"]
    return names


def test_what_is_public_counts_as_confirmed_and_nothing_else_does(profiles: dict[str, Profile]) -> None:
    confirmed = {slug: tuple(each.confirmed) for slug, each in profiles.items() if each.confirmed}
    assert confirmed == {
        "manchester": ("case_system",),
        "oldham": ("case_system",),
        "salford": ("case_system",),
        "stockport": ("records.wise_assessment.label",),
    }
    label, plan = "records.wise_assessment.label", "support_plan.items_max"
    assert {slug for slug, each in profiles.items() if label not in each.to_confirm} == {"stockport"}
    assert all(plan in each.to_confirm and "rules.panels" in each.to_confirm for each in profiles.values())
    assert all("records.nwg_assessment.target.document_type" in profiles[slug].to_confirm for slug in ("bury", "wigan"))
    assert not any(
        path.startswith(("connection", "delivery")) for each in profiles.values() for path in each.to_confirm
    )


def test_a_confirmed_section_confirms_what_stands_in_it(config: Path) -> None:
    rewrite(
        config / "authorities/bury.yaml",
        lambda text: text.replace("confirmed: {}", "confirmed: {review: a, rules.panels: b}"),
    )
    left = load_profile(config, config / "authorities/bury.yaml", CONNECTORS, SINKS).to_confirm
    assert "rules.training" in left
    assert [path for path in left if path.startswith(("review", "rules.panels"))] == []


def test_no_two_authorities_share_a_credential(profiles: dict[str, Profile]) -> None:
    named = [value for each in profiles.values() for value in each.connection.values()]
    assert len(set(named)) == len(named)
    assert all(
        value.startswith(f"env:{each.slug.upper()}_")
        for each in profiles.values()
        for value in each.connection.values()
    )


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("mappings/lcs/envelope.yaml", "all but oldham"),
        ("authorities/common/lcs.yaml", "all but oldham"),
        ("authorities/oldham.yaml", "oldham"),
        ("authorities/bury.yaml", "bury"),
    ],
)
def test_the_digest_follows_every_file_that_is_used(config: Path, file: str, changed: str) -> None:
    before = _digests(config)
    rewrite(config / file, lambda text: text + "# changed\n")
    after = _digests(config)
    found = {slug for slug in after if after[slug] != before[slug]}
    assert found == (set(before) - {"oldham"} if changed == "all but oldham" else {changed})


def _digests(config: Path) -> dict[str, str]:
    return {each.slug: each.digest for each in load_profiles(config, CONNECTORS, SINKS).values()}


def test_a_profile_loads_wherever_its_file_lies(
    config: Path, tmp_path_factory: pytest.TempPathFactory, profiles: dict[str, Profile]
) -> None:
    elsewhere = tmp_path_factory.mktemp("draft") / "stockport.yaml"
    shutil.copy(config / "authorities/stockport.yaml", elsewhere)
    found = load_profile(config, elsewhere, CONNECTORS, SINKS)
    assert (found.file, found.records.keys()) == (str(elsewhere), profiles["stockport"].records.keys())
    inside = load_profile(config, config / "authorities/stockport.yaml", CONNECTORS, SINKS)
    assert inside.digest == load_profiles(config, CONNECTORS, SINKS)["E08000007"].digest


def test_several_values_and_literals(config: Path) -> None:
    path = config / "authorities/stockport.yaml"
    rewrite(path, lambda t: t.replace("env:STOCKPORT_LCS_PORT", "22").replace("env:STOCKPORT_LCS_HOST_KEYS", "[a, b]"))
    connection = load_profiles(config, CONNECTORS, SINKS)["E08000007"].connection
    assert (connection["port"], connection["host_keys"]) == ("22", "a,b")


def test_references_become_values(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("-----BEGIN\nabc\n-----END\n", "utf-8")
    connection = {"host": "env:HOST", "port": "22", "private_key": f"file:{key}"}
    found = resolve(connection, {"HOST": "sftp.example\n"})
    assert found == {"host": "sftp.example", "port": "22", "private_key": "-----BEGIN\nabc\n-----END"}


def test_a_list_may_hold_references() -> None:
    environ = {"OLD": "SHA256:a\n", "NEW": "SHA256:b"}
    for written in ("env:OLD,env:NEW", "SHA256:a,env:NEW", "env:OLD,SHA256:b"):
        assert resolve({"host_keys": written}, environ) == {"host_keys": "SHA256:a,SHA256:b"}
    with pytest.raises(ConfigurationFault, match="variable NONE is not set"):
        resolve({"host_keys": "env:OLD,env:NONE"}, environ)


def test_every_missing_value_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    names = {"a": "env:NOT_THERE", "b": "env:BLANK", "d": f"file:{tmp_path}/none", "e": f"file:{tmp_path}/empty"}
    with pytest.raises(ConfigurationFault) as caught:
        resolve({**names, "f": f"file:{tmp_path}/binary", "g": "22"}, {"BLANK": " "}, file="authorities/x.yaml")
    assert [fault.field for fault in caught.value.faults] == [f"connection.{name}" for name in "abdef"]
    assert {fault.file for fault in caught.value.faults} == {"authorities/x.yaml"}
