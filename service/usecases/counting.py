"""What crosses to the central side when a young person's records change: each person is to be counted once."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from service.domain.fact import Fact, FactRefused, fact_from
from service.domain.projection.chain import Clock, Link, chained
from service.ports import AuditEntry, CaseworkTransaction, StandingRecord, StoredSubmission


def uncount(tx: CaseworkTransaction, named: StoredSubmission) -> None:
    """Takes back what crossed for a record that no longer stands. Raises `FactRefused` where that cannot be told."""
    if named.fact is not None:
        tx.facts.take_back(fact_from(named.fact))


def recount(tx: CaseworkTransaction, child_key: bytes, *, new: UUID | None) -> None:
    """Brings what crossed in line with the records that stand now. Nothing has crossed yet for the record `new`.

    Needs the lock of the young person (`Submissions.alone_with`). A fact that cannot be read is left as it is.
    """
    links = [link for row in tx.submissions.standing(child_key) if (link := _link(tx, row))]
    wanted = chained(links)
    for link in links:
        _bring_in_line(tx, link, wanted[link.id], is_new=link.id == new)


def note_refused(tx: CaseworkTransaction, submission_id: UUID, names: tuple[str, ...]) -> None:
    """The record goes its way without being counted; the trail says because of which fields."""
    detail = {"fields": ",".join(names)}
    tx.audit.add(AuditEntry("bridge", "fact_refused", "submission", str(submission_id), detail))


def _bring_in_line(tx: CaseworkTransaction, link: Link, wanted: Fact, *, is_new: bool) -> None:
    if wanted == link.fact and not is_new:
        return
    if not is_new:
        tx.facts.take_back(link.fact)
    tx.facts.hand_over(wanted)
    if wanted != link.fact:
        tx.submissions.set_fact(link.id, asdict(wanted))


def _link(tx: CaseworkTransaction, row: StandingRecord) -> Link | None:
    try:
        fact = fact_from(row.fact)
    except FactRefused as refusal:
        note_refused(tx, row.id, refusal.fields)
        return None
    clock = None if row.due_on is None or row.window_days is None else Clock(row.due_on, row.window_days)
    return Link(row.id, row.completed_on, row.received_at, fact, row.sent_as_review, clock)
