"""What is special about the REST connector: every sign-in, every name replaced, changes meanwhile, lost replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.adapters.generic_rest.connection import open_rest
from service.adapters.generic_rest.documents import RestDocuments
from service.adapters.generic_rest.schema import SIGN_INS
from service.adapters.generic_rest.system import RestCaseSystem
from service.adapters.generic_rest.vocabulary import CODES, PATHS, PROPERTIES, WORDS
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Answer, Container, Partial, Receipt, Standing
from simulators.restful import Names, Record, RestfulSimulator
from tests.conformance.test_generic_rest import SECRET, TARGET, TASK, GenericRestWorld, PlainWorld
from tests.conformance.world import assert_silent, file, reason_given


def theirs(words: tuple[str, ...], sign: str) -> dict[str, str]:
    """A spelling of its own for every word."""
    return {word: f"{sign}{word}" for word in words}


def setting(spelling: dict[str, str]) -> str:
    return ",".join(f"{ours}={word}" for ours, word in spelling.items())


@pytest.fixture(params=["plain", "odata"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GenericRestWorld]:
    plain = request.param == "plain"
    sign_in = "api_key" if plain else "oauth2"
    with RestfulSimulator(tmp_path, request.param, secret=SECRET, sign_in=sign_in) as simulator:
        yield PlainWorld(simulator) if plain else GenericRestWorld(simulator)


@pytest.mark.parametrize("way", SIGN_INS)
@pytest.mark.parametrize("dialect", ["plain", "odata"])
def test_every_sign_in_in_either_dialect(tmp_path: Path, dialect: str, way: str) -> None:
    with RestfulSimulator(tmp_path, dialect, secret=SECRET, sign_in=way) as simulator:
        files = simulator.certificates if way == "certificate" else {}
        text = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
        settings = {
            "api_key": {"api_key": SECRET},
            "basic": {"user": "bridge", "password": SECRET},
            "oauth2": {"client_id": "bridge", "client_secret": SECRET, "token_url": simulator.token_url},
            "certificate": {
                "ca_bundle": text.get("authority", ""),
                "client_certificate": text.get("certificate", ""),
                "client_key": text.get("key", ""),
            },
        }
        here = {"base_url": simulator.api, "dialect": dialect, "sign_in": way}
        system = RestCaseSystem(Link({**here, **settings[way]}, {"wise_assessment": TARGET}, TASK))
        assert Standing.WRONG not in [finding.standing for finding in system.check()]
        if way != "certificate":
            wrong = {name: "wrong" if value == SECRET else value for name, value in settings[way].items()}
            refused = RestCaseSystem(Link({**here, **wrong}, {"wise_assessment": TARGET}, TASK))
            assert reason_given(lambda: refused.look_up("WB-0001")) is Reason.SIGN_IN_REFUSED


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_product_that_spells_everything_its_own_way(tmp_path: Path, method: str) -> None:
    spelt = {"paths": theirs(PATHS, "own/"), "properties": theirs(PROPERTIES, "the_")}
    spelt |= {"words": theirs(WORDS, "is-"), "codes": theirs(CODES, "C-")}
    names = Names(**spelt, method=method)
    with RestfulSimulator(tmp_path, "plain", secret=SECRET, key_header="X-Own-Key", names=names) as simulator:
        world = Renamed(simulator, {name: setting(each) for name, each in spelt.items()} | {"method": method})
        first = world.filed(replace(world.filing(), restricted=True))
        second = world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert world.filed(world.filing("WB-0002", replaces=first.record_number)) == second
        assert world.record().restricted and not world.record("WB-0002").restricted
        assert world.retracted(world.retraction(second.record_number)) == world.system.look_up("WB-W001")
        assert isinstance(world.system.raise_task(world.task()), Receipt)
        again = world.retraction(second.record_number, "WB-W002")
        assert reason_given(lambda: world.retracted(again)) is Reason.ALREADY_WITHDRAWN
        unfit = replace(world.filing("WB-0003"), answers=(*world.answers(), world.unfit_answer()))
        assert reason_given(lambda: world.filed(unfit)) is Reason.CONTENT_REFUSED
        gone = world.filing("WB-0004", replaces="no-such-record")
        assert reason_given(lambda: world.filed(gone)) is Reason.RECORD_NOT_THERE
        assert Standing.WRONG not in [finding.standing for finding in world.system.check()]


class Renamed(PlainWorld):
    """A product that spells every word its own way."""

    def __init__(self, simulator: RestfulSimulator, spelt: dict[str, str]) -> None:
        self.spelt = spelt | {"key_header": "X-Own-Key"}
        super().__init__(simulator)

    def sign_in(self) -> dict[str, str]:
        return super().sign_in() | self.spelt


def test_a_product_spelt_otherwise_than_the_profile_says_is_not_understood(tmp_path: Path) -> None:
    names = Names(properties={"withdrawn": "isWithdrawn"})
    with RestfulSimulator(tmp_path, "plain", secret=SECRET, names=names) as simulator:
        world = PlainWorld(simulator)
        with pytest.raises(OutcomeUnknown) as caught:
            world.filed(world.filing())
        assert caught.value.note == "answer_not_of_the_protocol"


@pytest.mark.parametrize("which", range(4))
def test_a_reply_lost_at_any_step_leaves_one_record(world: GenericRestWorld, which: int) -> None:
    """The draft, the document, the answers, the completion."""
    world.simulator.faults.set("reset_after_commit", times=1, on="write", after=which)
    with pytest.raises(OutcomeUnknown) as caught:
        file(world.system, world.filing())
    assert_silent(caught.value)
    found = world.system.look_up("WB-0001")
    assert isinstance(found, Receipt if which == 3 else Partial)
    receipt = world.filed(world.filing())
    assert receipt == world.system.look_up("WB-0001")
    assert (world.records("WB-0001"), len(world.record().documents)) == (1, 1)


def test_a_draft_of_ours_is_finished_by_somebody_else(world: GenericRestWorld) -> None:
    """Complete, and not with what we would file: only a person can say."""
    begun = world.filing()
    container = world.system.open_container(begun)
    world.system.file_document(begun, container)
    other = replace(begun, answers=(*begun.answers[:-1], Answer("LONG", None, "other words")))
    assert isinstance(world.system.submit(other, container, None), Receipt)
    assert reason_given(lambda: world.filed(begun)) is Reason.CONTRADICTION
    assert reason_given(lambda: world.system.submit(begun, container, None)) is Reason.CONTRADICTION


def test_a_restricted_record_is_restricted_before_its_document_is_there(world: GenericRestWorld) -> None:
    begun = replace(world.filing(), restricted=True)
    world.system.open_container(begun)
    assert (world.record().restricted, world.record().documents) == (True, ())
    assert world.filed(begun).record_number == world.record().id
    assert world.record().restricted and world.record().state == "complete"


def test_what_stands_under_our_reference_must_be_ours(world: GenericRestWorld) -> None:
    world.filed(world.filing())
    other = world.connected(target={"form_type": "WISE"})
    assert reason_given(lambda: file(other, world.filing())) is Reason.CONTRADICTION
    number = world.record().id
    corrected = world.filing(replaces=number)
    assert reason_given(lambda: world.filed(corrected)) is Reason.CONTRADICTION
    person = replace(world.person(), child_id="O'P-0109")
    assert reason_given(lambda: world.filed(replace(world.filing(), person=person))) is Reason.CONTRADICTION


def test_two_records_under_our_reference_are_for_a_person(world: GenericRestWorld) -> None:
    world.system.open_container(world.filing())
    first = world.record()
    link = Link({"base_url": world.simulator.api, **world.sign_in()}, {}, {})
    with open_rest(link, 20.0).talk() as api:
        api.open_record({"reference": "WB-0001", "personId": first.person_id, "formType": first.form_type})
    assert reason_given(lambda: world.filed(world.filing())) is Reason.CONTRADICTION
    assert reason_given(lambda: world.system.look_up("WB-0001")) is Reason.CONTRADICTION


def test_only_a_complete_record_of_this_form_is_corrected(world: GenericRestWorld) -> None:
    draft = world.system.open_container(world.filing()).number
    assert reason_given(lambda: world.filed(world.filing("WB-0002", replaces=draft))) is Reason.RECORD_NOT_THERE
    assert reason_given(lambda: world.retracted(world.retraction(draft))) is Reason.RECORD_NOT_THERE
    first = world.filed(world.filing()).record_number
    world.filed(world.filing("WB-0003", replaces=first))
    late = world.filing("WB-0004", replaces=first)
    assert reason_given(lambda: world.filed(late)) is Reason.RECORD_NOT_THERE
    assert world.records("WB-0004") == 0


def test_a_record_is_withdrawn_after_its_person_was_merged(world: GenericRestWorld) -> None:
    number = world.filed(world.filing()).record_number
    world.simulator.change_person("P0000101", merged_to="O'P-0109")
    assert world.retracted(world.retraction(number)).record_number == number


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"merged_to": "O'P-0109"}, Reason.PERSON_MERGED), ({"restricted": True}, Reason.PERSON_RESTRICTED)],
)
def test_a_task_waits_for_nobody_who_lives_on_elsewhere(
    world: GenericRestWorld, changes: dict[str, Any], reason: Reason
) -> None:
    world.simulator.change_person("P0000101", **changes)
    assert reason_given(lambda: world.system.raise_task(world.task())) is reason
    assert world.records("WB-T001") == 0


def test_a_record_somebody_opened_after_we_began(world: GenericRestWorld) -> None:
    begun = world.filing()
    container = world.system.open_container(begun)
    world.simulator.lock(container.number, "Duty desk (fictional)")
    for call in (lambda: world.system.file_document(begun, container), lambda: world.filed(begun)):
        with pytest.raises(NothingSent) as caught:
            call()
        assert caught.value.reason is Reason.LOCKED
    world.simulator.unlock(container.number)
    assert world.filed(begun).record_number == container.number


def test_a_form_that_may_not_be_used(world: GenericRestWorld) -> None:
    system = world.connected(target={"form_type": "READONLY"})
    assert reason_given(lambda: file(system, world.filing())) is Reason.NOT_PERMITTED
    unknown = world.connected(target={"document_sub_type": "NONE"})
    assert reason_given(lambda: file(unknown, world.filing())) is Reason.UNKNOWN_CODE


def test_documents_kept_for_another_case_system(world: GenericRestWorld) -> None:
    connection = {"base_url": world.simulator.api, **world.sign_in()}
    target = {**TARGET, "form_type": "WISE"}
    sink = RestDocuments(Link(connection, {"wise_assessment": target}, {}))
    given = replace(world.filing(replaces="another system's number"), restricted=True)
    kept = sink.file_document(given, Container("another system's number"))
    assert kept == sink.file_document(given, Container("another one"))
    record = world.record()
    assert isinstance(record, Record)
    assert (record.state, record.restricted, record.answers) == ("complete", True, ())
    assert [(each.id, each.name, each.content) for each in record.documents] == [
        (kept.number, "WB-0001.pdf", given.document.content)
    ]
    empty = replace(given, reference="WB-0002", document=replace(given.document, content=b""))
    with pytest.raises(NeedsHuman) as caught:
        sink.file_document(empty, Container(""))
    assert caught.value.reason is Reason.DOCUMENT_REFUSED


@pytest.mark.parametrize("which", range(3))
def test_a_document_whose_reply_was_lost_is_kept_once(world: GenericRestWorld, which: int) -> None:
    """The draft, the document, the completion."""
    target = {**TARGET, "form_type": "WISE"}
    connection = {"base_url": world.simulator.api, **world.sign_in()}
    sink = RestDocuments(Link(connection, {"wise_assessment": target}, {}))
    world.simulator.faults.set("reset_after_commit", times=1, on="write", after=which)
    with pytest.raises(OutcomeUnknown):
        sink.file_document(world.filing(), Container(""))
    kept = sink.file_document(world.filing(), Container(""))
    assert [document.id for document in world.record().documents] == [kept.number]


def test_a_record_without_its_document_where_documents_are_kept_elsewhere(world: GenericRestWorld) -> None:
    system = world.connected(documents_here=False)
    container = system.open_container(world.filing())
    assert reason_given(lambda: system.submit(world.filing(), container, None)) is Reason.CONTENT_REFUSED
