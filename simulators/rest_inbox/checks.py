"""What the case system behind the platform says to an item: whose it is, and whether its content fits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from simulators.restful.forms import Form

from .model import Item, Person, Wire
from .refusals import Locked, Refused

TASKS, TEAMS = frozenset({"REVIEW"}), frozenset({"CSAFE", "REVIEW"})
DOCUMENT_TYPES = frozenset({"ASSESS"})


@dataclass(frozen=True)
class Rules:
    """What is local to the authority. `largest` is in bytes."""

    authority: str
    forms: Mapping[str, Form]
    largest: int


def permitted(rules: Rules, sent: Wire) -> None:
    """An inbox is one authority's."""
    if sent["authority"] != rules.authority:
        raise Refused("NOT_PERMITTED")


def one_person(people: Collection[Person], child_id: str) -> Person:
    """The one who may be written to. One that is hidden looks like one that is not there."""
    found = [person for person in people if person.child_id == child_id and not person.hidden]
    if len(found) != 1:
        raise Refused("PERSON_AMBIGUOUS" if found else "PERSON_NOT_FOUND")
    (person,) = found
    if person.merged or person.restricted:
        raise Refused("PERSON_MERGED" if person.merged else "PERSON_RESTRICTED")
    return person


def not_locked(person: Person) -> None:
    """For a record: it would change under the hands of whoever has the file open."""
    if person.locked:
        raise Locked


def born_then(person: Person, sent: Wire) -> None:
    """Everything that was sent must agree; nothing agrees with an estimate."""
    if person.estimated:
        raise Refused("DOB_ESTIMATED")
    if person.date_of_birth is None or not _agrees(sent, date.fromisoformat(person.date_of_birth)):
        raise Refused("DOB_MISMATCH")


def _agrees(sent: Wire, born: date) -> bool:
    if sent["date_of_birth"] not in {None, born.isoformat()}:
        return False
    day = date.fromisoformat(sent["age_as_at"])
    return sent["age"] in {None, day.year - born.year - ((day.month, day.day) < (born.month, born.day))}


def one_episode(person: Person) -> None:
    """A record goes into the one that is open."""
    if person.episodes != 1:
        raise Refused("SEVERAL_OPEN_EPISODES" if person.episodes else "NO_OPEN_EPISODE")


def fits_the_form(rules: Rules, sent: Wire) -> None:
    """Form, questions, and what they take."""
    form = rules.forms.get(sent["form"])
    if form is None:
        raise Refused("UNKNOWN_FORM")
    if not form.writable:
        raise Refused("NOT_PERMITTED")
    answers = sent["answers"]
    codes = {fault.code for fault in form.faults(answers)}
    if codes:
        raise Refused("UNKNOWN_QUESTION" if "UNKNOWN_QUESTION" in codes else "CONTENT_REFUSED")
    if form.unanswered(tuple(answers)):
        raise Refused("CONTENT_REFUSED")


def fits_the_archive(rules: Rules, item: Item) -> None:
    """A document, where one came along."""
    if item.content is None:
        return
    if item.sent["document"]["type"] not in DOCUMENT_TYPES:
        raise Refused("UNKNOWN_DOCUMENT_TYPE")
    if len(item.content) > rules.largest:
        raise Refused("DOCUMENT_TOO_LARGE")
    if not item.content or not item.sent["document"]["name"].lower().endswith(".pdf"):
        raise Refused("DOCUMENT_REFUSED")


def for_a_tray(sent: Wire) -> None:
    """The kind of task and the team."""
    if sent["task"] not in TASKS:
        raise Refused("UNKNOWN_TASK")
    if sent["team"] not in TEAMS:
        raise Refused("UNKNOWN_TEAM")


def still_there(record: Item | None, child_id: str, *, withdrawn: bool) -> None:
    """The record that is corrected or withdrawn: this young person's, and on the file."""
    if record is None or record.child_id != child_id:
        raise Refused("RECORD_NOT_THERE")
    if withdrawn:
        raise Refused("ALREADY_WITHDRAWN")
