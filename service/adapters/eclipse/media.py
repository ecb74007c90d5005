"""Representations: which one is wanted and which one is sent, by the supplier's own media types."""

from __future__ import annotations

import json
from collections.abc import Mapping

from service.adapters.http import Reply, Request

PAGE_SIZE = 20
ONE_PAGE = {"pageSize": str(PAGE_SIZE), "pageNumber": "1", "s": "[]"}
REFUSAL = "application/json"
"""What refusals come as, whatever was asked for."""


def media_type(name: str) -> str:
    """Of a class, given as `module.Class`."""
    return f"application/vnd.olmgroup-usp.{name}+json"


def reading(path: str, shown: str, **params: str) -> Request:
    """Ask for a representation."""
    return Request("GET", path, writes=False, params=params, accepts=(media_type(shown), REFUSAL))


def searching(path: str, shown: str, **params: str) -> Request:
    """Ask for the first page of a list: we look for one thing, and a second is already too many."""
    return reading(path, shown, **params, **ONE_PAGE)


def writing(method: str, path: str, shown: str, sent: str, body: Mapping[str, object]) -> Request:
    """Send one representation, get another. The discriminator is the name of the class."""
    content = json.dumps({"_type": sent.partition(".")[2], **body}, ensure_ascii=False).encode("utf-8")
    headers, accepts = {"Content-Type": media_type(sent)}, (media_type(shown), REFUSAL)
    return Request(method, path, writes=True, content=content, headers=headers, accepts=accepts)


def is_shown(request: Request, reply: Reply) -> bool:
    """Whether an answer is the representation that was asked for; anything else does not mean what it seems to say."""
    return reply.kind == request.accepts[0].lower()
