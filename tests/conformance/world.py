"""A simulator, a connector to it, and a look at what really arrived: what each kind of system brings to the suite."""

from __future__ import annotations

import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import ClassVar, Literal

import pytest

from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import (
    Answer,
    Awaiting,
    CaseSystem,
    Document,
    Filing,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
)
from service.usecases.hand_over import put_on_file

MARKER = "Quetzalcoatlus-marker"
PDF = b"%PDF-1.7\n" + MARKER.encode() + b"\n%%EOF\n"
REFUSALS = {
    "unknown": Reason.PERSON_NOT_FOUND,
    "merged": Reason.PERSON_MERGED,
    "estimated": Reason.DOB_ESTIMATED,
    "other_birth": Reason.DOB_MISMATCH,
    "other_age": Reason.DOB_MISMATCH,
    "neither": Reason.DOB_AND_AGE_MISSING,
}
MORE_REFUSALS = {
    "restricted": (Reason.PERSON_RESTRICTED, Reason.PERSON_NOT_FOUND, Reason.NOT_PERMITTED),
    "hidden": (Reason.PERSON_NOT_FOUND, Reason.NOT_PERMITTED),
    "ambiguous": (Reason.PERSON_AMBIGUOUS,),
    "no_episode": (Reason.NO_OPEN_EPISODE,),
}
"""Kinds of person that some systems cannot show. A hidden file may look like one that is not there."""
NO_SUCH_RECORD = "99999999"


def child(child_id: str, kind: str = "right") -> PersonReference:
    """Under this id, born on 2 May 2010 and 16 years old, but for what is wrong with this kind of person."""
    born = {"other_birth": date(2010, 5, 3), "neither": None}.get(kind, date(2010, 5, 2))
    age = {"other_age": 17, "neither": None}.get(kind, 16)
    return PersonReference(child_id, born, age, date(2026, 9, 14))


def file(system: CaseSystem, filing: Filing) -> Receipt | Awaiting:
    """Put a record on file as a delivery does, with its document in the system itself."""
    return put_on_file(filing, system, system)


class World(ABC):
    """A simulator, a connector to it, and a look at what really arrived.

    `transport` says which bad days there are: those of HTTP, or of an exchange of files (see expected.py).
    `cannot_happen` names the faults and kinds of person that this kind of system cannot show, each with the reason.
    The connector's README repeats them in its checklist. `renews_sign_in` says that a sign-in which ended is renewed.
    """

    system: CaseSystem
    authority = "E08000007"
    transport: ClassVar[Literal["http", "files"]] = "http"
    cannot_happen: ClassVar[Mapping[str, str]] = {}
    renews_sign_in: ClassVar[bool] = False

    @abstractmethod
    def answers(self) -> tuple[Answer, ...]:
        """Answers its form takes, with the marker in one of them."""

    @abstractmethod
    def person(self, kind: str = "right") -> PersonReference:
        """A person of this kind: `right`, or a key of REFUSALS or MORE_REFUSALS."""

    @abstractmethod
    def records(self, reference: str) -> int:
        """How many records, tasks and withdrawals are there under a reference."""

    @abstractmethod
    def unreachable(self) -> CaseSystem:
        """The same connector to where nobody listens."""

    @abstractmethod
    def losing_the_reply(self, after: int = 0) -> AbstractContextManager[None]:
        """What is sent in here arrives; the reply to one change there is lost, once `after` changes were answered."""

    @abstractmethod
    def impatient(self) -> CaseSystem:
        """The same connector, that gives a call up after about a second."""

    @abstractmethod
    def set_fault(self, fault: str, on: str) -> None:
        """From now on the simulator does this to every call that reads, or to every one that `write`s.

        In an exchange of files also to its next `answer`; what happens at a marker happens there and nowhere else.
        """

    @abstractmethod
    def clear_faults(self) -> None:
        """A good day again. Whatever hung is let go; a changed host key has been confirmed."""

    @abstractmethod
    def stored_words(self, reference: str) -> list[str]:
        """The answers as the simulator holds them."""

    @abstractmethod
    def stored_restriction(self, reference: str) -> bool:
        """Whether the simulator keeps the record from some eyes."""

    def end_sign_in(self) -> None:
        """The token or session that the connector holds has ended. For those whose `renews_sign_in` is true."""
        raise NotImplementedError

    def locked(self) -> AbstractContextManager[None]:
        """Somebody has the record, or the person, open in here; for those without "locked" in `cannot_happen`."""
        raise NotImplementedError

    def unfit_answer(self) -> Answer:
        """An answer whose value its question does not take: a word for a date, or one too long.

        For those without "unfit answer" in `cannot_happen`.
        """
        raise NotImplementedError

    def too_large(self) -> bytes:
        """A document above the simulator's limit; for those without "too large" in `cannot_happen`."""
        raise NotImplementedError

    def followed(self) -> int:
        """How often a redirect was followed."""
        return 0

    def filing(self, reference: str = "WB-0001", kind: str = "right", replaces: str | None = None) -> Filing:
        """A record whose words all carry the marker."""
        return Filing(
            reference=reference,
            authority=self.authority,
            record_type="wise_assessment",
            person=self.person(kind),
            completed_on=date(2026, 9, 14),
            restricted=False,
            answers=self.answers(),
            document=Document("record.pdf", f"WISE assessment {MARKER}", PDF),
            replaces=replaces,
        )

    def retraction(self, record_number: str, reference: str = "WB-W001", kind: str = "right") -> Retraction:
        """A record that should not be on the file of this kind of person."""
        child_id = self.person(kind).child_id
        return Retraction(reference, self.authority, child_id, record_number, "wrong_young_person")

    def task(self, reference: str = "WB-T001") -> ReviewTask:
        """A review that is due."""
        return ReviewTask(reference, self.authority, self.person().child_id, date(2026, 12, 14))

    def settled(self, reference: str, seconds: float = 10.0) -> Receipt:
        """The receipt, asked for until it comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.system.look_up(reference)
            if isinstance(found, Receipt):
                return found
            time.sleep(0.02)
        raise AssertionError("no receipt came")

    def attempt(self, filing: Filing) -> Receipt:
        """As a delivery does: first the person, then the record."""
        self.system.verify_person(filing.person)
        return self.filed(filing)

    def filed(self, filing: Filing) -> Receipt:
        """File and wait for the receipt where it comes later."""
        outcome = file(self.system, filing)
        return outcome if isinstance(outcome, Receipt) else self.settled(filing.reference)

    def retracted(self, retraction: Retraction) -> Receipt:
        """Withdraw and wait for the receipt where it comes later."""
        outcome = self.system.retract(retraction)
        return outcome if isinstance(outcome, Receipt) else self.settled(retraction.reference)


def assert_silent(problem: BaseException) -> None:
    """Nothing of the record, in the problem or in anything it drags along."""
    shown = "".join(traceback.format_exception(problem))
    link: BaseException | None = problem
    while link is not None:
        shown += repr(link) + str(link) + repr(vars(link)) + repr(link.args)
        link = link.__cause__ or link.__context__
    assert MARKER not in shown


def reason_given(call: Callable[[], object]) -> Reason:
    """Why a person is asked."""
    with pytest.raises(NeedsHuman) as caught:
        call()
    assert_silent(caught.value)
    return caught.value.reason
