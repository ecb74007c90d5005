"""Short names for treatments and rows, so that the table reads as a table."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.audiences.treatments import Audience, Row, Treatment

YES, NO = Treatment.SHOW, Treatment.OMIT
RESTRICTED = Treatment.RESTRICTED_PART
UNLESS_NO, IF_YES = Treatment.UNLESS_DECLINED, Treatment.IF_AGREED
CHOICE, KNOW, AREA = Treatment.BY_SHARING, Treatment.MAY_KNOW, Treatment.BY_AREA
ITEM, ROLE = Treatment.PLAN_ITEM, Treatment.PLAN_ROLE


def rows(section: str, under: str, names: str, *treatments: Treatment, why: str) -> Iterable[Row]:
    """One row for each of the blank-separated `names` below `under`, all alike.

    `treatments` are for the case file, the young person, the family, professionals and supervision, in this order.
    """
    columns = dict(zip(Audience, treatments, strict=True))
    return [Row(f"{under}/{name}", section, columns, why) for name in names.split()]
