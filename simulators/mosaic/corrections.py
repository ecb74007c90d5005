"""Rules for a step that corrects another."""

from .model import NewStep, Step
from .refusals import Fault


def correction_faults(new: NewStep, earlier: Step | None) -> list[Fault]:
    """What keeps a new step from correcting the earlier one, which is None when there is no such step.

    That another person has a step with this number is nobody's business here, so it looks the same as no step.
    """
    if earlier is None or (earlier.step_type_id, earlier.person_id) != (new.step_type_id, new.person_id):
        return [Fault("UNKNOWN_STEP", field="correctsStepId")]
    return [] if _is_correctable(earlier) else [Fault("STEP_NOT_CORRECTABLE", field="correctsStepId")]


def _is_correctable(earlier: Step) -> bool:
    """Once corrected, it is the correcting step that can be corrected: a chain, never a fork."""
    untouched = earlier.withdrawal is None and earlier.corrected_by_step_id is None
    return earlier.status == "COMPLETED" and untouched
