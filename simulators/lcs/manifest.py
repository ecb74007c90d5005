"""The manifest of a set: bytes in, checked dataclasses out, or BadManifest."""

from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from simulators.lcs.model import Answer
from simulators.sftp import shape
from simulators.sftp.safe_xml import BadManifest, parse

PARTS = {"form": ("form", "document"), "task": ("task",), "withdrawal": ("withdraw",)}
"""What a manifest of each kind holds besides `reference`, `authority` and `person`."""

MORE_PARTS = {"form": ("replaces",), "task": (), "withdrawal": ()}
REASONS = ("wrong_young_person", "entered_twice", "entered_in_error")


@dataclass(frozen=True)
class Claim:
    """Who the sender says the child is; what is None was not sent."""

    person_id: str
    dob: date | None
    age: int | None
    as_at: date | None


@dataclass(frozen=True)
class FormPart:
    """A completed form and the document that goes with it."""

    type: str
    completed_on: date
    restricted: bool
    answers: tuple[Answer, ...]
    document_type: str
    title: str


@dataclass(frozen=True)
class TaskPart:
    """A piece of work for a department."""

    type: str
    due_on: date
    assign_to: str
    title: str


@dataclass(frozen=True)
class WithdrawPart:
    """A record that should never have been there, and why, as a code."""

    record_id: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    """Exactly one of `form`, `task` and `withdraw` is set; `replaces` makes a form a correction."""

    reference: str
    authority: str
    claim: Claim
    form: FormPart | None = None
    task: TaskPart | None = None
    withdraw: WithdrawPart | None = None
    replaces: str | None = None

    @property
    def record_id(self) -> str | None:
        """The record it is about, as the sender wrote its number; None for what is new."""
        return self.withdraw.record_id if self.withdraw else self.replaces


def read_manifest(content: bytes, reference: str) -> Manifest:
    """The manifest, if it is of this version and about this reference."""
    root = parse(content)
    kind = _kind(root)
    parts = shape.children(root, ["reference", "authority", "person", *PARTS[kind]], MORE_PARTS[kind])
    if shape.plain(parts["reference"]) != reference:
        raise BadManifest("the reference is not that of the file name")
    return Manifest(
        reference=reference,
        authority=shape.plain(parts["authority"]),
        claim=_person_id(parts["person"]) if kind == "withdrawal" else _claim(parts["person"]),
        form=_form(parts["form"], parts["document"], reference) if kind == "form" else None,
        task=_task(parts["task"]) if kind == "task" else None,
        withdraw=_withdraw(parts["withdraw"]) if kind == "withdrawal" else None,
        replaces=_replaces(root, parts["replaces"]) if "replaces" in parts else None,
    )


def _kind(root: Element) -> str:
    if root.tag != "exchange":
        raise BadManifest("the root element is not exchange")
    found = shape.attributes(root, ["version", "kind"])
    shape.one_of(found["version"], ["1"], "version")
    return shape.one_of(found["kind"], PARTS, "kind")


def _replaces(root: Element, element: Element) -> str:
    """Its place is agreed: straight after `authority`, before anything about the young person."""
    names = [child.tag for child in root]
    if names.index("replaces") != names.index("authority") + 1:
        raise BadManifest("replaces does not stand straight after authority")
    return shape.empty(element, ["record-id"])["record-id"]


def _withdraw(element: Element) -> WithdrawPart:
    found = shape.empty(element, ["record-id", "reason"])
    return WithdrawPart(found["record-id"], shape.one_of(found["reason"], REASONS, "reason"))


def _person_id(element: Element) -> Claim:
    """A withdrawal names the person and nothing else about them."""
    shape.attributes(element, [])
    return Claim(shape.plain(shape.children(element, ["person-id"])["person-id"]), None, None, None)


def _claim(element: Element) -> Claim:
    shape.attributes(element, [])
    parts = shape.children(element, ["person-id"], ["date-of-birth", "age"])
    dob = shape.day(shape.plain(parts["date-of-birth"]), "date-of-birth") if "date-of-birth" in parts else None
    age, as_at = _age(parts["age"]) if "age" in parts else (None, None)
    return Claim(shape.plain(parts["person-id"]), dob, age, as_at)


def _age(element: Element) -> tuple[int, date]:
    as_at = shape.attributes(element, ["as-at"])["as-at"]
    return shape.number(shape.text(element), "age", 0), shape.day(as_at, "age/@as-at")


def _form(element: Element, document: Element, reference: str) -> FormPart:
    form = shape.attributes(element, ["type", "completed-on", "restricted"])
    paper = shape.empty(document, ["file", "type", "title"])
    if paper["file"] != f"{reference}.pdf":
        raise BadManifest("the document is not that of this set")
    return FormPart(
        type=form["type"],
        completed_on=shape.day(form["completed-on"], "completed-on"),
        restricted=shape.one_of(form["restricted"], ["yes", "no"], "restricted") == "yes",
        answers=_answers(element),
        document_type=paper["type"],
        title=paper["title"],
    )


def _answers(form: Element) -> tuple[Answer, ...]:
    """Rows are for repeating answers only, so the same code and row cannot come twice."""
    answers = tuple(_answer(child) for child in form)
    places = {(answer.no, answer.row) for answer in answers}
    single = {answer.no for answer in answers if answer.row is None}
    rows = {answer.no for answer in answers if answer.row is not None}
    if len(places) != len(answers) or single & rows:
        raise BadManifest("an answer is repeated without a row of its own")
    return answers


def _answer(element: Element) -> Answer:
    if element.tag != "answer":
        raise BadManifest("elements of form: one is not known")
    found = shape.attributes(element, ["no"], ["row"])
    row = shape.number(found["row"], "row", 1) if "row" in found else None
    return Answer(found["no"], row, shape.text(element))


def _task(element: Element) -> TaskPart:
    found = shape.attributes(element, ["type", "due-on", "assign-to"])
    title = shape.plain(shape.children(element, ["title"])["title"])
    return TaskPart(found["type"], shape.day(found["due-on"], "due-on"), found["assign-to"], title)
