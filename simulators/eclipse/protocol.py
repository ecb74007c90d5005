"""What every route of the protocol has in common: media types, permission, ids, lists and answers."""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from flask import Blueprint, Response, request

from simulators.kit.bad_days import committed

from . import shape
from .attachments import read_upload
from .refusals import Fault, Refusal, not_found, not_permitted, refuse_if_any
from .world import World

MULTIPART = "multipart/form-data"
_LARGEST_ID = 2**63 - 1
_PAGING = ("pageSize", "pageNumber", "s")


class Wire(Protocol):
    """Anything that can be written to the protocol."""

    def wire(self) -> dict[str, Any]: ...


def media_type(name: str) -> str:
    """The media type of a class, which is given as `module.Class`."""
    return f"application/vnd.olmgroup-usp.{name}+json"


class Routes:
    """Adds routes to a blueprint; each handler gets the ids of its path as numbers and runs alone on the world."""

    def __init__(self, blueprint: Blueprint, world: World, permissions: Collection[str]) -> None:
        self._blueprint, self._world, self._permissions = blueprint, world, permissions

    def get(self, path: str, gives: str, needs: str | None = None) -> Callable[[Any], Any]:
        """A route that reads."""
        return lambda handler: self._add("GET", path, handler, gives, None, needs, 200)

    def change(
        self, method: str, path: str, gives: str, takes: str, needs: str, status: int = 201
    ) -> Callable[[Any], Any]:
        """A route that stores something; `takes` is the class of its body, or multipart."""
        return lambda handler: self._add(method, path, handler, gives, takes, needs, status)

    def _add(
        self, method: str, path: str, handler: Any, gives: str, takes: str | None, needs: str | None, status: int
    ) -> None:
        def view(**ids: str) -> Response:
            _check_accept(media_type(gives))
            _check_content_type(takes)
            if needs is not None and needs not in self._permissions:
                raise not_permitted(needs)
            body = [] if takes is None else [_body(takes)]
            with self._world.lock:
                content = handler(*(_id(text) if name == "id" else text for name, text in ids.items()), *body)
            if method != "GET":
                committed()
            return Response(_written(content), status, mimetype=media_type(gives))

        self._blueprint.add_url_rule(path, f"{method} {path}", view, methods=[method])


def paged(found: Sequence[Wire]) -> dict[str, Any]:
    """One page of a list, in the envelope."""
    size, number = _number("pageSize", 20, (-1, *range(1, 201))), _number("pageNumber", 1, range(1, 10**6))
    refuse_if_any([] if request.args.get("s", "[]") == "[]" else [Fault("WRONG_TYPE", field="s")])
    shown = found if size == -1 else found[(number - 1) * size : number * size]
    return {"results": [item.wire() for item in shown], "totalSize": len(found)}


def argument(name: str, longest: int, *, only: Collection[str]) -> str:
    """A text of the query that must be there; names nobody reads are refused."""
    refuse_if_any(Fault("UNKNOWN_FIELD", field="query") for key in request.args if key not in {name, *only, *_PAGING})
    text = request.args.get(name, "")
    code = shape.length_code(text, longest)
    refuse_if_any([Fault(code, field=name)] if code else [])
    return text


def _number(name: str, default: int, allowed: Collection[int]) -> int:
    text = request.args.get(name, str(default))
    plain = text.isascii() and text.removeprefix("-").isdigit() and len(text) < 8
    if not plain or int(text) not in allowed:
        refuse_if_any([Fault("WRONG_TYPE", field=name)])
    return int(text)


def _check_accept(wanted: str) -> None:
    named = [item.partition(";")[0].strip() for item in request.headers.get("Accept", "").split(",")]
    if wanted not in named:
        raise Refusal(406, "NOT_ACCEPTABLE", "Accept must name the representation of this route.")


def _check_content_type(takes: str | None) -> None:
    """Werkzeug gives the content type in lower case: media types know no difference."""
    if takes is not None and request.mimetype != (takes if takes == MULTIPART else media_type(takes).lower()):
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "The content type is not the one this route takes.")


def _body(takes: str) -> Any:
    """The JSON of the body, or the upload."""
    return read_upload(request) if takes == MULTIPART else shape.parse(request.get_data())


def _id(text: str) -> int:
    """An id from the path; anything else cannot be a record, so it is simply not found."""
    plain = text.isascii() and text.isdigit() and not text.startswith("0") and len(text) <= 19
    if not plain or int(text) > _LARGEST_ID:
        raise not_found()
    return int(text)


def _written(content: Any) -> bytes:
    value = content if isinstance(content, (dict, list)) else content.wire()
    return json.dumps(value, ensure_ascii=False).encode("utf-8")
