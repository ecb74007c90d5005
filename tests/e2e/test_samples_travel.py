"""Samples of all three kinds go the whole way, in one batch for each kind of case system, and every one is filed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
import requests

from bench.records import CHILDREN, OLDHAM, STOCKPORT, as_lines, register, setting_of
from service.commands.client import BridgeClient
from service.configuration import profiles
from service.demo.stack import Stack
from service.domain.records import RECORDS
from service.samples import Setting, samples
from service.settings import ROOT
from tests.e2e.conftest import Lcs, Mosaic

COUNT = 40
"""For each authority: two records about every young person, of whom the second waits behind the first."""

PATIENCE = 60
"""Seconds from the last record's arrival. One that is stuck holds up what follows it, so all share this time."""

ADVICE = {"T1", "TP6", "X-7"}
"""Said of some samples, and stops none: an exception from training, a concern about a professional, a text repeated."""

ALWAYS_SAID = {
    "wise_assessment": "analysis_narrative",
    "rise_meeting_output": "analysis_narrative",
    "nwg_assessment": "analysis",
}
"""A narrative that no record of the kind lacks."""

Record = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """What a case system holds under one of our references. `form` is the profile's own number for the kind."""

    number: str
    person: str
    form: str
    is_restricted: bool
    answers: tuple[str, ...]
    documents: int


@dataclass(frozen=True)
class Sending:
    """One authority's samples on their way, and what was answered."""

    client: BridgeClient
    records: list[Record]
    answer: Record

    @cached_property
    def deliveries(self) -> list[Record]:
        """Each record's own delivery, in the order of sending, once it has ended or everybody's time is up."""
        deadline = time.monotonic() + PATIENCE
        urls = [item["receipt"]["status_url"] for item in self.answer["items"]]
        return [self._own(self.client.wait_for(url, seconds=deadline - time.monotonic())) for url in urls]

    def _own(self, status: Record) -> Record:
        """A review that is due has a delivery beside the record's."""
        (own,) = [each for each in status["deliveries"] if each["kind"] == "record"]
        return own


def send(stack: Stack, setting: Setting) -> Sending:
    """All of them at once, a record a line."""
    register(stack, setting)
    records = list(samples(setting, count=COUNT, seed=11))
    client = stack.client(setting.policy.authority, "samples")
    answer = requests.post(
        f"{stack.casework_url}/v1/batches",
        data=as_lines(records),
        headers={"Content-Type": "application/x-ndjson"} | client.authorisation(),
        timeout=100,
    )
    assert answer.status_code == requests.codes.ok, answer.text
    return Sending(client, records, answer.json())


@pytest.fixture(scope="module")
def sent(stack: Stack) -> dict[str, Sending]:
    """Both authorities' samples, handed over before anybody waits for them."""
    return {code: send(stack, setting_of(code, children=CHILDREN[code])) for code in (STOCKPORT, OLDHAM)}


def filed(stack: Stack, authority: str) -> Iterator[tuple[str, Held]]:
    """Every record the case system holds now, with our reference; one that came twice is there twice."""
    return in_lcs(Lcs(stack, "stockport")) if authority == STOCKPORT else in_mosaic(Mosaic(stack))


def in_lcs(lcs: Lcs) -> Iterator[tuple[str, Held]]:
    for each in requests.get(lcs.url, timeout=20).json()["records"]:
        answers = tuple(answer["text"] for answer in each["answers"])
        number, documents = str(each["record_id"]), int(bool(each["document_id"]))
        held = Held(number, each["person_id"], str(each["form_type"]), each["restricted"], answers, documents)
        yield each["reference"], held


def in_mosaic(mosaic: Mosaic) -> Iterator[tuple[str, Held]]:
    for each in requests.get(f"{mosaic.url}/steps.json", timeout=20).json()["steps"]:
        answers = tuple(answer["value"] for answer in each["answerList"])
        (subject,), number = each["subjects"], str(each["stepId"])
        form, documents = str(each["stepTypeId"]), len(each["documents"])
        held = Held(number, str(subject["id"]), form, each["restricted"], answers, documents)
        yield each["externalReference"], held


def forms_of(authority: str) -> dict[str, str]:
    """The number under which the authority's profile files each kind of record."""
    targets = {kind: each.target for kind, each in profiles(ROOT / "config")[authority].records.items()}
    return {kind: str(target.get("form") or target["step_type"]) for kind, target in targets.items()}


BOTH = pytest.mark.parametrize("authority", [STOCKPORT, OLDHAM], ids=["LCS", "Mosaic"])


@BOTH
def test_every_sample_is_taken_in(sent: dict[str, Sending], authority: str) -> None:
    items = sent[authority].answer["items"]
    assert [each for each in items if each["status"] != requests.codes.created] == []
    assert Counter(hold["code"] for each in items for hold in each["receipt"]["holds"]) == Counter()
    assert {advice["code"] for each in items for advice in each["receipt"]["warnings"]} <= ADVICE
    assert {each["record_type"] for each in sent[authority].records} == set(RECORDS)


@BOTH
def test_every_sample_is_delivered(sent: dict[str, Sending], authority: str) -> None:
    sending = sent[authority]
    ended = zip(sending.records, sending.deliveries, strict=True)
    undone = [(record["record_type"], each["state"], each["reason"]) for record, each in ended if each["reason"]]
    assert Counter(undone) == Counter()
    assert {each["state"] for each in sending.deliveries} == {"delivered"}
    assert all(each["record_number"] and each["document_number"] for each in sending.deliveries)


@BOTH
def test_the_case_system_holds_each_once_and_what_was_said(
    stack: Stack, sent: dict[str, Sending], authority: str
) -> None:
    deliveries, forms = sent[authority].deliveries, forms_of(authority)
    there = list(filed(stack, authority))
    times = Counter(reference for reference, _ in there)
    assert [times[each["reference"]] for each in deliveries] == [1] * COUNT
    for record, delivery in zip(sent[authority].records, deliveries, strict=True):
        held, person = dict(there)[delivery["reference"]], record["young_person"]
        assert held.number == delivery["record_number"]
        assert (held.person, held.form) == (person["la_child_id"], forms[record["record_type"]])
        assert held.is_restricted == person.get("restricted_record", False)
        assert held.documents == 1
        assert record[ALWAYS_SAID[record["record_type"]]] in held.answers
