"""The routes of the protocol that need a sign-in."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, request

from . import instances, notes, people
from .attachments import Upload
from .model import Attachment, CaseNote, FormInstance, Task
from .protocol import MULTIPART, Routes, argument, paged
from .refusals import Fault, not_found, refuse_if_any
from .world import World

PERMISSIONS = (
    "person.VIEW",
    "formInstance.VIEW",
    "formInstance.ADD",
    "formInstance.UPDATE",
    "formInstance.COMPLETE",
    "attachment.ADD",
    "caseNoteEntry.VIEW",
    "caseNoteEntry.ADD",
    "workListTask.VIEW",
    "workListTask.ADD",
)
_FORM, _NOTE, _TASK = "form.FormInstance", "casenote.CaseNoteEntry", "task.WorkListTask"


def api_blueprint(world: World, permissions: Collection[str]) -> Blueprint:
    """The routes, without the base path."""
    api = Blueprint("api", __name__)
    routes = Routes(api, world, permissions)
    _add_lookups(routes, world, permissions)
    _add_forms(routes, world)
    _add_notes_and_tasks(routes, world)
    return api


def _add_lookups(routes: Routes, world: World, permissions: Collection[str]) -> None:
    @routes.get("/oauth/aggregatedPermission", "security.AggregatedPermission")
    def permitted() -> list[dict[str, Any]]:
        return _by_domain(permissions)

    @routes.get("/person", "person.Person", "person.VIEW")
    def search() -> dict[str, Any]:
        wanted = argument("nameOrId", 100, only=("appendWildcard",))
        wildcard = request.args.get("appendWildcard", "false")
        refuse_if_any([] if wildcard in {"true", "false"} else [Fault("WRONG_TYPE", field="appendWildcard")])
        return paged(people.search(world, wanted, wildcard=wildcard == "true"))

    @routes.get("/person/<id>", "person.Person", "person.VIEW")
    def person(number: int) -> Any:
        return people.readable(world, number)

    @routes.get("/formDesign/<guid>", "form.FormDesign", "formInstance.VIEW")
    def design(guid: str) -> Any:
        if guid not in world.designs:
            raise not_found()
        return world.designs[guid]


def _add_forms(routes: Routes, world: World) -> None:
    @routes.get("/formInstance", _FORM, "formInstance.VIEW")
    def search() -> dict[str, Any]:
        return _under_reference(world, FormInstance)

    @routes.get("/formInstance/<id>", _FORM, "formInstance.VIEW")
    def read(number: int) -> FormInstance:
        return instances.one(world, number)

    @routes.change("POST", "/person/<id>/formInstance", _FORM, "form.NewFormInstance", "formInstance.ADD")
    def create(person: int, body: Any) -> FormInstance:
        return instances.create(world, person, body)

    @routes.change("PUT", "/formInstance/<id>/answers", _FORM, "form.FormAnswers", "formInstance.UPDATE", 200)
    def answer(number: int, body: Any) -> FormInstance:
        return instances.answer(world, number, body)

    @routes.change("POST", "/formInstance/<id>/attachment", "attachment.Attachment", MULTIPART, "attachment.ADD")
    def attach(number: int, upload: Upload) -> Attachment:
        return instances.attach(world, number, upload)

    @routes.change("PUT", "/formInstance/<id>/state", _FORM, "form.FormInstanceState", "formInstance.COMPLETE", 200)
    def finish(number: int, body: Any) -> FormInstance:
        return instances.finish(world, number, body)


def _add_notes_and_tasks(routes: Routes, world: World) -> None:
    @routes.get("/person/<id>/caseNoteEntry", _NOTE, "caseNoteEntry.VIEW")
    def of_person(person: int) -> dict[str, Any]:
        return paged(notes.of_person(world, person))

    @routes.get("/caseNoteEntry", _NOTE, "caseNoteEntry.VIEW")
    def search_notes() -> dict[str, Any]:
        return _under_reference(world, CaseNote)

    @routes.change("POST", "/person/<id>/caseNoteEntry", _NOTE, "casenote.NewCaseNoteEntry", "caseNoteEntry.ADD")
    def withdraw(person: int, body: Any) -> CaseNote:
        return notes.withdraw(world, person, body)

    @routes.get("/workListTask", _TASK, "workListTask.VIEW")
    def search_tasks() -> dict[str, Any]:
        return _under_reference(world, Task)

    @routes.change("POST", "/person/<id>/workListTask", _TASK, "task.NewWorkListTask", "workListTask.ADD")
    def add_task(person: int, body: Any) -> Task:
        return notes.add_task(world, person, body)


def _under_reference(world: World, kind: Any) -> dict[str, Any]:
    reference = argument("externalReference", instances.LONGEST_REFERENCE, only=())
    return paged(world.readable(kind, reference))


def _by_domain(permissions: Collection[str]) -> list[dict[str, Any]]:
    """The permissions as the product groups them; a domain without any is left out."""
    held = [name.split(".") for name in PERMISSIONS if name in permissions]
    domains = dict.fromkeys(domain for domain, _ in held)
    return [{"domain": name, "permissions": [item for domain, item in held if domain == name]} for name in domains]
