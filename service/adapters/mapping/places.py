"""Where the parts of a long text go, as the row and the form say it together."""

from __future__ import annotations

from service.adapters.mapping.forms import Form
from service.adapters.mapping.model import Row
from service.adapters.mapping.splitting import Place

_NO_LIMIT = 10**9


def places_of(row: Row, form: Form) -> tuple[Place, ...]:
    """The question itself and those it goes on in, with how much each takes."""
    return tuple(Place(code, form.questions[code].max or _NO_LIMIT) for code in row.targets)
