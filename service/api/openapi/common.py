"""What every document has: problem documents, headers, and the ways to sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.api.openapi.operation import Json
from service.api.openapi.shapes import FREE, TEXT, WHOLE, listed, or_null, shape
from service.api.scopes import SCOPES

PROBLEM = "application/problem+json"
FAULT = shape(
    optional=("pointer", "row", "column", "start", "end"),
    about="One thing that is wrong, and what to do. It repeats no value. In a file: row and column; else a pointer.",
    pointer=TEXT | {"description": "RFC 6901; empty for the whole."},
    row=WHOLE,
    column=or_null(TEXT),
    code=TEXT | {"description": "The rule."},
    detail=TEXT,
    fix=TEXT,
    start=WHOLE | {"description": "In the text: the first character's offset."},
    end=WHOLE | {"description": "In the text: the offset after the last character."},
)
A_FAULT: Json = {"$ref": "#/components/schemas/Fault"}
A_PROBLEM: Json = {"$ref": "#/components/schemas/Problem"}
_PROBLEM_SHAPE = shape(
    optional=("errors", "tables", "releases", "files"),
    about="What went wrong (RFC 9457). `errors` has every fault at once; on the Hub's side, `tables`, `releases` and "
    "`files` say what there is.",
    type={"type": "string", "format": "uri"},
    title=TEXT,
    status=WHOLE,
    detail=TEXT,
    trace_id=TEXT | {"description": "The X-Request-ID, to ask us about it."},
    errors=listed(A_FAULT),
    tables=listed(TEXT),
    releases=listed(TEXT),
    files=listed(TEXT),
)
SCHEMAS: Mapping[str, Json] = {"Fault": FAULT, "Problem": _PROBLEM_SHAPE, "Free": FREE}

ABOUT: Mapping[int, str] = {
    400: "The request could not be read, or has a parameter that is not taken here.",
    401: "Not signed in, or the token is not valid now.",
    403: "This client may not do this.",
    404: "Nothing is here for this client. The same for what is missing and what is another authority's.",
    409: "It does not fit what is there.",
    410: "It was here, and stands no longer.",
    413: "More than fits in one request.",
    415: "Another media type, charset or encoding than is taken here.",
    422: "It was read, and has to be corrected; `errors` says every fault at once. Nothing was stored.",
    429: "Too many requests. Wait as long as Retry-After says.",
    500: "Our fault. It was logged under the request's id.",
    503: "Something the bridge cannot do without is away. Nothing was kept; send it again.",
}
REQUEST_ID = "X-Request-ID"
HEADERS: Mapping[str, Json] = {
    REQUEST_ID: {"description": "The request's id: the sender's own, if it has the form.", "schema": TEXT},
    "WWW-Authenticate": {"description": "How to sign in.", "schema": TEXT},
    "Retry-After": {"description": "Seconds to wait.", "schema": TEXT | {"pattern": "^[0-9]+$"}},
}
_WITH_HEADER = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def problem(status: int) -> Json:
    """The response object of a problem."""
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in (REQUEST_ID, *_WITH_HEADER.get(status, ()))}
    return {"description": ABOUT[status], "headers": headers, "content": {PROBLEM: {"schema": A_PROBLEM}}}


REQUEST_ID_PARAMETER: Json = {
    "name": REQUEST_ID,
    "in": "header",
    "description": "Your own id for this request: 8 to 64 letters, digits and hyphens. Anything else is replaced.",
    "schema": TEXT,
}
SIGN_IN = "sign_in"
FEED_KEYS = ("feed_key_basic", "feed_key_bearer")


def security_schemes(scopes: Iterable[str], *, feeds: bool, here: bool) -> Json:
    """`scopes` are those that some operation needs. `here`: the token endpoint is on this side."""
    where = "" if here else " The token endpoint is the casework side's."
    found: Json = {
        SIGN_IN: {
            "type": "oauth2",
            "description": f"A client's own credentials for a token of ten minutes.{where}",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/oauth/token",
                    "scopes": {name: SCOPES[name] for name in SCOPES if name in set(scopes)},
                }
            },
        }
    }
    if feeds:
        basic, bearer = FEED_KEYS
        found[basic] = {"type": "http", "scheme": "basic", "description": "A feed key as password, for `feed`."}
        found[bearer] = {"type": "http", "scheme": "bearer", "description": "A feed key."}
    return found
