"""Our connector against SAP CAP: an OData server that nobody of this project wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import requests

from service.adapters.generic_rest.client import RestApi, StaleError
from service.adapters.generic_rest.connection import open_rest
from service.adapters.generic_rest.documents import RestDocuments
from service.adapters.generic_rest.system import RestCaseSystem
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent
from service.ports import (
    Absent,
    Answer,
    Container,
    Document,
    Filing,
    Partial,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
    Standing,
)
from tests.conformance.world import MARKER, PDF, assert_silent, file, reason_given
from tests.support.cap_server import CapServer, cap_server

TARGET = {"form_type": "WISE", "document_type": "ASSESS", "document_sub_type": "WISE"}
TASK = {"task_type": "REVIEW", "team": "CSAFE"}
ANSWERS = (Answer("WISE_OWN_WORDS", 1, f"“Dw i'n iawn” 😀 {MARKER}"), Answer("WISE_COMPLETED_ON", None, "2026-09-14"))
PEOPLE = {
    "P0000102": Reason.PERSON_MERGED,
    "P0000103": Reason.DOB_ESTIMATED,
    "P0000104": Reason.PERSON_RESTRICTED,
    "P0000105": Reason.PERSON_NOT_FOUND,
    "P0000106": Reason.PERSON_AMBIGUOUS,
    "P0000107": Reason.NO_OPEN_EPISODE,
    "P0000999": Reason.PERSON_NOT_FOUND,
}


@pytest.fixture(scope="module")
def server() -> Iterator[CapServer]:
    with cap_server() as running:
        yield running


def link(server: CapServer, *, task: dict[str, str] | None = None, **changes: str) -> Link:
    sign_in = {"dialect": "odata", "sign_in": "basic", "user": server.user, "password": server.password}
    return Link({"base_url": server.api, **sign_in, **changes}, {"wise_assessment": TARGET}, task or TASK)


@pytest.fixture(scope="module")
def system(server: CapServer) -> RestCaseSystem:
    return RestCaseSystem(link(server))


def filing(reference: str, child_id: str = "P0000101", replaces: str | None = None, **changes: Any) -> Filing:
    born = date(2011, 1, 1) if child_id == "P0000103" else date(2010, 5, 2)
    person = PersonReference(child_id, born, None, date(2026, 9, 14))
    document = Document("record.pdf", f"WISE assessment {MARKER}", PDF + b"\xfb\xff")
    made = Filing(reference, "E08000007", "wise_assessment", person, date(2026, 9, 14), False, ANSWERS, document)
    return replace(made, replaces=replaces, **changes)


def there(server: CapServer, collection: str, reference: str) -> list[Any]:
    """What the server holds, asked without our connector."""
    query = f"{collection}?$filter=reference eq '{reference}'" + "&$expand=documents" * (collection == "Records")
    answer = requests.get(f"{server.api}/{query}", auth=(server.user, server.password), timeout=20)
    return list(answer.json()["value"])


def filed(system: RestCaseSystem, reference: str, **changes: Any) -> Receipt:
    receipt = file(system, filing(reference, **changes))
    assert isinstance(receipt, Receipt)
    return receipt


def retraction(number: str, reference: str, child_id: str = "P0000101") -> Retraction:
    return Retraction(reference, "E08000007", child_id, number, "entered_twice")


def test_a_record_is_filed_once_and_found(system: RestCaseSystem, server: CapServer) -> None:
    assert system.look_up("WB-C01") == Absent()
    receipt = filed(system, "WB-C01")
    assert receipt == filed(system, "WB-C01") == system.look_up("WB-C01")
    (record,) = there(server, "Records", "WB-C01")
    (document,) = record["documents"]
    assert [answer["value"] for answer in record["answers"]] == [answer.value for answer in ANSWERS]
    assert (record["state"], record["restricted"], record["completedOn"]) == ("complete", False, "2026-09-14")
    assert (receipt.record_number, receipt.document_number) == (record["id"], document["id"])
    assert receipt.evidence == {"answers_sha256": record["answersSha256"], "document_sha256": document["sha256"]}
    address, auth = f"{server.api}/Documents({document['id']})/content", (server.user, server.password)
    assert requests.get(address, auth=auth, timeout=20).content == filing("WB-C01").document.content


def test_what_was_begun_is_continued(system: RestCaseSystem, server: CapServer) -> None:
    begun = filing("WB-C02")
    container = system.open_container(begun)
    assert system.look_up("WB-C02") == Partial()
    assert system.open_container(begun).number == container.number
    first = system.file_document(begun, container)
    assert system.file_document(begun, container) == first
    assert filed(system, "WB-C02").document_number == first.number
    (record,) = there(server, "Records", "WB-C02")
    assert len(record["documents"]) == 1


@pytest.mark.parametrize("child_id", PEOPLE)
def test_who_a_record_cannot_be_filed_to(system: RestCaseSystem, server: CapServer, child_id: str) -> None:
    assert reason_given(lambda: file(system, filing("WB-C03", child_id))) is PEOPLE[child_id]
    assert there(server, "Records", "WB-C03") == []


def test_a_quote_in_a_child_id_ends_no_condition(system: RestCaseSystem, server: CapServer) -> None:
    assert filed(system, "WB-C04", child_id="O'P-0109").record_number
    injected = "P0000101' or childId eq 'P0000106"
    assert reason_given(lambda: file(system, filing("WB-C05", injected))) is Reason.PERSON_NOT_FOUND


def test_a_locked_file_is_left_for_later(system: RestCaseSystem, server: CapServer) -> None:
    with pytest.raises(NothingSent) as caught:
        file(system, filing("WB-C06", "P0000108"))
    assert caught.value.reason is Reason.LOCKED
    assert there(server, "Records", "WB-C06") == []


def test_a_restricted_record_is_restricted_before_its_document_is_there(
    system: RestCaseSystem, server: CapServer
) -> None:
    container = system.open_container(filing("WB-C07", restricted=True))
    (draft,) = there(server, "Records", "WB-C07")
    assert (draft["restricted"], draft["documents"], draft["id"]) == (True, [], container.number)
    assert filed(system, "WB-C07", restricted=True).record_number == container.number


def test_a_record_is_corrected(system: RestCaseSystem, server: CapServer) -> None:
    first = filed(system, "WB-C08")
    second = filed(system, "WB-C09", replaces=first.record_number)
    assert second == filed(system, "WB-C09", replaces=first.record_number) == system.look_up("WB-C09")
    assert second.evidence["corrects_record"] == first.record_number
    assert there(server, "Records", "WB-C08")[0]["correctedBy"] == second.record_number
    again = filing("WB-C10", replaces=first.record_number)
    assert reason_given(lambda: file(system, again)) is Reason.RECORD_NOT_THERE
    assert there(server, "Records", "WB-C10") == []


def test_a_record_is_withdrawn(system: RestCaseSystem, server: CapServer) -> None:
    number = filed(system, "WB-C11").record_number
    astray = retraction(number, "WB-C12", "P0000107")
    assert reason_given(lambda: system.retract(astray)) is Reason.RECORD_NOT_THERE
    receipt = system.retract(retraction(number, "WB-C13"))
    assert receipt == system.retract(retraction(number, "WB-C13")) == system.look_up("WB-C13")
    assert there(server, "Records", "WB-C11")[0]["withdrawn"] is True
    assert len(there(server, "Notes", "WB-C13")) == 1
    second = retraction(number, "WB-C14")
    assert reason_given(lambda: system.retract(second)) is Reason.ALREADY_WITHDRAWN


def test_a_task_is_raised_once(system: RestCaseSystem, server: CapServer) -> None:
    task = ReviewTask("WB-C15", "E08000007", "P0000101", date(2026, 12, 14))
    assert system.raise_task(task) == system.raise_task(task) == system.look_up("WB-C15")
    (held,) = there(server, "Tasks", "WB-C15")
    assert (held["dueOn"], held["team"], held["text"]) == ("2026-12-14", "CSAFE", "A review is due.")


def test_a_refusal_in_its_own_words_names_the_property_and_nothing_else(server: CapServer) -> None:
    """CAP answers 400 with a code of its own, and a message that may repeat what was sent."""
    wrong = RestCaseSystem(link(server, task={"task_type": MARKER, "team": "CSAFE"}))
    with pytest.raises(NeedsHuman) as caught:
        wrong.raise_task(ReviewTask("WB-C16", "E08000007", "P0000101", date(2026, 12, 14)))
    assert (caught.value.reason, caught.value.note) == (Reason.UNKNOWN_CODE, "status_400 taskType")
    assert_silent(caught.value)


def test_a_stale_etag_is_refused_and_the_record_looked_at_again(
    system: RestCaseSystem, server: CapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = filing("WB-C17")
    container = system.open_container(begun)
    document = system.file_document(begun, container)
    rest = open_rest(link(server), 20.0)
    with rest.talk() as api:
        seen = api.see(container.number)
        api.change_record(seen, {"restricted": False})
        with pytest.raises(StaleError):
            api.change_record(seen, {"restricted": True})
    original, interfered = RestApi.change_record, []

    def meanwhile(api: RestApi, seen: Any, body: Any) -> None:
        """Somebody changes the draft between our reading and our first writing."""
        if not interfered:
            interfered.append(original(api, seen, {"completedOn": "2026-01-01"}))
        original(api, seen, body)

    monkeypatch.setattr(RestApi, "change_record", meanwhile)
    assert isinstance(system.submit(begun, container, document), Receipt)
    assert interfered == [None]
    assert there(server, "Records", "WB-C17")[0]["completedOn"] == "2026-09-14"


def test_a_wrong_password_is_said_and_not_shown(server: CapServer) -> None:
    system = RestCaseSystem(link(server, password=MARKER))
    assert reason_given(lambda: system.look_up("WB-C01")) is Reason.SIGN_IN_REFUSED
    findings = system.check()
    assert findings[0].standing is Standing.WRONG
    assert MARKER not in repr(findings)


def test_a_check_finds_nothing_wrong(system: RestCaseSystem) -> None:
    assert Standing.WRONG not in [finding.standing for finding in system.check()]


def test_it_keeps_documents_for_another_case_system(server: CapServer) -> None:
    sink, container = RestDocuments(link(server)), Container("another system's")
    kept = sink.file_document(filing("WB-C18", restricted=True, replaces="another system's"), container)
    assert kept == sink.file_document(filing("WB-C18", restricted=True), container)
    (record,) = there(server, "Records", "WB-C18")
    assert (record["state"], record["restricted"], record["answers"]) == ("complete", True, [])
    assert [each["id"] for each in record["documents"]] == [kept.number]
