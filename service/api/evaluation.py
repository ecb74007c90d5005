"""`GET /v1/evaluation-extract`: the words of those who agreed, for the authority's own evaluators only."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from service.api.guard import caller, needs
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.participation import EXTRACT
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import QUARTER, json
from service.api.own_items import own_authority
from service.api.paging import cursor_parts, only_parameters, page, page_limit
from service.api.services import services
from service.errors import Malformed

blueprint = Blueprint("evaluation", __name__, url_prefix="/v1")
_FROM = Parameter("from", QUARTER, "The first whole quarter.", required=True)
_TO = Parameter("to", QUARTER, "The last.", required=True)
_QUARTER = re.compile(r"20[0-9]{2}Q[1-4]")


@blueprint.get("/evaluation-extract")
@needs("evaluation:read")
@tells({200: json("A page, in no telling order.", EXTRACT, Link=NEXT)}, query=(_FROM, _TO, *PAGED))
def get_evaluation_extract() -> Response:
    """Of whole quarters: with days to ask for, somebody could find the day each was given. In no telling order."""
    only_parameters({"from", "to", "cursor", "limit"})
    quarters, after = _quarters(), cursor_parts(lambda place, _: place)
    extract = services().extractor.pull(
        own_authority(), quarters, after=after, limit=page_limit(), client_id=caller().client_id
    )
    return page("feedback", extract.items, (extract.onward, "on") if extract.onward else None)


def _quarters() -> tuple[str, str]:
    first, last = request.args.get("from", ""), request.args.get("to", "")
    if not (_QUARTER.fullmatch(first) and _QUARTER.fullmatch(last) and first <= last):
        raise Malformed("Give a first and a last quarter: `from=2026Q3&to=2026Q4`.")
    return first, last
