"""Records with a mark of its own in every place where words or a reference of somebody can stand."""

from __future__ import annotations

import copy
from datetime import date
from itertools import count
from typing import Any

from service.domain.fields import Field, Group, Many, Text, Token
from service.domain.london import age_on
from service.domain.records import RECORDS
from tests.attacks.marks import Mark
from tests.e2e.test_nothing_identifying_leaves import NHS, full_wise
from tests.support.records import ADDRESS, example, recent

STEM = "Zq8Canary"
MARK = Mark(STEM, (NHS,))
BORN = "2010-05-02"
"""What the receiver of the fault runs and person 40211 of the simulated Mosaic say."""
SOAP_CHILDREN = tuple(
    zip(
        [str(number) for number in range(40300, 40320)],
        [
            *("2010-01-14", "2010-03-03", "2010-06-21", "2010-09-09", "2010-12-30", "2011-02-11", "2011-04-27"),
            *("2011-07-05", "2011-10-18", "2011-12-01", "2012-02-29", "2012-05-16", "2012-08-08", "2012-10-25"),
            *("2013-01-07", "2013-03-19", "2013-06-02", "2013-08-30", "2014-01-22", "2014-05-11"),
        ],
        strict=True,
    )
)
"""Ids and birthdays there of the simulated Mosaic's people for load."""
HOMES = ("responsible_authority", "placing_authority", "host_authority")


class Planter:
    """Counts: no two marks are the same. `planted` is how many there are."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.planted = 0
        self._made = 0
        self._full = full_wise()

    def mark(self) -> str:
        """The next."""
        self.planted = next(self._numbers)
        return f"{STEM}{self.planted:07}"

    def wise(self, authority: str, name: str, *, child: str = "") -> tuple[str, dict[str, Any]]:
        """The address and a WISE assessment with every field there is. Without a child's id, that is a mark too."""
        record = copy.deepcopy(self._full)
        record["young_person"] |= dict.fromkeys(HOMES, authority)
        record["young_person"] |= {"date_of_birth": BORN, "age_at_completion": 16}
        return self._ready(record, authority, name, child)

    def short(self, authority: str, name: str, person: tuple[str, str]) -> tuple[str, dict[str, Any]]:
        """A WISE assessment as it is usual, which the simulated Mosaic's form has room for."""
        child, born = person
        record = recent("oldham")
        age = age_on(date.fromisoformat(born), date.fromisoformat(record["completed_on"]))
        record["young_person"] |= {"responsible_authority": authority, "date_of_birth": born, "age_at_completion": age}
        return self._ready(record, authority, name, child)

    def meeting(self, authority: str, name: str) -> tuple[str, dict[str, Any]]:
        """A RISE meeting's output."""
        record = example("rise")
        record["young_person"]["responsible_authority"] = authority
        return self._ready(record, authority, name, "")

    def _ready(self, record: dict[str, Any], authority: str, name: str, child: str) -> tuple[str, dict[str, Any]]:
        """The sender's own id and the edition of the form are theirs to choose and lie in clear: no marks there."""
        self._made += 1
        kept = {key: record[key] for key in ("template_version", "record_type", "schema_version")}
        marked: dict[str, Any] = self._planted(RECORDS[record["record_type"]], record)
        marked |= kept | {"authority": authority, "submission_id": f"{name}-{self._made:05}"}
        marked["young_person"]["la_child_id"] = child or self.mark().upper()
        if "nhs_number" in record["young_person"]:
            marked["young_person"]["nhs_number"] = NHS
        if "significant_event_ref" in record:
            marked["significant_event_ref"] = marked["significant_events"][0]["ref"]
        if "panel_name" in record.get("panel_referral", {}):
            marked["panel_referral"]["panel_name"] = record["panel_referral"]["panel_name"]
        return ADDRESS[record["record_type"]], marked

    def _planted(self, field: Field, value: Any) -> Any:
        match field:
            case Group():
                return {name: self._planted(field.fields[name], each) for name, each in value.items()}
            case Many():
                return [self._planted(field.item, each) for each in value]
            case Text():
                return f"{self.mark()} {value}"[: field.max]
            case Token() if field.max == 64 and value:
                return self.mark()
        return value
