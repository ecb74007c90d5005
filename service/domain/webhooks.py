"""What a sender's system is told, in which words, and how it can tell that the bridge said so.

Source: Standard Webhooks 1.0 (standardwebhooks.com). A message is thin: ids and states, and nothing of a record.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from service.domain.delivery import Reason, State

ENDPOINTS_MAX = 3
"""So many addresses an authority may have, numbered from 1."""

TYPES: Mapping[State, str] = {
    State.DELIVERED: "delivery.delivered",
    State.NEEDS_HUMAN: "delivery.needs_human",
    State.UNKNOWN: "delivery.unknown",
    State.SUPERSEDED: "delivery.superseded",
    State.CANCELLED: "delivery.cancelled",
}
"""What is worth a message. Waiting its turn, being sent and being put off are the bridge's own business."""

TEST = "webhook.test"
RESTORED = "bridge.restored"
"""The bridge was restored from a backup: what it said since then may be undone, so read everything anew."""

GIVE_UP_AFTER = timedelta(days=3)
REFUSALS_MAX = 24
"""So often one message is refused, which takes about a day, before it is given up and only the others are told."""
FORMER_SECRET_HOURS = 24
_WAITS = (5, 60, 300, 900, 1800)
_WAIT_MAX = 3600
_SECRET = "whsec_"
_KEY_BYTES = 32
_SHORTEST, _LONGEST = 24, 64


class PausedFor(StrEnum):
    """Why nothing is told to an address at present."""

    BY_PERSON = "by_person"
    NOT_ANSWERING = "not_answering"
    GONE = "gone"
    UNREADABLE = "unreadable"


PAUSE_WORDS: Mapping[PausedFor, str] = {
    PausedFor.BY_PERSON: "Somebody paused it.",
    PausedFor.NOT_ANSWERING: "It did not take a message for three days. Put the receiver right, then let it go on.",
    PausedFor.GONE: "It answered 410: nobody listens there any more. Remove it, or let it go on if that was a mistake.",
    PausedFor.UNREADABLE: "Its address and secret cannot be opened with the authority's key. Make it anew.",
}
ALARMING = frozenset({PausedFor.NOT_ANSWERING, PausedFor.GONE, PausedFor.UNREADABLE})
"""Paused by the bridge itself: somebody has to look."""


class Verdict(StrEnum):
    """What an answer means."""

    TOLD = "told"
    REFUSED = "refused"
    FAILED = "failed"
    GONE = "gone"


_ABOUT_THE_MESSAGE = (400, 413, 422)


def verdict_on(status: int) -> Verdict:
    """Of an HTTP status. A refusal is about this one message; a failure about the address, so the others wait too."""
    if 200 <= status < 300:
        return Verdict.TOLD
    if status == 410:
        return Verdict.GONE
    return Verdict.REFUSED if status in _ABOUT_THE_MESSAGE else Verdict.FAILED


def wait_after(failures: int, spread: float, asked: int | None = None) -> timedelta:
    """Before the next try, after so many in a row that failed. `spread` from 0 to 1 keeps tries apart.

    At most an hour, so that a receiver which is back is found soon; also when it asked for more.
    """
    usual = _WAITS[failures - 1] if failures <= len(_WAITS) else _WAIT_MAX
    return timedelta(seconds=min(max(usual * (0.8 + 0.2 * spread), asked or 0), _WAIT_MAX))


def new_secret() -> str:
    """256 random bits as the specification writes them."""
    return _SECRET + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes of `whsec_…`. Raises `ValueError` for anything else, without repeating it."""
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_SECRET) or not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError("a webhook secret is whsec_ and 24 to 64 bytes in Base64")
    return key


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the Base64 of HMAC-SHA256 over id, timestamp (seconds) and body, with dots between."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()


def headers_for(valid: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """A message's own headers, signed with every secret that is valid now: while one takes another's place, two."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in valid),
    }


def message_name(message_id: UUID) -> str:
    """What stands in `webhook-id`: the same for every try of one message."""
    return f"msg_{message_id.hex}"


def body_of(kind: str, at: datetime, data: Mapping[str, str | None]) -> str:
    """A message as JSON text."""
    told = {"type": kind, "timestamp": at.isoformat(), "data": dict(data)}
    return json.dumps(told, separators=(",", ":"))


def delivery_data(receipt_id: UUID, reference: str, kind: str, state: State, reason: Reason) -> dict[str, str | None]:
    """All that is told of a delivery: the sender's own receipt, our reference, and where it stands."""
    return {
        "receipt_id": str(receipt_id),
        "reference": reference,
        "kind": kind,
        "state": state.value,
        "reason": None if state is State.DELIVERED else reason.value,
    }
