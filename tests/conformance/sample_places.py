"""The simulator of each shipped sample, with the people, addresses and credentials of its protocol page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from service.ports import Answer
from simulators import caredirector, lcs_rest, mosaic, rest_inbox, restful
from simulators.caredirector.people import TEST_PEOPLE
from simulators.eclipse import EclipseSimulator
from simulators.eclipse.model import CaseNote, FormInstance, Task
from tests.conformance.places import SECRET, Held, Place

T = TypeVar("T")


def of(kind: type[T], held: list[Any]) -> list[T]:
    """Those that are of one kind."""
    return [each for each in held if isinstance(each, kind)]


def http(url: str) -> list[tuple[str, int]]:
    """The one address of a simulator on HTTP."""
    return [("http", urlsplit(url).port or 80)]


class Eclipse(Place):
    sample = "eclipse"

    def running(self) -> AbstractContextManager[Any]:
        self.simulator = EclipseSimulator(self.folder / "data", SECRET)
        return self.simulator

    def own(self) -> Mapping[str, Any]:
        return {"connection": {"base_url": self.simulator.api}}

    def addresses(self) -> list[tuple[str, int]]:
        return http(self.simulator.api)

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_ECLIPSE_CLIENT_ID": self.simulator.CLIENT, "SAMPLE_ECLIPSE_CLIENT_SECRET": SECRET}

    def forms(self, reference: str) -> list[Held]:
        return [_in_eclipse(each) for each in of(FormInstance, self.simulator.records(reference))]

    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        return [{"team": each.team} for each in of(Task, self.simulator.records(reference))]

    def withdrawn(self, reference: str) -> list[str]:
        return [str(each.form_id) for each in of(CaseNote, self.simulator.records(reference))]


def _in_eclipse(form: FormInstance) -> Held:
    (file,) = form.attachments
    assert form.state == "COMPLETE"
    target = {"design_guid": form.design, "team": form.team}
    return Held(
        number=str(form.id),
        child_id=str(form.person_id),
        target={**target, "attachment_type": file.type, "attachment_sub_type": file.sub_type},
        restricted=form.restricted,
        answers=tuple(Answer(each["controlName"], each["row"], each["value"]) for each in form.answers),
        corrects=str(form.corrects) if form.corrects else None,
        document_number=str(file.id),
        document=file.content,
        title=file.title,
    )


class CareDirector(Place):
    sample = "caredirector"

    def running(self) -> AbstractContextManager[Any]:
        self.simulator = caredirector.CareDirectorSimulator(self.folder / "data", client_secret=SECRET)
        return self.simulator

    def own(self) -> Mapping[str, Any]:
        return {"connection": {"base_url": self.simulator.api}}

    def addresses(self) -> list[tuple[str, int]]:
        return http(self.simulator.api)

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_CAREDIRECTOR_CLIENT_ID": "wise-bridge", "SAMPLE_CAREDIRECTOR_CLIENT_SECRET": SECRET}

    def forms(self, reference: str) -> list[Held]:
        return [self._held(each) for each in of(caredirector.CaseForm, self.simulator.records(reference))]

    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        return [{"team": each.team_id} for each in of(caredirector.Task, self.simulator.records(reference))]

    def withdrawn(self, reference: str) -> list[str]:
        return [each.form_id for each in of(caredirector.CaseNote, self.simulator.records(reference))]

    def _held(self, form: caredirector.CaseForm) -> Held:
        (file,) = form.documents
        assert form.complete
        assert form.restriction_id in (None, self.profile.connection["restriction"])
        target = {"team": form.team_id, "form_template": form.template_id}
        return Held(
            number=form.id,
            child_id=next(each.number for each in TEST_PEOPLE if each.id == form.person_id),
            target={**target, "document_type": file.type_id, "document_sub_type": file.sub_type_id},
            restricted=form.restriction_id is not None,
            answers=tuple(Answer(each["questioncode"], _row(each["row"]), each["value"]) for each in form.answers),
            corrects=form.corrects,
            document_number=file.id,
            document=file.content,
            title=file.title,
        )


def _row(written: str | None) -> int | None:
    return None if written is None else int(written)


class Rest(Place):
    """Plain JSON; the sample's product has another name for one property, and so has the simulator."""

    sample = "generic_rest"
    child_id = "P0000101"
    right: ClassVar[restful.Person] = restful.Person(child_id)
    simulated: ClassVar[Mapping[str, Any]] = {"names": restful.Names(properties={"childId": "personNumber"})}

    def running(self) -> AbstractContextManager[Any]:
        self.simulator = restful.RestfulSimulator(
            self.folder / "data", secret=SECRET, people=[self.right], **self.simulated
        )
        return self.simulator

    def own(self) -> Mapping[str, Any]:
        """TLS ends before it reaches this machine."""
        return {"connection": {"base_url": self.simulator.api, "ca_bundle": None}}

    def addresses(self) -> list[tuple[str, int]]:
        return http(self.simulator.api)

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_REST_API_KEY": SECRET}

    def forms(self, reference: str) -> list[Held]:
        return [self._held(each) for each in of(restful.Record, self.simulator.records(reference))]

    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        found = of(restful.Task, self.simulator.records(reference))
        return [{"task_type": each.task_type, "team": each.team} for each in found]

    def withdrawn(self, reference: str) -> list[str]:
        return [each.record_id for each in of(restful.Note, self.simulator.records(reference))]

    def _held(self, record: restful.Record) -> Held:
        (file,) = record.documents
        assert record.state == "complete"
        target = {"form_type": record.form_type, "document_type": file.document_type}
        return Held(
            number=record.id,
            child_id={self.right.id: self.right.child_id}[record.person_id],
            target={**target, "document_sub_type": file.document_sub_type},
            restricted=record.restricted,
            answers=tuple(Answer(each["code"], each["row"], each["value"]) for each in record.answers),
            corrects=record.corrects,
            document_number=file.id,
            document=file.content,
            title=file.title,
        )


class OData(Rest):
    sample = "generic_odata"
    simulated: ClassVar[Mapping[str, Any]] = {"dialect": "odata", "sign_in": "oauth2"}

    def own(self) -> Mapping[str, Any]:
        """No proxy stands between two processes of one machine."""
        urls = {"base_url": self.simulator.api, "token_url": self.simulator.token_url}
        return {"connection": {**urls, "proxy_url": None}}

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_ODATA_CLIENT_ID": "bridge", "SAMPLE_ODATA_CLIENT_SECRET": SECRET}


class LcsOverHttp(Place):
    sample = "lcs_rest"

    def running(self) -> AbstractContextManager[Any]:
        credentials = lcs_rest.Credentials("wise-bridge", SECRET, "fictional-key")
        self.simulator = lcs_rest.LcsRestSimulator(self.folder / "data", credentials)
        return self.simulator

    def own(self) -> Mapping[str, Any]:
        """This one calls its paths as the page does; where the secret lies is the place's own, too."""
        secret = "env:SAMPLE_LCS_CLIENT_SECRET"
        return {"connection": {"base_url": self.simulator.api, "client_secret": secret, "paths": None}}

    def addresses(self) -> list[tuple[str, int]]:
        return http(self.simulator.api)

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_LCS_CLIENT_ID": "wise-bridge", "SAMPLE_LCS_CLIENT_SECRET": SECRET}

    def forms(self, reference: str) -> list[Held]:
        return [_in_lcs(each) for each in of(lcs_rest.Form, self.simulator.records(reference))]

    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        sent = [each.sent for each in of(lcs_rest.Task, self.simulator.records(reference))]
        return [{"type": each["taskType"], "department": each["departmentCode"]} for each in sent]

    def withdrawn(self, reference: str) -> list[str]:
        return [str(each.record_id) for each in of(lcs_rest.Withdrawal, self.simulator.records(reference))]


def _in_lcs(form: lcs_rest.Form) -> Held:
    (file,) = form.documents
    assert form.status == "COMPLETE"
    return Held(
        number=str(form.record_id),
        child_id=str(form.person_id),
        target={"form": form.form_type, "document_type": file.document_type},
        restricted=form.restricted,
        answers=tuple(Answer(each["answerNo"], each["row"], each["answer"]) for each in form.answers),
        corrects=str(form.replaces) if form.version > 1 else None,
        document_number=str(file.document_id),
        document=file.content,
        title=file.title,
    )


class MosaicOverSoap(Place):
    sample = "mosaic_soap"

    def running(self) -> AbstractContextManager[Any]:
        self.simulator = mosaic.MosaicSimulator(self.folder / "data", "fictional-key", soap_password=SECRET)
        return self.simulator

    def own(self) -> Mapping[str, Any]:
        return {"connection": {"soap_url": self.simulator.soap}}

    def addresses(self) -> list[tuple[str, int]]:
        return http(self.simulator.soap)

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_MOSAIC_USER": "wise-bridge", "SAMPLE_MOSAIC_PASSWORD": SECRET}

    def forms(self, reference: str) -> list[Held]:
        return [_in_mosaic(each) for each in self.simulator.steps(reference)]

    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        steps = self.simulator.steps(reference)
        return [{"step_type": each.step_type_id, "team": each.team} for each in steps if each.status == "INCOMING"]

    def withdrawn(self, reference: str) -> list[str]:
        return [str(each.step_id) for each in self.simulator.notes(reference)]


def _in_mosaic(step: mosaic.Step) -> Held:
    (file,), (following,) = step.documents, step.next_actions
    assert step.status == "COMPLETED"
    target: dict[str, str | int] = {"step_type": step.step_type_id, "team": step.team}
    target |= {"next_action": following.action_type_id, "next_team": following.team}
    return Held(
        number=str(step.step_id),
        child_id=str(step.person_id),
        target={**target, "document_category": file.category, "document_sub_category": file.sub_category},
        restricted=step.restricted,
        answers=tuple(Answer(each["questionUserCode"], each["row"], each["value"]) for each in step.answers),
        corrects=str(step.corrects_step_id) if step.corrects_step_id else None,
        document_number=str(file.document_id),
        document=file.content,
        title=file.title,
    )


class Inbox(Place):
    sample = "rest_inbox"
    child_id = "P0000101"

    def running(self) -> AbstractContextManager[Any]:
        self.simulator = rest_inbox.RestInboxSimulator(self.folder / "data", secret=SECRET)
        return self.simulator

    def own(self) -> Mapping[str, Any]:
        """TLS ends before it reaches this machine."""
        return {"connection": {"base_url": self.simulator.api, "ca_bundle": None}}

    def addresses(self) -> list[tuple[str, int]]:
        return http(self.simulator.api)

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_INBOX_API_KEY": SECRET}

    def forms(self, reference: str) -> list[Held]:
        return [_in_the_inbox(each) for each in self._of("record", reference)]

    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        return [
            {"task_kind": each.sent["task"], "team": each.sent["team"]} for each in self._of("review_task", reference)
        ]

    def withdrawn(self, reference: str) -> list[str]:
        return [str(each.number) for each in self._of("withdrawal", reference)]

    def _of(self, kind: str, reference: str) -> list[rest_inbox.Item]:
        return [each for each in self.simulator.records(reference) if each.kind == kind]


def _in_the_inbox(item: rest_inbox.Item) -> Held:
    sent = item.sent
    assert item.state == "filed"
    return Held(
        number=str(item.number),
        child_id=item.child_id,
        target={"form": sent["form"], "document_type": sent["document"]["type"]},
        restricted=sent["restricted"],
        answers=tuple(Answer(each["code"], each["row"], each["value"]) for each in sent["answers"]),
        corrects=sent["replaces"],
        document_number=item.document_number,
        document=item.content or b"",
        title=sent["document"]["title"],
    )
