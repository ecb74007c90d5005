"""The one table that decides who may see what: every field of the three records, for every audience.

A field that is in no row here is in no copy, and the copy is refused. Tests prove that every field is in exactly one
row, and what follows from a field's class (`service.domain.fields.Klass`) whatever a row says.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from service.domain.audiences.rows import ROWS_OF_ASSESSMENT, ROWS_OF_MEETING, ROWS_OF_NWG, ROWS_OF_WISE
from service.domain.audiences.shared_rows import ROWS_OF_ALL
from service.domain.audiences.treatments import Audience, Row, Treatment

TABLE: tuple[Row, ...] = (*ROWS_OF_ALL, *ROWS_OF_ASSESSMENT, *ROWS_OF_WISE, *ROWS_OF_MEETING, *ROWS_OF_NWG)


class Unclassified(LookupError):
    """A field that no row of the table speaks of. Says no path: a field that we do not know may be named by anybody."""


@cache
def row_of(path: str) -> Row:
    """The row of the leaf at `path`. Raises `Unclassified` when there is none, or more than one."""
    found = [row for row in TABLE if row.claims(path)]
    if len(found) != 1:
        raise Unclassified("a field has no row in the table of audiences")
    return found[0]


def treatment(path: str, audience: Audience) -> Treatment:
    """What becomes of the leaf at `path` in the copy for `audience`."""
    return row_of(path).treatments[audience]


def allowed(paths: Iterable[str], audience: Audience) -> list[str]:
    """Those of `paths` that can ever be in the copy for `audience`."""
    return [path for path in paths if treatment(path, audience) is not Treatment.OMIT]
