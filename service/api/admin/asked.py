"""What an officer sends: who they are, why, and whatever the order needs besides. Closed lists and references only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from service.api.guard import caller
from service.api.own_items import judged_body
from service.api.problems import problem
from service.api.schemas.structure import RecordSchema, build_schema
from service.domain.delivery import Reason, State
from service.domain.fields import Field, Group, Klass, Token
from service.domain.orders import GROUNDS, Action, Because
from service.domain.records.shorthand import REF, coded, ref
from service.errors import Malformed, NotPossible
from service.ports.orders import Grounds, Officer

_AGE = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
AGE_WORDS = "a number with m, h or d, such as 90m, 4h or 2d"


def admin_blueprint(name: str, below: str) -> Blueprint:
    """One resource. What does not fit where things stand is told as a conflict, with the sentence of the table."""
    made = Blueprint(f"admin_{name}", f"service.api.admin.{name}", url_prefix=f"/v1/admin/{below}")
    made.register_error_handler(NotPossible, _not_possible)
    return made


def order_schema(action: Action, **more: Field) -> RecordSchema:
    """Who, why, and where more is said about it; `more` is what this order needs besides."""
    because = coded(tuple(each.value for each in GROUNDS[action]), required=True, klass=Klass.OPERATIONAL)
    return build_schema(Group(fields={"by_ref": staff(), "because": because, "ticket": ref(), **more}))


def staff() -> Token:
    """A person by their authority's own reference, never by name."""
    return ref(required=True, klass=Klass.PROFESSIONAL)


def sent(schema: RecordSchema) -> dict[str, Any]:
    """The request's object. Raises `Invalid` with every fault."""
    return judged_body(schema, _no_more, by="by_ref")


def officer(body: Mapping[str, Any]) -> Officer:
    """Who sent it."""
    return Officer(body["by_ref"], caller().client_id)


def officer_asking() -> Officer:
    """Who looks, on an address that is only read: `?by_ref=`."""
    by = request.args.get("by_ref", "")
    if not re.fullmatch(REF, by):
        raise Malformed("`by_ref` is the staff reference of whoever reads this. That they did is noted.")
    return Officer(by, caller().client_id)


def grounds(body: Mapping[str, Any]) -> Grounds:
    """Why."""
    return Grounds(Because(body["because"]), body.get("ticket"))


def age(text: str | None) -> timedelta:
    """How long something must have been in its state. Raises `Malformed`."""
    if text is None:
        return timedelta(0)
    if (given := _AGE.fullmatch(text)) is None:
        raise Malformed(f"`older_than` is {AGE_WORDS}.")
    return timedelta(**{_UNITS[given[2]]: int(given[1])})


def states(text: str | None) -> frozenset[State] | None:
    """One of them, or none was asked for. Raises `Malformed`."""
    if text is None:
        return None
    if text not in set(State):
        raise Malformed(f"`state` is one of: {', '.join(State)}.")
    return frozenset({State(text)})


def reasons(text: str | None) -> tuple[Reason, ...]:
    """As above."""
    if text is None:
        return ()
    if text not in set(Reason):
        raise Malformed("`reason` is not one of the bridge's. They are listed by `wise-bridge deliveries states`.")
    return (Reason(text),)


def _not_possible(error: NotPossible) -> Response:
    return problem(409, "not-possible", "It does not fit where things stand", str(error))


def _no_more(_sent: object, _today: object) -> tuple[()]:
    """The structure says it all."""
    return ()
