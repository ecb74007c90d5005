"""The review clock: when a young person is to be looked at again, and when somebody is told (model 3.11)."""

from service.domain.reviews.schedule import next_due
from service.domain.reviews.sending_time import Calendar
from service.domain.reviews.stages import (
    EARLIEST_DAYS,
    ESCALATE_DAYS,
    SOON_DAYS,
    TOLD_IN_TRAY,
    Channel,
    Planned,
    Reminders,
    Stage,
    days_of,
    stage_to_tell,
)

__all__ = [
    "EARLIEST_DAYS",
    "ESCALATE_DAYS",
    "SOON_DAYS",
    "TOLD_IN_TRAY",
    "Calendar",
    "Channel",
    "Planned",
    "Reminders",
    "Stage",
    "days_of",
    "next_due",
    "stage_to_tell",
]
