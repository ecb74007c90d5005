"""The only thing about a record that may cross to the central side: four codes (domain model 3.13).

A new field is closed until somebody adds it here, to the table's checks and to the test that lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.domain.codes import EXPLOITATION, RECORD_TYPES

NOT_ASKED = "not_asked_by_this_record"
"""An NWG assessment has its own opinion and no exploitation statement; none is invented for it."""

_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")
_AUTHORITY = re.compile(r"[EWSN][0-9]{8}")


@dataclass(frozen=True)
class Fact:
    """`quarter` like 2026Q3, `authority` an ONS code, `record_type` and `exploitation` codes. Nothing else fits."""

    quarter: str
    authority: str
    record_type: str
    exploitation: str

    def __post_init__(self) -> None:
        """Refuses anything that is not a listed code, whoever made it."""
        if not (
            _QUARTER.fullmatch(self.quarter)
            and _AUTHORITY.fullmatch(self.authority)
            and self.record_type in RECORD_TYPES
            and self.exploitation in (*EXPLOITATION, NOT_ASKED)
        ):
            raise ValueError("a fact holds codes only")
