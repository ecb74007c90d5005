"""`/v1/packs`: what is to be typed in by hand, and what became of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from service.api.guard import caller, needs
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.officers import PACK, PACKS, SHEET_ANSWER
from service.api.openapi.bodies import body_of
from service.api.openapi.parameters import NEXT, PAGED, SAVED_AS
from service.api.openapi.shapes import TEXT, file, json, one_of
from service.api.own_items import judged_body
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.schemas.structure import build_schema
from service.api.services import services
from service.api.sheets import as_csv, as_json, as_page
from service.domain.delivery import Reason, words_for
from service.domain.fields import Klass, Token
from service.domain.records.shorthand import coded, group, ref
from service.errors import Malformed
from service.ports.manual import REFUSALS, Pack, PackState
from service.usecases.packs import PackDesk

blueprint = Blueprint("packs", __name__, url_prefix="/v1/packs")
_INBOX = Parameter("inbox", TEXT, "Only those in this inbox.")
_STATE = Parameter("state", one_of(PackState), f"Left out: `{PackState.OPEN.value}`.")
_PACK = {200: json("The pack as it stands now.", PACK)}

_NUMBER = r"[A-Za-z0-9](?:[A-Za-z0-9 ._/:#-]{0,62}[A-Za-z0-9])?"


def _number(*, required: bool = False) -> Token:
    return Token(klass=Klass.OPERATIONAL, pattern=_NUMBER, max=64, example="2026-004711", required=required)


_CONFIRMATION = build_schema(
    group(
        record_number=_number(required=True),
        document_number=_number(),
        confirmed_by_ref=ref(required=True, klass=Klass.PROFESSIONAL),
    )
)
_REFUSAL = build_schema(
    group(
        reason=coded(tuple(reason.value for reason in REFUSALS), required=True),
        refused_by_ref=ref(required=True, klass=Klass.PROFESSIONAL),
    )
)
_TAKING = build_schema(group(taken_by_ref=ref(required=True, klass=Klass.PROFESSIONAL)))


@blueprint.get("")
@needs("packs:read")
@tells({200: json("A page of packs, oldest first.", PACKS, Link=NEXT)}, query=(_INBOX, _STATE, *PAGED))
def list_packs() -> Response:
    """Of one inbox or of all, oldest first; those nobody has answered yet, unless another state is asked for."""
    only_parameters({"inbox", "state", "cursor", "limit"})
    state, limit, after = _state(), page_limit(), since_moment()
    found = _desk().page(caller().authority, state, inbox=request.args.get("inbox"), after=after, limit=limit + 1)
    return page_of("packs", found, limit, _shown, lambda each: (each.put_at, each.delivery_id))


@blueprint.get("/<reference>")
@needs("packs:read")
@tells({200: json("The pack.", PACK)}, query=())
def get_pack(reference: str) -> Response:
    """What it is, who has taken it, and what was answered. No word of the record."""
    only_parameters(())
    return jsonify(_shown(_desk().get(caller().authority, reference)))


@blueprint.get("/<reference>/sheet")
@needs("packs:read")
@tells({200: SHEET_ANSWER}, query=(), problems=(409, 410))
def get_sheet(reference: str) -> Response:
    """Field by field what to type: a page, or as CSV or JSON for a robot. That it was read stands in the trail."""
    only_parameters(())
    makers = {"text/html": as_page, "text/csv": as_csv, "application/json": as_json}
    wanted = request.accept_mimetypes.best_match(makers, default="text/html")
    made = makers[wanted](_desk().sheet(caller().authority, reference, actor=_actor()))
    made.headers["Vary"] = "Accept"
    return made


@blueprint.get("/<reference>/document")
@needs("packs:read")
@tells({200: file("The document.", "application/pdf", Content_Disposition=SAVED_AS)}, query=(), problems=(409, 410))
def get_pack_document(reference: str) -> Response:
    """The PDF to attach. That it was fetched stands in the trail."""
    only_parameters(())
    content = _desk().document(caller().authority, reference, actor=_actor())
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}.pdf"'
    return response


@blueprint.post("/<reference>/take")
@needs("packs:confirm")
@tells(_PACK, body=body_of("PackTaking", _TAKING), problems=(409,))
def take_pack(reference: str) -> Response:
    """Somebody is at it; `taken_by_ref` says who."""
    by = judged_body(_TAKING, _no_more, by="taken_by_ref")["taken_by_ref"]
    return jsonify(_shown(_desk().take(caller().authority, reference, by=by, actor=_actor())))


@blueprint.post("/<reference>/confirmation")
@needs("packs:confirm")
@tells(_PACK, body=body_of("PackConfirmation", _CONFIRMATION), problems=(409,))
def confirm_pack(reference: str) -> Response:
    """It is there, under the case system's own number. Said again, nothing changes; another number is a conflict."""
    sent = judged_body(_CONFIRMATION, _no_more, by="confirmed_by_ref")
    confirmed = _desk().confirm(
        caller().authority,
        reference,
        record_number=sent["record_number"],
        document_number=sent.get("document_number"),
        by=sent["confirmed_by_ref"],
        actor=_actor(),
    )
    return jsonify(_shown(confirmed))


@blueprint.post("/<reference>/refusal")
@needs("packs:confirm")
@tells(_PACK, body=body_of("PackRefusal", _REFUSAL), problems=(409,))
def refuse_pack(reference: str) -> Response:
    """It was not typed in, for a reason from the closed list."""
    sent = judged_body(_REFUSAL, _no_more, by="refused_by_ref")
    reason, by = Reason(sent["reason"]), sent["refused_by_ref"]
    return jsonify(_shown(_desk().refuse(caller().authority, reference, reason=reason, by=by, actor=_actor())))


def _shown(pack: Pack) -> dict[str, Any]:
    handed, given, refused = pack.handed.pack, pack.handed.confirmation, pack.handed.refused
    return {
        "reference": pack.reference,
        "receipt_id": str(pack.submission_id),
        "state": pack.state.value,
        "kind": handed.kind,
        "record_type": pack.record_type,
        "form": handed.form,
        "about_number": handed.about_number,
        "inbox": handed.inbox,
        "due_on": pack.due_on.isoformat() if pack.due_on else None,
        "withdrawn": pack.withdrawn,
        "handed_over_at": pack.put_at.isoformat(),
        "taken_by": pack.taken_by,
        "taken_at": pack.taken_at.isoformat() if pack.taken_at else None,
        "record_number": given.record_number if given else None,
        "document_number": given.document_number if given else None,
        "confirmed_by": given.by if given else None,
        "confirmed_at": given.at.isoformat() if given else None,
        "refused": {"reason": refused.value, "explanation": words_for(refused)} if refused else None,
        "refused_by": pack.refused_by,
        "refused_at": pack.refused_at.isoformat() if pack.refused_at else None,
        "links": _links(pack),
    }


def _links(pack: Pack) -> dict[str, str]:
    """To what can still be read."""
    if pack.state is not PackState.OPEN:
        return {}
    kinds = {"sheet": ".get_sheet"}
    if pack.handed.pack.kind == "record":
        kinds["document"] = ".get_pack_document"
    return {name: url_for(endpoint, reference=pack.reference) for name, endpoint in kinds.items()}


def _state() -> PackState:
    given = request.args.get("state", PackState.OPEN.value)
    if given not in set(PackState):
        raise Malformed(f"`state` is one of: {', '.join(PackState)}.")
    return PackState(given)


def _desk() -> PackDesk:
    return services().packs


def _actor() -> str:
    return caller().actor


def _no_more(_sent: object, _today: object) -> tuple[()]:
    """The structure says it all."""
    return ()
