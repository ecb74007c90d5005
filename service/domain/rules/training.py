"""Whether the assessor was trained first (rules T1, T3). Nobody else's training is asked after (T2 is no rule).

A young person's safety outranks a training record: with a `training_exception`, the reason and who approved it, an
urgent record goes on and the sender is told. NWG asks for "experience or good understanding" where WISE asks for its
training, so an NWG assessment is never stopped.
"""

import re
from collections.abc import Iterator
from datetime import date

from service.domain.london import in_words
from service.domain.policy import Policy
from service.domain.records.shorthand import REF
from service.domain.rules.catalogue import At, by_policy, hold, warn
from service.domain.rules.subject import Subject
from service.domain.training.standing import ASSESSOR, COUNTS_FOR, Standing, standing

_OURS = ("wise_assessment", "rise_meeting_output")
_ASK = "Ask the Hub if the record is missing."
_ENDED = "The training record for this worker has ended."


@by_policy(
    "T1",
    lambda policy: policy.training,
    "WISE training must come before the assessment. We have no training record for this worker {before}.",
    _ASK,
    *_OURS,
)
def trained_before(subject: Subject) -> Iterator[At]:
    """Specific training comes before the first assessment; by the day it was made, never the day it was typed in."""
    if not _excepted(subject):
        yield from _where(subject, Standing.NONE_BEFORE)


@hold("T3", _ENDED, "Ask the Hub whether newer training is missing.", *_OURS)
def training_still_holds(subject: Subject) -> Iterator[At]:
    """Training that was revoked or has run out waits for a trainer's word."""
    if not _excepted(subject):
        yield from _where(subject, Standing.ENDED)


@warn(
    "T1",
    "Accepted under an exception: we have no training record for this worker {before}.",
    "Arrange the training, and have it registered.",
    *_OURS,
)
def untrained_by_exception(subject: Subject) -> Iterator[At]:
    """Somebody answers for an urgent record, and it is flagged."""
    if _excepted(subject):
        yield from _where(subject, Standing.NONE_BEFORE)


@warn("T3", f"Accepted under an exception: {_ENDED[0].lower()}{_ENDED[1:]}", "Arrange newer training.", *_OURS)
def ended_by_exception(subject: Subject) -> Iterator[At]:
    """Here, too, somebody answers for an urgent record, and it is flagged."""
    if _excepted(subject):
        yield from _where(subject, Standing.ENDED)


@warn(
    "T1",
    "NWG asks for experience or a good understanding of exploitation. No NWG training is registered {before}.",
    "If they have the experience, there is nothing to do.",
    "nwg_assessment",
)
def nwg_trained_before(subject: Subject) -> Iterator[At]:
    """Experience will do, and the register doesn't know who has it."""
    yield from _where(subject, Standing.NONE_BEFORE)


@warn("T3", _ENDED, "If they have the experience, there is nothing to do.", "nwg_assessment")
def nwg_training_still_holds(subject: Subject) -> Iterator[At]:
    """Training that has ended takes nobody's experience away."""
    yield from _where(subject, Standing.ENDED)


def _where(subject: Subject, sought: Standing) -> Iterator[At]:
    """The assessor's place, if that is where they stood; nothing where register, day or worker isn't known.

    What has not the form of a reference, such as a name, is nobody in the register, and the structure says that.
    """
    records, completed, place = subject.known.training, subject.completed_on, ASSESSOR[subject.record_type]
    if records is None or completed is None or not re.fullmatch(REF, subject.text(place) or ""):
        return
    found = standing(
        records,
        courses=COUNTS_FOR[subject.record_type],
        completed_on=completed,
        same_day_counts=subject.policy.training_same_day,
    )
    if found is sought:
        yield At(place, before=_before(completed, subject.policy))


def _before(completed: date, policy: Policy) -> str:
    return f"{'on or before' if policy.training_same_day else 'before'} {in_words(completed)}"


def _excepted(subject: Subject) -> bool:
    """Whether somebody answers for it; structure sees to the reason and the name of who approved."""
    return isinstance(subject.at("/training_exception"), dict)
