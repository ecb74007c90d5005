"""What tests and demonstrations can turn while a simulator runs.

Single assignments, read afresh at each use, so no lock is needed.
"""

from dataclasses import dataclass

from simulators.sftp.faults import FileFaults


@dataclass(eq=False)
class Knobs:
    """Each default is the well-behaved system. `faults` holds what goes wrong now and then."""

    poll_seconds: float = 0.5
    """How often the inbox is looked at."""
    answer_delay_seconds: float = 0.0
    """Slow acknowledgement: filed and archived at once, answered this much later."""
    paused: bool = False
    """Nothing new is picked up. Answers already due still go out."""
    withhold_answers: bool = False
    """Missed acknowledgement: filed and archived, not answered until this is cleared."""
    disconnect_after_bytes: int | None = None
    """The SSH connection is dropped once this much has been uploaded in an SFTP session."""

    def __post_init__(self) -> None:
        self.faults = FileFaults()
