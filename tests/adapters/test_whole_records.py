"""Whole records of every kind go through the shipped samples, by a delivery's own way, into the case systems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from service.adapters.mapping import Files
from service.adapters.mapping.forms import load_form
from service.api.schemas.check import check_record
from service.configuration import policy_of
from service.documents import TypstDocuments
from service.domain.records import RECORDS
from service.domain.records.common import is_restricted
from service.ports import Absent, Document, Filing, PersonReference, Receipt, Retraction, ReviewTask, Standing
from service.settings import ROOT
from service.usecases.hand_over import hand_over, require_able
from service.usecases.incoming import completed_on
from service.usecases.package import TITLES, Package
from tests.conformance.file_places import FilesAndDocuments, FilesWithDocuments
from tests.conformance.places import CONFIG, Place
from tests.conformance.sample_places import CareDirector, Eclipse, Inbox, LcsOverHttp, MosaicOverSoap, OData, Rest
from tests.support.records import MISSING, example

PLACES = (Eclipse, CareDirector, FilesAndDocuments, FilesWithDocuments, Rest, OData, LcsOverHttp, MosaicOverSoap, Inbox)
SAID = 'Dw i isio bod adra efo Nain, ’sti. Ŵyneb!\nمیں گھر پر محفوظ ہوں 👩🏽‍🌾🏡\n=1+1, "<b>&amp; ]]>"'
"""Welsh, Urdu and signs made of several, over three lines, with what CSV, XML and HTML have marks for."""

BORN = date(2010, 5, 2)
Record = dict[str, Any]
RIGHT: Mapping[str, Any] = {
    "young_person__date_of_birth": BORN.isoformat(),
    "young_person__age_at_completion": 16,
    "young_person__out_of_usual_age_reason": MISSING,
}
WORD: Record = {"prompt": "worries", "text": SAID, "captured_on": "2026-10-05", "captured_by_ref": "gmc-sw-1"}
WORD |= {"said_by_young_person": True, "method": "conversation", "sharing": "ok_with_professionals"}
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "wise": {"young_person__restricted_record": True, "areas__young_person__own_words__1__text": SAID},
    "rise": {
        "areas__young_person__own_words": [WORD],
        "areas__young_person__own_words_reason": MISSING,
    },
    "nwg": {"young_person__restricted_record": True, "child_views__needs_and_risks": SAID},
}
"""What the young person says in each kind of record. Two are kept apart from the rest of the file, and one is not."""


@pytest.fixture(scope="module", params=PLACES, ids=lambda each: f"{each.sample}-{each.__name__}")
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("place")
    with request.param(folder).open() as opened:
        yield opened


FEWEST = {"wise": 60, "rise": 60, "nwg": 25}
"""A whole record has more answers than this."""

KINDS = pytest.mark.parametrize("kind", CHANGES)


def record_of(place: Place, kind: str, **more: Any) -> Record:
    """An example about the place's right young person, with their words in three scripts."""
    authority = place.profile.authority
    here = {"authority": authority, "young_person__responsible_authority": authority}
    return example(kind, **RIGHT, **CHANGES[kind], **here, young_person__la_child_id=place.child_id, **more)


@cache
def pdf(kind: str) -> bytes:
    """A real rendering; what it says is another test's matter."""
    record = example(kind, **CHANGES[kind])
    return TypstDocuments().case_file(record, authority_name="Sample", reference="WB-1", review_due_on=None)


def filing_of(place: Place, kind: str, record: Record, reference: str, replaces: str | None = None) -> Filing:
    """What a delivery makes of a record."""
    person, done = record["young_person"], completed_on(record)
    return Filing(
        reference=reference,
        authority=record["authority"],
        record_type=record["record_type"],
        person=PersonReference(person["la_child_id"], BORN, person["age_at_completion"], done),
        completed_on=done,
        restricted=is_restricted(record),
        answers=place.adapter.answers(record, reference),
        document=Document(f"{reference}.pdf", TITLES[record["record_type"]], pdf(kind)),
        replaces=replaces,
    )


def handed_over(place: Place, package: Package, reference: str) -> Receipt:
    """As a delivery does: ability, person, hand-over; and the receipt, where it comes later."""
    system = place.adapter.case_system
    require_able(package, system)
    if package.filing:
        system.verify_person(package.filing.person)
    return place.settled(hand_over(package, system, place.adapter.documents), reference)


def target(place: Place, kind: str) -> Mapping[str, str | int]:
    """What the sample says this kind of record becomes."""
    return place.profile.records[example(kind)["record_type"]].target


def filed(place: Place, filing: Filing) -> Receipt:
    return handed_over(place, Package(filing=filing), filing.reference)


@KINDS
def test_the_record_is_one_that_the_sample_takes(place: Place, kind: str) -> None:
    record, policy = record_of(place, kind), replace(policy_of(place.profile), in_use=True)
    found = check_record(record, record_type=record["record_type"], policy=policy, today=date(2026, 11, 2))
    assert (found.errors, found.holds) == ((), ())


@KINDS
def test_a_whole_record_stands_there_as_it_was_mapped(place: Place, kind: str) -> None:
    reference = f"WB-{kind.upper()}"
    filing = filing_of(place, kind, record_of(place, kind), reference)
    receipt = filed(place, filing)
    held = place.form(reference)
    assert held.answers == filing.answers
    assert len(held.answers) > FEWEST[kind]
    assert f"“{SAID}”" in [each.value for each in held.answers]
    assert (held.child_id, held.restricted) == (place.child_id, kind != "rise")
    assert (held.number, held.document_number) == (receipt.record_number, receipt.document_number)
    assert held.target == {key: value for key, value in target(place, kind).items() if key not in place.unsaid}
    assert held.corrects is None
    assert place.document(reference) == (pdf(kind), filing.document.title, kind != "rise")


@KINDS
def test_filing_again_changes_nothing(place: Place, kind: str) -> None:
    reference = f"WB-{kind.upper()}-AGAIN"
    filing = filing_of(place, kind, record_of(place, kind), reference)
    first, before = filed(place, filing), place.forms(reference)
    assert [filed(place, filing), place.adapter.case_system.look_up(reference)] == [first, first]
    assert place.forms(reference) == before


@KINDS
def test_a_whole_record_is_corrected_and_then_withdrawn(place: Place, kind: str) -> None:
    first, second, third = (f"WB-{kind.upper()}-{step}" for step in ("FIRST", "SECOND", "GONE"))
    earlier = filed(place, filing_of(place, kind, record_of(place, kind), first))
    changed = record_of(place, kind, submission_kind="correction", submission_id="S-2", supersedes_submission_id="S-1")
    correction = filing_of(place, kind, changed, second, replaces=earlier.record_number)
    receipt, held = filed(place, correction), place.form(second)
    assert (held.number, held.corrects) == (receipt.record_number, earlier.record_number)
    assert held.answers == correction.answers != place.form(first).answers
    assert place.withdrawn(third) == []
    withdrawal = Retraction(third, place.profile.authority, place.child_id, held.number, "wrong_young_person")
    assert handed_over(place, Package(retraction=withdrawal), third).record_number == held.number
    assert place.withdrawn(third) == [held.number]
    assert handed_over(place, Package(retraction=withdrawal), third).record_number == held.number
    assert place.withdrawn(third) == [held.number]


def test_a_review_task_lies_in_the_samples_tray_once(place: Place) -> None:
    assert place.adapter.case_system.look_up("WB-TASK") == Absent()
    task = ReviewTask("WB-TASK", place.profile.authority, place.child_id, date(2026, 12, 14))
    first = handed_over(place, Package(task=task), "WB-TASK")
    assert handed_over(place, Package(task=task), "WB-TASK") == first
    assert place.trays("WB-TASK") == [place.profile.review.task]


def test_a_check_finds_everything_that_the_sample_names(place: Place) -> None:
    standings = {each.standing for each in place.adapter.case_system.check()}
    assert Standing.GOOD in standings
    assert Standing.WRONG not in standings


CODES = [
    ("eclipse", "eclipse-rest", "a letter, then up to 79 of A-Z a-z 0-9 `_`", "[A-Za-z][A-Za-z0-9_]{0,79}"),
    ("caredirector", "caredirector-rest", "`[a-z][a-z0-9_]{0,99}`", "[a-z][a-z0-9_]{0,99}"),
    ("plain", "generic-rest", "`^[A-Za-z][A-Za-z0-9_.-]{0,63}$`", "[A-Za-z][A-Za-z0-9_.-]{0,63}"),
    ("plain", "sftp-exchange", "`^[A-Za-z][A-Za-z0-9_.-]{0,79}$`", "[A-Za-z][A-Za-z0-9_.-]{0,79}"),
    ("lcs", "lcs-rest", "`^[A-Za-z0-9][A-Za-z0-9_]{0,63}$`", "[A-Za-z0-9][A-Za-z0-9_]{0,63}"),
]
"""What a page says of question codes, and the same as a pattern. Mosaic's page says nothing: its forms list theirs."""


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize(("forms", "page", "said", "pattern"), CODES, ids=[page for _, page, *_ in CODES])
def test_every_question_code_is_legal_there(forms: str, page: str, said: str, pattern: str, kind: str) -> None:
    assert said in (ROOT / f"docs/protocols/{page}.md").read_text("utf-8")
    form = load_form(Files(CONFIG), f"{forms}/{kind}.yaml")
    assert form
    assert [code for code in form.questions if not re.fullmatch(pattern, code)] == []
