"""Checks on tasks, and on the record a correction or a withdrawal names."""

from simulators.filedrop.incoming import Incoming
from simulators.filedrop.model import Record, Refusal


def team_known(incoming: Incoming) -> Refusal | None:
    """A task for a team nobody watches would be lost."""
    task = incoming.manifest.task
    return Refusal("UNKNOWN_TEAM") if task and task.team not in incoming.world.teams else None


def record_there(incoming: Incoming) -> Refusal | None:
    """A form of this very person, and for a correction of this very type."""
    if incoming.manifest.record is None or (incoming.record and _is_meant(incoming.record, incoming)):
        return None
    return Refusal("RECORD_NOT_THERE")


def _is_meant(record: Record, incoming: Incoming) -> bool:
    form = incoming.manifest.form
    same_form = form is None or form.type == record.form
    return record.child_id == incoming.manifest.claim.child_id and same_form


def not_withdrawn(incoming: Incoming) -> Refusal | None:
    """What was withdrawn stays withdrawn: it is neither corrected nor withdrawn a second time."""
    record = incoming.record
    return Refusal("ALREADY_WITHDRAWN", {"recordNumber": record.number}) if record and record.withdrawn else None
