"""The route: take the envelope apart, sign the caller in, check the shape, call the operation, write the answer."""

from typing import Any

from flask import Blueprint, Response, abort, request
from lxml import etree
from werkzeug.exceptions import InternalServerError

from simulators.kit.bad_days import committed
from simulators.mosaic.operations import Operations
from simulators.mosaic.refusals import Fault, Refusal

from . import description, envelope
from .calls import READING, operation_of
from .dispatch import Dispatch
from .envelope import SoapFault
from .names import MOSAIC, WSSE
from .security import UsernameTokens

SOAP = "/soap/v1"
_XML = "text/xml"


def soap_blueprint(operations: Operations, tokens: UsernameTokens) -> Blueprint:
    """The one route of the binding."""
    soap = Blueprint("soap", __name__)
    dispatch = Dispatch(operations)

    @soap.get(SOAP)
    def describe() -> Response:
        if "wsdl" not in request.args:
            abort(405)
        return Response(description.wsdl(request.base_url), mimetype=_XML)

    @soap.post(SOAP)
    def call() -> Response:
        if request.mimetype != _XML:
            abort(415)
        return _answered(dispatch, tokens)

    soap.register_error_handler(SoapFault, _faulty)
    soap.register_error_handler(Refusal, _refused)
    soap.register_error_handler(InternalServerError, _failed)
    return soap


def _answered(dispatch: Dispatch, tokens: UsernameTokens) -> Response:
    message = envelope.read(request.get_data())
    if not tokens.accept(message.security):
        raise SoapFault("FailedAuthentication", "The security token could not be authenticated.", WSSE)
    name = _operation(message.body)
    content = dispatch.call(name, message.body)
    if name not in READING:
        committed()
    return Response(envelope.answer(f"{name}Response", content), mimetype=_XML)


def _operation(body: etree._Element) -> str:
    """The operation of a body that matches its schema."""
    name = etree.QName(body)
    if name.namespace != MOSAIC or name.localname not in description.operations():
        raise _schema([("body", None)])
    if operation_of(request.headers.get("SOAPAction")) != name.localname:
        raise _schema([("SOAPAction", None)])
    misfits = description.misfits(body)
    if misfits:
        raise _schema([(place, f"line {line}") for place, line in misfits])
    return name.localname


def _schema(places: list[tuple[str, str | None]]) -> Refusal:
    errors = [Fault("SCHEMA", field=place, detail=detail).wire() for place, detail in places]
    return Refusal(400, "SCHEMA", "The request does not match the description of the service.", {"errors": errors})


def _faulty(found: SoapFault) -> Response:
    return Response(envelope.fault(found), 500, mimetype=_XML)


def _refused(refusal: Refusal) -> Response:
    """What the JSON binding says with a status is a fault with a typed detail here."""
    return _faulty(SoapFault("Client", refusal.message, refusal=refusal))


def _failed(_error: Any) -> Response:
    return _faulty(SoapFault("Server", "The server failed."))
