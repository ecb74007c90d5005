"""What the routes for people answer, as the published document tells it."""

from __future__ import annotations

from collections.abc import Mapping

from service.api.openapi import Answer, Parameter
from service.api.openapi.shapes import MOMENT, TEXT, listed, one_of, shape
from service.domain.people import Role

PAGE = "text/html"
_COOKIE = {"Set-Cookie": "`__Host-wise` or `__Host-wise-sign-in`, or that the browser forgets one."}
ME = shape(
    reference=TEXT | {"description": "How they are known here."},
    authority=TEXT,
    roles=listed(one_of(Role)),
    since=MOMENT,
    until=MOMENT,
)
REFUSED: Mapping[int, Answer] = {
    status: Answer(about, {PAGE: TEXT}, _COOKIE)
    for status, about in ((403, "Not let in."), (404, "There is no such issuer."), (503, "The issuer is away."))
}
SIGNED_IN = {200: Answer("Signed in.", {PAGE: TEXT}, _COOKIE), **REFUSED}
SENT_ON = {302: Answer("To the issuer.", {PAGE: TEXT}, {"Location": "There.", **_COOKIE}), **REFUSED}
CHOICE = {200: Answer("The issuers there are.", {PAGE: TEXT}), **SENT_ON}
SIGNED_OUT = {200: Answer("Signed out.", {PAGE: TEXT}, _COOKIE)}
WHO = {200: Answer("Who is signed in.", {"application/json": ME, PAGE: TEXT})}
_NOT_YOURS = {403: Answer("Nobody is signed in, or as something else.", {PAGE: TEXT})}
_OF_A_BUILD = {**_NOT_YOURS, 404: Answer("There is no such build.", {PAGE: TEXT})}
BUILDS = {200: Answer("The newest build of each quarter.", {PAGE: TEXT}), **_NOT_YOURS}
BUILD = {200: Answer("The build.", {PAGE: TEXT}), **_OF_A_BUILD}
DECIDED = {
    **_OF_A_BUILD,
    303: Answer("It is so; to the build.", {PAGE: TEXT}, {"Location": "The build."}),
    409: Answer("Refused: the build, and why.", {PAGE: TEXT}),
}
HEARD = {200: Answer("It is so."), 400: Answer("The token is not taken."), 404: REFUSED[404]}

BACK = (
    Parameter("code", TEXT, "From the issuer."),
    Parameter("state", TEXT, "From the issuer: ours again."),
    Parameter("iss", TEXT, "From the issuer: who it is (RFC 9207)."),
    Parameter("error", TEXT, "From the issuer: that it did not sign them in."),
)
