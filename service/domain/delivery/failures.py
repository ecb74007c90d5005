"""What a failure means: for the delivery that met it, and for its authority's lane. One row for every reason.

The four courses are those of the reliability study: try again, close the lane, look it up, ask a person. A reason that
says something about the case system as a whole closes the lane, so that no other delivery spends an attempt on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.delivery.reasons import Reason


class Course(StrEnum):
    """What becomes of the delivery. Whatever may have arrived is looked up first, whichever course it is."""

    RETRY = "retry"
    LOOK_UP = "look up"
    PERSON = "person"


class Weight(StrEnum):
    """What it says about the lane."""

    NOTHING = "says nothing"
    ANSWERED = "the case system answered"
    SLOW_DOWN = "wait as long as it asks"
    COUNTS = "counts against it"
    FALTERS = "the case system answered a question, and then no more"
    CLOSES = "closes it at once"


@dataclass(frozen=True)
class Failure:
    """The row of one reason."""

    course: Course
    weight: Weight


_RETRY, _LOOK_UP, _PERSON = Course.RETRY, Course.LOOK_UP, Course.PERSON
_OURS = Failure(_PERSON, Weight.NOTHING)
_ANSWERED = Failure(_PERSON, Weight.ANSWERED)
_CLOSES = Failure(_RETRY, Weight.CLOSES)
_DOWN = Failure(_RETRY, Weight.COUNTS)

FAILURES: Mapping[Reason, Failure] = {
    Reason.WAITING: Failure(_RETRY, Weight.ANSWERED),
    Reason.AWAITING_RECEIPT: Failure(_LOOK_UP, Weight.ANSWERED),
    Reason.RECEIPT_OVERDUE: Failure(_LOOK_UP, Weight.ANSWERED),
    Reason.LOCKED: Failure(_RETRY, Weight.ANSWERED),
    Reason.THROTTLED: Failure(_RETRY, Weight.SLOW_DOWN),
    Reason.UNAVAILABLE: _DOWN,
    Reason.UNREACHABLE: _DOWN,
    Reason.MAINTENANCE: _CLOSES,
    Reason.SIGN_IN_REFUSED: _CLOSES,
    Reason.HOST_KEY_CHANGED: _CLOSES,
    Reason.CERTIFICATE_NOT_TRUSTED: _CLOSES,
    Reason.ADDRESS_NOT_ALLOWED: _CLOSES,
    Reason.NO_CLEAR_ANSWER: Failure(_LOOK_UP, Weight.COUNTS),
    Reason.RESTORED: Failure(_LOOK_UP, Weight.NOTHING),
    Reason.ASKED_AGAIN: Failure(_LOOK_UP, Weight.NOTHING),
    Reason.WITHDRAWN: Failure(_RETRY, Weight.NOTHING),
    Reason.NO_LONGER_NEEDED: Failure(_RETRY, Weight.NOTHING),
    Reason.UNEXPECTED_ANSWER: Failure(_PERSON, Weight.COUNTS),
    Reason.MAPPING_INCOMPLETE: _OURS,
    Reason.TOO_MANY_ATTEMPTS: _OURS,
    Reason.STOPS_WORKERS: _OURS,
    Reason.HELD_BY_OFFICER: _OURS,
    Reason.BODY_UNREADABLE: _OURS,
    Reason.BODY_SHREDDED: _OURS,
    Reason.DOCUMENT_FAILED: _OURS,
    Reason.DOB_AND_AGE_MISSING: _OURS,
    Reason.TRAINING_NOT_FOUND: _OURS,
    Reason.TRAINING_ENDED: _OURS,
    Reason.RESTRICTION_NOT_CARRIED: _OURS,
    Reason.NOT_SUPPORTED: _OURS,
    Reason.INTERNAL_FAULT: _OURS,
    Reason.PERSON_NOT_FOUND: _ANSWERED,
    Reason.PERSON_AMBIGUOUS: _ANSWERED,
    Reason.PERSON_MERGED: _ANSWERED,
    Reason.PERSON_RESTRICTED: _ANSWERED,
    Reason.DOB_MISMATCH: _ANSWERED,
    Reason.DOB_ESTIMATED: _ANSWERED,
    Reason.NO_OPEN_EPISODE: _ANSWERED,
    Reason.SEVERAL_OPEN_EPISODES: _ANSWERED,
    Reason.NOT_PERMITTED: _ANSWERED,
    Reason.CONTENT_REFUSED: _ANSWERED,
    Reason.UNKNOWN_CODE: _ANSWERED,
    Reason.DOCUMENT_REFUSED: _ANSWERED,
    Reason.DOCUMENT_TOO_LARGE: _ANSWERED,
    Reason.CONTRADICTION: _ANSWERED,
    Reason.DOCUMENT_LEFT: _ANSWERED,
    Reason.RECORD_NOT_THERE: _ANSWERED,
    Reason.ALREADY_WITHDRAWN: _ANSWERED,
}
"""Total over the reasons. A reason a connector raises as "needs a person" takes the course that stands here."""
