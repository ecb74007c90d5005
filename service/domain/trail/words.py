"""What each kind of entry about a record means, in words, and whether somebody saw what identifies a young person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SAW: Mapping[str, str] = {
    "copy_made": "fetched a copy of the record",
    "pack_read": "read what is to be typed in by hand",
    "supervision_opened": "opened a reflective supervision",
    "evaluation_extracted": "pulled the words of those who agreed to the evaluation",
    "delivery_previewed": "looked through what would be sent",
}
"""Whoever did this was shown words of a record; of a preview, only where it says so."""

TOUCHED: Mapping[str, str] = {
    "record_received": "sent the record; it was kept",
    "fact_refused": "kept the record, but could not count it",
    "hold_released": "released what was held back of it",
    "review_raised": "raised its review",
    "pack_taken": "took it, to type it in by hand",
    "pack_confirmed": "said that it was typed in",
    "pack_refused": "said that it was not typed in",
    "delivery_ready": "made its delivery ready to go on",
    "delivery_delivered": "delivered it to the case system",
    "delivery_retry": "could not deliver it yet",
    "delivery_unknown": "could not tell whether it had arrived",
    "delivery_needs_human": "left its delivery to a person",
    "delivery_superseded": "ended its delivery, for a correction takes its place",
    "delivery_cancelled": "ended its delivery",
    "delivery_held": "held its delivery back",
    "delivery_replayed": "let its delivery go on",
    "delivery_reopened": "reopened its delivery",
    "delivery_evidenced": "said that it is in the case system",
    "delivery_reopening_asked": "asked for its delivery to be reopened",
    "delivery_reopening_declined": "declined to reopen its delivery",
    "delivery_reopening_refused": "could not reopen its delivery any more",
    "body_shredded": "shredded its body, which was no longer needed here",
    "body_shredded_again": "shredded its body again, which a backup had brought back",
    "record_forgotten": "took away what was left of it, a year after its body",
    "access_reported": "asked who saw or touched it",
}


def is_shown(action: str, detail: Mapping[str, Any]) -> bool:
    """Whether words of the record were shown to whoever did this."""
    return action in SAW and (action != "delivery_previewed" or detail.get("words") is True)


def in_words(action: str) -> str:
    """Plain words; for an action without, its code, which is better than to leave it out."""
    return SAW.get(action) or TOUCHED.get(action) or action.replace("_", " ")


def by_whom(actor: str, detail: Mapping[str, Any]) -> str:
    """The client or part of the bridge, and the person whom it named. Somebody who was signed in named themselves."""
    person = detail.get("by") or detail.get("decided_by")
    return f"{person}, through {actor}" if person and actor != f"person:{person}" else actor
