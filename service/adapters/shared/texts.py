"""The words we write into case systems ourselves, and words of others made fit to travel or refused."""

from __future__ import annotations

import re

from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Retraction

REVIEW_DUE = "A review is due."
"""A task's only words: a work tray is read by people who may not know why."""

WITHDRAWN = {
    "wrong_young_person": "Withdrawn: this record is about another young person.",
    "entered_twice": "Withdrawn: this record was entered twice.",
    "entered_in_error": "Withdrawn: this record was entered in error.",
}
"""Fixed, so that no word can disclose anything."""

_HALF = re.compile("[\ud800-\udfff]")


def withdrawal_words(retraction: Retraction) -> str:
    """Why a record was withdrawn, for people who read it there."""
    words = WITHDRAWN.get(retraction.reason)
    if words is None:
        raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "withdrawal_reason")
    return words


def legal(text: str) -> str:
    """Half a character cannot be sent as UTF-8; dropping it would change a young person's words unseen."""
    if _HALF.search(text):
        raise NeedsHuman(Reason.CONTENT_REFUSED, "character_not_allowed")
    return text
