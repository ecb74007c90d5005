"""The three records, field by field (domain model, 3.1–3.9)."""

from service.domain.fields import Group
from service.domain.records.nwg import NWG_ASSESSMENT
from service.domain.records.rise import RISE_MEETING_OUTPUT
from service.domain.records.wise import WISE_ASSESSMENT

RECORDS: dict[str, Group] = {
    "wise_assessment": WISE_ASSESSMENT,
    "rise_meeting_output": RISE_MEETING_OUTPUT,
    "nwg_assessment": NWG_ASSESSMENT,
}

__all__ = ["NWG_ASSESSMENT", "RECORDS", "RISE_MEETING_OUTPUT", "WISE_ASSESSMENT"]
