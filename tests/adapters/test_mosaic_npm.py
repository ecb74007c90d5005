"""The SOAP binding against a server nobody of this project wrote: the npm package `soap`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.domain.delivery import Reason
from service.ports import Absent, Answer, CaseSystem, Partial, PersonReference, Receipt
from tests.conformance.test_mosaic import MosaicSoapWorld
from tests.conformance.world import file, reason_given
from tests.support.npm_soap_server import SOURCE, SoapServer, npm_soap_server


class NpmWorld(MosaicSoapWorld):
    """The same connector; what it reached is known by asking again only."""

    def __init__(self, server: SoapServer) -> None:
        self.server = server
        self.system: CaseSystem = self.connected()

    def connection(self) -> dict[str, str]:
        user, password = self.server.user, self.server.password
        return {"binding": "soap", "soap_url": self.server.soap, "user": user, "password": password}


@pytest.fixture(scope="module")
def server() -> Iterator[SoapServer]:
    with npm_soap_server() as running:
        yield running


@pytest.fixture
def world(server: SoapServer) -> NpmWorld:
    return NpmWorld(server)


def test_the_way_of_a_record(world: NpmWorld) -> None:
    world.system.verify_person(world.person())
    assert world.system.look_up("WB-1") == Absent()
    words = "“Dw i'n iawn” نعم 😀 <b>&amp; ]]>\r\n\tand a space "
    filing = world.filing("WB-1")
    changed = replace(filing, restricted=True, answers=(*filing.answers, Answer("TEST_ROWS", 3, words)))
    receipt = world.filed(changed)
    assert receipt.document_number
    assert receipt.evidence.keys() == {"answers_sha256", "document_sha256"}
    assert world.system.look_up("WB-1") == receipt == world.filed(changed)


def test_a_step_that_was_begun_is_continued(world: NpmWorld) -> None:
    filing = world.filing("WB-2")
    container = world.system.open_container(filing)
    document = world.system.file_document(filing, container)
    assert world.system.look_up("WB-2") == Partial()
    again = world.system.open_container(filing)
    assert again.number == container.number
    assert world.system.file_document(filing, again) == document
    assert isinstance(world.system.submit(filing, again, document), Receipt)


def test_a_correction_and_a_withdrawal(world: NpmWorld) -> None:
    first = world.filed(world.filing("WB-3"))
    second = world.filed(world.filing("WB-4", replaces=first.record_number))
    assert second.evidence["corrects_step"] == first.record_number
    receipt = world.retracted(world.retraction(second.record_number, "WB-5"))
    assert receipt.record_number == second.record_number
    assert world.system.look_up("WB-5") == receipt
    again = world.retraction(second.record_number, "WB-6")
    assert reason_given(lambda: world.retracted(again)) is Reason.ALREADY_WITHDRAWN


def test_its_faults(world: NpmWorld) -> None:
    nobody = PersonReference("99999", world.person().date_of_birth, None, world.person().age_as_at)
    assert reason_given(lambda: world.system.verify_person(nobody)) is Reason.PERSON_NOT_FOUND
    filing = world.filing("WB-7")
    strange = replace(filing, answers=(*filing.answers, Answer("NO_SUCH_QUESTION", None, "x")))
    assert reason_given(lambda: file(world.system, strange)) is Reason.UNKNOWN_CODE
    gone = world.retraction("1", "WB-8")
    assert reason_given(lambda: world.retracted(gone)) is Reason.RECORD_NOT_THERE


@pytest.mark.parametrize("changed", [{"user": "somebody"}, {"password": "another"}])
def test_another_user_or_password(world: NpmWorld, changed: dict[str, str]) -> None:
    """The digest is reckoned by the package, and every request above was let in by it."""
    other = world.connected(**changed)
    assert reason_given(lambda: other.look_up("WB-1")) is Reason.SIGN_IN_REFUSED


def test_the_lock_file_names_hashes_and_no_place() -> None:
    packages = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    theirs = [package for name, package in packages.items() if name]
    assert theirs and all(package["integrity"].startswith("sha512-") for package in theirs)
    assert not any("resolved" in package for package in theirs)
