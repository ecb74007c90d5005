"""What a person sees who opens the simulator in a browser: every item, newest first.

A record that was withdrawn is off the file, so its page says only that.
"""

from collections.abc import Iterable

from flask import Blueprint, Response, abort
from markupsafe import Markup

from simulators.kit.pages import careful, page, table

from .inbox import Inbox
from .model import RECORD, Item

_HEADERS = ("Reference", "Kind", "State", "Number", "Child id", "Restricted", "Replaces", "Why refused")


def pages_blueprint(inbox: Inbox) -> Blueprint:
    """The overview, one item, and the bytes of its document."""
    pages = Blueprint("pages", __name__)
    pages.after_request(careful)

    @pages.get("/")
    def overview() -> str:
        return page("An inbox over REST", table(_HEADERS, [_row(inbox, item) for item in inbox.every()[::-1]]))

    @pages.get("/shown/<reference>")
    def item(reference: str) -> str:
        found = inbox.find(reference) or abort(404)
        return page(f"Item {reference}", table(_HEADERS, [_row(inbox, found)]), *_content(inbox, found))

    @pages.get("/shown/<reference>/document")
    def document(reference: str) -> Response:
        found = inbox.find(reference)
        if found is None or found.content is None or inbox.is_withdrawn(found):
            abort(404)
        kind = "application/pdf" if found.content.startswith(b"%PDF-") else "application/octet-stream"
        return Response(found.content, mimetype=kind)

    return pages


def _row(inbox: Inbox, item: Item) -> tuple[object, ...]:
    state = "withdrawn" if inbox.is_withdrawn(item) else item.state
    link = _link(f"/shown/{item.reference}", item.reference)
    restricted = ("yes" if item.sent["restricted"] else "no") if item.kind == RECORD else None
    return link, item.kind, state, item.number, item.child_id, restricted, item.sent.get("replaces"), item.code


def _content(inbox: Inbox, item: Item) -> Iterable[Markup]:
    if item.kind != RECORD:
        words = [(name, item.sent[name]) for name in ("team", "due_on", "text") if name in item.sent]
        yield table(("What", "Words"), words)
    elif not inbox.is_withdrawn(item):
        if item.content is not None:
            link = _link(f"/shown/{item.reference}/document", item.sent["document"]["title"])
            yield Markup("<p>{}: {}</p>").format(item.document_number or "Document", link)
        yield table(
            ("Question", "Row", "Answer"), [(each["code"], each["row"], each["value"]) for each in item.sent["answers"]]
        )


def _link(address: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, words)
