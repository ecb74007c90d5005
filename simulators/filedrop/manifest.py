"""The manifest of a set: what one of the three readers found, turned into checked dataclasses."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from simulators.filedrop.model import Answer
from simulators.filedrop.raw import Raw, RawAnswer
from simulators.filedrop.read_csv import read_csv
from simulators.filedrop.read_json import read_json
from simulators.filedrop.read_xml import read_xml
from simulators.sftp.safe_xml import BadManifest
from simulators.sftp.shape import day, number, one_of

READERS: dict[str, Callable[[bytes], Raw]] = {"csv": read_csv, "xml": read_xml, "json": read_json}
NEEDED = {"form": ("form",), "task": ("task",), "withdrawal": ("withdraw",)}
ALLOWED = {"form": ("replaces", "document"), "task": (), "withdrawal": ()}
REASONS = ("wrong_young_person", "entered_twice", "entered_in_error")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Fields = Mapping[str, str]


@dataclass(frozen=True)
class Claim:
    """Who the sender says the child is; what is None was not sent."""

    child_id: str
    date_of_birth: date | None
    age: int | None
    age_as_at: date | None


@dataclass(frozen=True)
class Attached:
    """What the manifest says of the document."""

    type: str
    sub_type: str | None
    title: str
    size: int
    sha256: str


@dataclass(frozen=True)
class FormPart:
    """A completed form."""

    type: str
    completed_on: date
    restricted: bool
    answers: tuple[Answer, ...]
    document: Attached | None


@dataclass(frozen=True)
class TaskPart:
    """A piece of work for a team."""

    team: str
    due_on: date
    title: str


@dataclass(frozen=True)
class Manifest:
    """Of `form`, `task` and `reason` exactly one is set. `record` is what a correction or withdrawal is about."""

    reference: str
    kind: str
    authority: str
    claim: Claim
    form: FormPart | None
    task: TaskPart | None
    reason: str | None
    record: str | None


def read_manifest(content: bytes, suffix: str, reference: str) -> Manifest:
    """The manifest, if it is as the page says and about this reference; else BadManifest."""
    raw = READERS[suffix](content)
    _check_characters(raw)
    exchange = _take(raw.parts.get("exchange", {}), "exchange", ("version", "kind", "reference", "authority"))
    one_of(exchange["version"], ["1"], "version")
    kind = one_of(exchange["kind"], NEEDED, "kind")
    _check_parts(raw, kind)
    if exchange["reference"] != reference:
        raise BadManifest("the reference is not that of the file name")
    return Manifest(
        reference=reference,
        kind=kind,
        authority=exchange["authority"],
        claim=_claim(raw.parts["person"], kind),
        form=_form(raw, reference) if kind == "form" else None,
        task=_task(raw.parts["task"]) if kind == "task" else None,
        reason=_reason(raw.parts["withdraw"]) if kind == "withdrawal" else None,
        record=_record(raw.parts),
    )


def _check_characters(raw: Raw) -> None:
    texts = [text for fields in raw.parts.values() for text in fields.values()]
    texts += [text for answer in raw.answers for text in (answer.question, answer.value)]
    if any(_FORBIDDEN.search(text) for text in texts):
        raise BadManifest("a character is not allowed")


def _check_parts(raw: Raw, kind: str) -> None:
    needed = {"exchange", "person", *NEEDED[kind]}
    found = set(raw.parts)
    if needed - found or found - needed - set(ALLOWED[kind]) or (raw.answers and kind != "form"):
        raise BadManifest("the parts are not those of this kind")


def _take(fields: Fields, part: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Fields:
    """The fields, all required ones present, no unknown one, none empty."""
    if set(required) - set(fields) or set(fields) - set(required) - set(optional) or "" in fields.values():
        raise BadManifest(f"{part}: a field is missing, unknown or empty")
    return fields


def _claim(fields: Fields, kind: str) -> Claim:
    birth = ("dateOfBirth", "age", "ageAsAt") if kind == "form" else ()
    found = _take(fields, "person", ("childId",), birth)
    if ("age" in found) != ("ageAsAt" in found):
        raise BadManifest("person: age and ageAsAt go together")
    return Claim(
        _text(found["childId"], 40, "childId"),
        day(found["dateOfBirth"], "dateOfBirth") if "dateOfBirth" in found else None,
        _age(found["age"]) if "age" in found else None,
        day(found["ageAsAt"], "ageAsAt") if "ageAsAt" in found else None,
    )


def _age(text: str) -> int:
    age = number(text, "age", 0)
    if age > 150:
        raise BadManifest("age is not that of a person")
    return age


def _form(raw: Raw, reference: str) -> FormPart:
    found = _take(raw.parts["form"], "form", ("type", "completedOn", "restricted"))
    document = raw.parts.get("document")
    return FormPart(
        found["type"],
        day(found["completedOn"], "completedOn"),
        one_of(found["restricted"], ["yes", "no"], "restricted") == "yes",
        _answers(raw.answers),
        None if document is None else _attached(document, reference),
    )


def _attached(fields: Fields, reference: str) -> Attached:
    found = _take(fields, "document", ("file", "type", "title", "size", "sha256"), ("subType",))
    if found["file"] != f"{reference}.pdf" or not _SHA256.fullmatch(found["sha256"]):
        raise BadManifest("document: not the file of this set, or no SHA-256")
    if not re.fullmatch(r"0|[1-9][0-9]{0,11}", found["size"]):
        raise BadManifest("document: size is not a number")
    title = _text(found["title"], 250, "title")
    return Attached(found["type"], found.get("subType"), title, int(found["size"]), found["sha256"])


def _answers(raw: tuple[RawAnswer, ...]) -> tuple[Answer, ...]:
    """Rows are for repeating answers only, so the same question and row cannot come twice."""
    answers = tuple(
        Answer(item.question, None if item.row is None else number(item.row, "row", 1), item.value) for item in raw
    )
    single = {answer.question for answer in answers if answer.row is None}
    rows = {answer.question for answer in answers if answer.row is not None}
    if (
        len({(answer.question, answer.row) for answer in answers}) != len(answers)
        or single & rows
        or "" in single | rows
    ):
        raise BadManifest("an answer has no question, or is repeated without a row of its own")
    return answers


def _task(fields: Fields) -> TaskPart:
    found = _take(fields, "task", ("team", "dueOn", "title"))
    return TaskPart(found["team"], day(found["dueOn"], "dueOn"), _text(found["title"], 250, "title"))


def _reason(fields: Fields) -> str:
    return one_of(_take(fields, "withdraw", ("recordNumber", "reason"))["reason"], REASONS, "reason")


def _record(parts: Mapping[str, Fields]) -> str | None:
    if "withdraw" in parts:
        return parts["withdraw"]["recordNumber"]
    return _take(parts["replaces"], "replaces", ("recordNumber",))["recordNumber"] if "replaces" in parts else None


def _text(value: str, limit: int, name: str) -> str:
    if len(value) > limit:
        raise BadManifest(f"{name} is too long")
    return value
