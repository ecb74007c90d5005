"""Mapping files with one thing wrong: each fault is told with its file, line and column, and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.adapters.mapping import Files, load_mapping
from service.adapters.mapping.score_words import RULE, asks_for_a_score
from service.domain.rules.elsewhere import ELSEWHERE
from tests.adapters.mapping_files import Faulty, copied

PANEL_FILE = "mappings/lcs/panel_and_review.yaml"
WISE_FILE = "mappings/lcs/wise_assessment.yaml"
PLACES = "mappings/lcs/areas.yaml"
ECLIPSE = "mappings/eclipse/wise_assessment.yaml"
PANEL = "{to: panelDecision, from: /panel_referral/decision, as: words}"
DECISION = "{to: panelDecision, from: /panel_referral/decision"
CARER = "{to: participationCarerSafeToInvolve, from: /participation/parent_carer/safe_to_involve, as: words"
NAMES = "names: {style: pascal, prefix: WiseAssessment_}\n"
CODES = "referred: To panel, not_referred: Not to panel, deferred: Later"


def row(new: str, detail: str) -> Faulty:
    return Faulty(PANEL_FILE, PANEL, new, detail)


def carer(codes: str, detail: str) -> Faulty:
    return Faulty("mappings/lcs/participation.yaml", f"{CARER}}}", f"{CARER}, {codes}}}", detail)


def eclipse(old: str, new: str, detail: str) -> Faulty:
    return Faulty(ECLIPSE, old, new, detail, mapping="eclipse/wise_assessment.yaml")


ROWS = [
    row("{to: panelDecision, §from: /panel/decision, as: words}", "'/panel/decision' is no field of this record"),
    row(f"{DECISION}, §as: upper}}", "'upper' is no rendering"),
    row(f"{DECISION}, §as: date_long}}", "'date_long' takes dates"),
    row(f"{DECISION}, §as: yes_no_not_known}}", "takes codes that are yes, no or not known"),
    row("{to: panelDecision, from: /panel_referral/rationale, §as: quotation}", "takes somebody's own words"),
    row("{to: panelDecision, from: /panel_referral/rationale, §as: paragraphs}", "takes lists of text"),
    row("{to: panelDecision, from: /participation/sharing/*/reason, §as: quotations}", "lists of somebody's own words"),
    row("{to: panelDecision, from: /participation/sharing/*/section, §as: words_joined}", "takes lists of codes"),
    row("{to: panelDecision, §from: /panel_referral/decision, as: document}", "comes from no field of the record"),
    row("§{to: panelDecision, as: words}", "'from' is missing"),
    row("§{from: /panel_referral/decision, as: words}", "'to' is missing"),
    row("{§to: wiseAnalysis, from: /panel_referral/decision, as: words}", "filled already (mappings/lcs/statements"),
    row("{§to: panelScore, from: /panel_referral/decision, as: words}", "into a score (rule X-2)"),
    row("{§to: panelRagStatus, from: /panel_referral/decision, as: words}", "looks like a score, rating or colour"),
    row(f"{DECISION}, as: words, §if: x}}", "This key is not known"),
    row(f"{DECISION}, §to: b, as: words}}", "stands here twice"),
    row(f"{DECISION}, as: words, §4: b}}", "A key must be text"),
    row("{§to: 4107, from: /panel_referral/decision, as: words}", "must be text"),
    row(f"{DECISION}, as: words, §required: yes}}", "must be true or false"),
    row(f"{DECISION}, as: words, §continues_in: [panelMore]}}", "'words' can't go on in another place"),
    row(f"{DECISION}, as: words, §continues_in: panelMore}}", "must be a list of codes, or 'document'"),
    row("§just words", "must be a list of 'key: value' entries"),
]

CODE_TABLES = [
    row(f"{DECISION}, as: words, §codes: {{referred: R}}}}", "no word for 'not_referred', 'deferred'"),
    row(f"{DECISION}, as: words, §codes: {{perhaps: P}}, other_codes: words}}", "never is: 'perhaps'"),
    row(
        f"{DECISION}, as: words, §codes: {{referred: No, deferred: no}}, other_codes: refuse}}", "become the same word"
    ),
    row(
        f"{DECISION}, as: words, §codes: {{referred: Decision deferred}}, other_codes: words}}", "become the same word"
    ),
    row(f"{DECISION}, as: words, §codes: {{referred: High risk}}, other_codes: words}}", "into a score (rule X-2)"),
    row(
        f"{DECISION}, as: words, §codes: {{referred: '3'}}, other_codes: words}}", "The word for 'referred' is a score"
    ),
    row(
        f"{DECISION}, as: words, §codes: {{referred: Amber}}, other_codes: words}}",
        "The word for 'referred' is a score",
    ),
    row(f"{DECISION}, as: code, §codes: {{referred: R}}}}", "has no meaning with 'code'"),
    row(f"{DECISION}, as: words, codes: {{{CODES}}}, §other_codes: leave_out}}", "'leave_out' is no way to go on"),
    row(f"{DECISION}, as: words, codes: {{{CODES}, not_considered: No talk}}, §other_codes: words}}", "leaves no code"),
    row(f"{DECISION}, as: words, §other_codes: words}}", "no 'codes' that could leave a code out"),
    row(f"{DECISION}, as: words, codes: {{{CODES}, §not_considered: 4}}}}", "must be text"),
    carer("§codes: {yes: 'Yes', no: Not safe, unknown: 'No'}", "'unknown' would read as no. Not known is never no"),
    carer("§codes: {yes: 'Yes', no: 'No', unknown: ' no '}", "'no', 'unknown' would become the same word"),
]

FILES = [
    Faulty(WISE_FILE, "  - include: lcs/envelope.yaml", "  - §include: lcs/no.yaml", "There is no such file"),
    Faulty(WISE_FILE, "  - include: lcs/envelope.yaml", "  - §include: ../forms/lcs/x.yaml", "There is no such file"),
    Faulty(WISE_FILE, "  - include: lcs/envelope.yaml", "  - §include: lcs/wise_assessment.yaml", "includes itself"),
    Faulty(WISE_FILE, "record: wise_assessment", "§record: pen_picture", "There is no such record"),
    Faulty(WISE_FILE, "form: lcs/wise_assessment.yaml", "§form: lcs/wise.yaml", "no such file under config/forms"),
    Faulty(WISE_FILE, "form: lcs/wise_assessment.yaml", "§form: ../mappings/lcs/areas.yaml", "under config/forms"),
    Faulty(WISE_FILE, "form: lcs", "§names: {style: camel}\nform: lcs", "Names are made from another mapping's"),
    Faulty(WISE_FILE, "not_sent:\n", "not_sent:\n  - §{path: /assessor/role, reason: x}\n", "is also sent"),
    Faulty(WISE_FILE, "not_sent:\n", "not_sent:\n  - {§path: /young_person/up, reason: x}\n", "is no field"),
    Faulty(WISE_FILE, "not_sent:\n", "not_sent:\n  - {path: /assessor/role, §reason: ''}\n", "must be text"),
    Faulty(WISE_FILE, "not_sent:\n", "not_sent:\n  - §{path: /schema_version}\n", "'reason' is missing"),
    Faulty(WISE_FILE, "rows:\n  - include", "rows:\n  - [\n  §- include", "cannot be read as YAML"),
    Faulty(PLACES, "rows:\n", "§rows: 4\nrow:\n", "must be a list"),
    Faulty(PLACES, "  - {to: wiseSafeOrSupportive",
           "  - {to: wiseHopesToo, from: /areas/young_person/hopes, as: text}\n"
           "  - {to: wiseSafeOrSupportive", "The young person comes first",
           at=(PLACES, "  - {to: wiseHopesToo, §from: /areas/young_person/hopes")),
    Faulty(PANEL_FILE, f"  - {PANEL}\n", "", "Nothing is said about this field", at=(WISE_FILE, "§rows:\n")),
    Faulty(PANEL_FILE, "decided_on, as: date}", "decided_on, as: date_long}\n"
           "  - {to: instead, from: /panel_referral/panel_name, as: text, §instead_of: panelName}",
           "based on no other"),
]  # fmt: skip

BASED = [
    eclipse("based_on: plain/wise_assessment.yaml", "§based_on: plain/wise.yaml", "There is no such file"),
    eclipse("based_on: plain/wise_assessment.yaml", "§based_on: plain/nwg_assessment.yaml", "maps another record"),
    eclipse("based_on: plain/wise_assessment.yaml", "§based_on: caredirector/wise_assessment.yaml", "on another"),
    eclipse("{style: pascal,", "{§style: shouting,", "There is no such style"),
    eclipse(NAMES, "§names: {prefix: WiseAssessment_}\n", "'style' is missing"),
    eclipse(NAMES, NAMES + "rows:\n  - {to: A, from: /areas/young_person/hopes, as: text, §instead_of: hope}\n",
            "plain/wise_assessment.yaml has no such row"),
    eclipse(NAMES, NAMES + "rows:\n  - {§to: RiskLevel, from: /exploitation/category, as: words, "
            "instead_of: exploitation_statement, required: true}\n", "'RiskLevel' looks like a score"),
    Faulty("mappings/plain/statements.yaml", "{to: analysis,", "{§to: risk_rating,",
           "('risk_rating' under the names of mappings/eclipse/wise_assessment.yaml:10) looks like a score",
           mapping="eclipse/wise_assessment.yaml"),
]  # fmt: skip

CASES = [*ROWS, *CODE_TABLES, *FILES, *BASED]


@pytest.mark.parametrize("faulty", CASES, ids=lambda faulty: faulty.detail)
def test_a_fault_names_its_place(tmp_path: Path, faulty: Faulty) -> None:
    only, _, expected = faulty.told(copied(tmp_path))
    assert (only.file, only.line, only.column) == expected
    assert str(only).startswith("{}:{}:{}: ".format(*expected))
    assert only.fix


def test_every_fault_comes_at_once(tmp_path: Path) -> None:
    config = copied(tmp_path)
    places = [Faulty(*case).place(config) for case in (
        (PLACES, "as: number", "§as: numbr", ""),
        (PANEL_FILE, PANEL, f"{DECISION}, §as: upper}}", ""),
        ("mappings/lcs/statements.yaml", "{to: wiseAnalysis", "{§to: wiseScore", ""),
        ("mappings/lcs/envelope.yaml", "{to: submissionId", "{§to: submissionNo", ""),
    )]  # fmt: skip
    files = Files(config)
    assert load_mapping(files, "lcs/wise_assessment.yaml") is None
    assert {(fault.file, fault.line, fault.column) for fault in files.faults} >= set(places)


def test_the_rule_that_is_named_is_the_catalogues() -> None:
    assert "score" in next(rule.why for rule in ELSEWHERE if rule.code == RULE)


def test_labels_that_ask_for_a_score() -> None:
    asking = [
        "Risk level",
        "Overall score",
        "RAG",
        "What is the level of need?",
        "Red, amber or green",
        "Risk: high/low",
    ]
    assert [label for label in asking if not asks_for_a_score(label)] == []
    others = [
        "How high are your hopes?",
        "What is it like at the Green?",
        "What may put them at risk?",
        "",
        "In what area?",
    ]
    assert [label for label in others if asks_for_a_score(label)] == []
