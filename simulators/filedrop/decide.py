"""Accept or refuse a set: the checks in the contract's order, first failure wins."""

from collections.abc import Callable

from simulators.filedrop import checks_form, checks_person, checks_record, checks_set
from simulators.filedrop.incoming import Incoming
from simulators.filedrop.model import Refusal

Check = Callable[[Incoming], Refusal | None]

_SET: tuple[Check, ...] = (
    checks_set.checksums_match,
    checks_set.no_virus,
    checks_set.not_accepted_before,
    checks_set.permitted,
    checks_person.exists,
)
_NEW: tuple[Check, ...] = (checks_person.is_one, checks_person.not_restricted, checks_person.not_merged)
_OPEN: tuple[Check, ...] = (checks_person.episode_open, checks_person.not_locked)
_CONTENT: tuple[Check, ...] = (
    checks_form.form_known,
    checks_form.questions_known,
    checks_form.answers_fit,
    checks_form.document_type_known,
    checks_form.document_acceptable,
)
_RECORD: tuple[Check, ...] = (checks_record.record_there, checks_record.not_withdrawn)

CHECKS: dict[str, tuple[Check, ...]] = {
    "form": (*_SET, *_NEW, checks_person.birth_agrees, *_OPEN, *_CONTENT, *_RECORD),
    "task": (*_SET, *_NEW, *_OPEN, checks_record.team_known),
    "withdrawal": (*_SET, checks_person.not_locked, *_RECORD),
}
"""Reading the manifest comes before all of these: without it there is nothing to check."""


def decide(incoming: Incoming) -> Refusal | None:
    """The one reason not to file it, or None."""
    return next((refusal for check in CHECKS[incoming.manifest.kind] if (refusal := check(incoming))), None)
