"""Putting a record there, from wherever an earlier attempt left it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from service.adapters.generic_rest.client import RestApi, Seen, StaleError
from service.adapters.generic_rest.content import CONTENT, Plan
from service.adapters.generic_rest.found import (
    confirmed,
    form_receipt,
    holds_content,
    is_ours,
    our_document,
    require_correctable,
    require_same,
)
from service.adapters.generic_rest.shapes import Record
from service.adapters.generic_rest.vocabulary import COMPLETE
from service.adapters.shared.found import ours, read_back
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Container, FiledDocument, Receipt

T = TypeVar("T")

LOOKS = 3
"""How often a record that others change meanwhile is looked at before it is left for later."""


def open_record(api: RestApi, plan: Plan) -> Container:
    """The record under our reference, draft or complete; a new draft when there is none."""
    person = confirmed(api, plan.filing.person)
    found = ours(api.records(plan.filing.reference)) or _opened(api, plan, person)
    record = require_same(found, plan, person)
    if record.is_complete:
        return Container(record.id, done=_receipt(record, plan))
    if plan.filing.restricted and not record.restricted:
        _patiently(lambda: _restrict(api, record.id, plan))
    return Container(record.id)


def _opened(api: RestApi, plan: Plan, person: str) -> Record:
    """A new draft. One that corrects another is opened only when that other was looked at."""
    if plan.corrects is not None:
        require_correctable(api.record(plan.corrects), plan, person)
    number = api.open_record(plan.new_record(person))
    return read_back(lambda: api.record(number))


def _restrict(api: RestApi, number: str, plan: Plan) -> None:
    """Before the document is there, so that not even the draft lies open."""
    _change(api, api.see(number), plan.whole(), ("restricted",))
    if not read_back(lambda: api.record(number)).restricted:
        raise NeedsHuman(Reason.RESTRICTION_NOT_CARRIED, "draft_not_restricted")


def add_document(api: RestApi, number: str, plan: Plan) -> FiledDocument:
    """Our document on the record, unless it is there."""
    there = our_document(api.see(number).record, plan)
    if there is None:
        there = api.attach(number, plan.upload())
    if there.record != number or there.name != plan.upload().name or not is_ours(there, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "document_stored_differently")
    return FiledDocument(there.id, plan.document_sha256)


def complete(api: RestApi, number: str, plan: Plan) -> Receipt:
    """Content first, and completion when it was read back: a complete record is never changed again."""
    return _patiently(lambda: _completed(api, number, plan))


def _completed(api: RestApi, number: str, plan: Plan) -> Receipt:
    """The record is read now and not kept from before: a document added meanwhile changed its ETag."""
    seen = _with_content(api, number, plan)
    if seen.record.is_complete:
        return _receipt(seen.record, plan)
    _change(api, seen, plan.whole(COMPLETE), ("state",))
    done = read_back(lambda: api.record(number))
    if not done.is_complete:
        raise OutcomeUnknown(Reason.UNEXPECTED_ANSWER, "record_not_complete")
    return _receipt(done, plan)


def _with_content(api: RestApi, number: str, plan: Plan) -> Seen:
    seen = api.see(number)
    if seen.record.is_complete or holds_content(seen.record, plan):
        return seen
    _change(api, seen, plan.whole(), CONTENT)
    changed = read_back(lambda: api.see(number))
    if not holds_content(changed.record, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "answers_stored_differently")
    return changed


def _receipt(record: Record, plan: Plan) -> Receipt:
    """Complete records cannot be changed, so what they hold must be what we would send."""
    if not holds_content(record, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_with_other_answers")
    document = our_document(record, plan) if plan.documents_here else None
    return form_receipt(record, document, documents_here=plan.documents_here)


def _change(api: RestApi, seen: Seen, whole: Mapping[str, object], names: tuple[str, ...]) -> None:
    """These properties, or all of them where a change replaces the whole."""
    api.change_record(seen, whole if api.replaces else {name: whole[name] for name in names})


def _patiently(step: Callable[[], T]) -> T:
    """Look again whenever the record changed between reading and writing; nothing was written then."""
    for _ in range(LOOKS):
        try:
            return step()
        except StaleError:
            continue
    raise NothingSent(Reason.LOCKED, "changed_meanwhile")
