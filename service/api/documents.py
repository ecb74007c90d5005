"""`GET /v1/submissions/{receipt_id}/documents/{audience}`: the copy that is meant for one reader, as a PDF."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, url_for

from service.api.guard import caller, needs
from service.api.openapi import tells
from service.api.openapi.answers.records import DOCUMENTS
from service.api.openapi.parameters import SAVED_AS
from service.api.openapi.shapes import file, json
from service.api.parsing import uuid_of
from service.api.services import services
from service.domain.audiences import Audience
from service.errors import NotThere

blueprint = Blueprint("documents", __name__, url_prefix="/v1/submissions/<receipt_id>/documents")
_MISSING = "There is no such submission."


@blueprint.get("")
@needs("documents:read")
@tells({200: json("Addresses by reader.", DOCUMENTS)})
def list_documents(receipt_id: str) -> Response:
    """Whom there are copies for, and where."""
    with services().casework.transaction(caller().authority) as tx:
        if tx.submissions.get(uuid_of(receipt_id, _MISSING)) is None:
            raise NotThere(_MISSING)
    links = {each.value: url_for(".get_document", receipt_id=receipt_id, audience=each.value) for each in Audience}
    return jsonify({"documents": links})


@blueprint.get("/<audience>")
@needs("documents:read")
@tells({200: file("The copy.", "application/pdf", Content_Disposition=SAVED_AS)}, problems=(410,))
def get_document(receipt_id: str, audience: str) -> Response:
    """The copy, or by which rule there is none."""
    if audience not in set(Audience):
        raise NotThere(f"There are copies for: {', '.join(Audience)}.")
    client, wanted = caller(), uuid_of(receipt_id, _MISSING)
    content = services().copies.make(client.authority, wanted, Audience(audience), actor=client.actor)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{audience}.pdf"'
    return response
