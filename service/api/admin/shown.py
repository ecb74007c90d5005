"""Deliveries, orders and lanes as JSON: codes, numbers, moments, and sentences of our own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from service.domain.delivery import KEEPING, Move, owner_of, words_for
from service.domain.delivery.breaker import Hold
from service.domain.delivery.machine import Refusal
from service.domain.orders import MEANING
from service.ports import LaneView
from service.ports.orders import Item, Order, Tried
from service.usecases.orders.look import Inspected
from service.usecases.orders.preview import Difference, Preview


def item_shown(item: Item) -> dict[str, Any]:
    """One delivery: where it stands, why, whose it is, and for how long."""
    keeping = KEEPING.get(item.state)
    return {
        "reference": item.reference,
        "receipt_id": str(item.submission_id),
        "kind": item.kind,
        "record_type": item.record_type,
        "state": item.state.value,
        "reason": item.reason.value if keeping else None,
        "explanation": _explanation(item) if keeping else None,
        "owner": owner_of(item.reason).value if keeping else None,
        "since": item.state_since.isoformat(),
        "age_seconds": int(item.age.total_seconds()),
        "too_old": bool(keeping and item.age > keeping.max_age),
        "attempts": item.attempts,
        "may_have_arrived": item.may_have_arrived,
        "record_number": item.record_number,
        "document_number": item.document_number,
        "behind": item.behind,
        "links": {"self": url_for("admin_deliveries.show_delivery", reference=item.reference)},
    }


def inspected_shown(found: Inspected) -> dict[str, Any]:
    """Everything about one delivery but its words."""
    item = found.item
    return item_shown(item) | {
        "note": item.note,
        "failures": item.failures,
        "lapses": item.lapses,
        "workers_lost": item.deaths,
        "absences": item.absences,
        "corrected": item.corrected,
        "withdrawn": item.withdrawn,
        "created_at": item.created_at.isoformat(),
        "first_sent_at": _at(item.first_sent_at),
        "due_at": item.due_at.isoformat(),
        "changed_at": item.changed_at.isoformat(),
        "delivered_at": _at(item.delivered_at),
        "sent_through": {
            "connector": item.connector,
            "version": item.connector_version,
            "profile_digest": item.profile_digest,
        },
        "tries": [_tried(each) for each in found.tries],
        "orders": [order_shown(each) for each in found.orders],
        "lane": lane_shown(found.lane),
        "can": {action.value: judged_shown(judged) for action, judged in found.can.items()},
    }


def judged_shown(judged: Move | Refusal) -> dict[str, Any]:
    """Where it would lead, or why it cannot be done."""
    if isinstance(judged, Refusal):
        return {"possible": False, "leads_to": None, "why": judged.why}
    return {"possible": True, "leads_to": judged.after.value, "why": judged.guard or None}


def order_shown(order: Order) -> dict[str, Any]:
    """One order as it stands."""
    return {
        "order_id": str(order.id),
        "batch": str(order.batch) if order.batch else None,
        "action": order.action.value,
        "reference": order.reference,
        "by": order.officer.by,
        "client": order.officer.client,
        "because": order.grounds.because.value,
        "explanation": MEANING[order.grounds.because],
        "ticket": order.grounds.ticket,
        "detail": dict(order.detail),
        "asked_at": order.asked_at.isoformat(),
        "approved_by": order.approver.by if order.approver else None,
        "approved_at": _at(order.approved_at),
        "done_at": _at(order.done_at),
        "outcome": order.outcome,
    }


def lane_shown(lane: LaneView) -> dict[str, Any]:
    """What a person said about it, and its breaker."""
    breaker = lane.breaker
    return {
        "hold": lane.hold.value or "open",
        "held_by": lane.hold_by if lane.hold is not Hold.NONE else None,
        "because": lane.hold_reason if lane.hold is not Hold.NONE else None,
        "held_at": _at(lane.hold_at) if lane.hold is not Hold.NONE else None,
        "in_flight": lane.in_flight,
        "breaker": {
            "open": breaker.is_open,
            "reason": lane.open_reason.value if lane.open_reason else None,
            "explanation": words_for(lane.open_reason) if lane.open_reason else None,
            "opened_at": _at(lane.opened_at),
            "tried_again_at": _at(lane.open_until),
            "failures_in_a_row": breaker.in_a_row,
        },
        "quiet_until": _at(lane.quiet_until),
        "swept_at": _at(lane.swept_at),
    }


def preview_shown(preview: Preview, *, words: bool) -> dict[str, Any]:
    """Question by question: its code, what changes, and lengths; the words only where they may be seen."""
    problem = preview.problem
    return {
        "reference": preview.item.reference,
        "kind": preview.item.kind,
        "state": preview.item.state.value,
        "would": judged_shown(preview.would),
        "profile_digest": preview.now_digest,
        "last_sent_with": preview.then_digest,
        "compared": preview.before.value,
        "problem": {"reason": problem.value, "explanation": words_for(problem)} if problem else None,
        "answers": [_difference(each, words=words) for each in preview.differences],
    }


def _difference(each: Difference, *, words: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "code": each.code,
        "row": each.row,
        "change": each.change.value if each.change else None,
        "length": len(each.now) if each.now is not None else None,
        "length_before": len(each.then) if each.then is not None else None,
    }
    return shown | ({"now": each.now, "before": each.then} if words else {})


def _explanation(item: Item) -> str:
    if item.behind:
        return "Waiting behind an earlier record of the same young person, which is still open."
    return words_for(item.reason)


def _tried(tried: Tried) -> dict[str, Any]:
    return {
        "number": tried.number,
        "phase": tried.phase,
        "outcome": tried.outcome,
        "reason": tried.reason.value if tried.reason else None,
        "started_at": tried.started_at.isoformat(),
        "ended_at": _at(tried.ended_at),
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
