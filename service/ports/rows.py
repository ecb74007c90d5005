"""The plain values that cross between the use cases and the casework store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.domain.delivery import Reason, State
from service.domain.delivery.breaker import Breaker, Hold
from service.domain.delivery.failures import Weight


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to what. `detail` holds codes, counts and ids; never a value of a record."""

    actor: str
    action: str
    subject_type: str
    subject_id: str
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class NewSubmission:
    """A record about to be kept.

    `sealed` is its encrypted body, `sealed_apart` what it says of third parties; `supersedes` the record it corrects or
    withdraws, whose next `version` it is. `fact` is what it comes down to for the central side; `sketches` are keyed
    digests of its narratives by pointer; `meeting_key` tells the same meeting again; `sealed_digest` what was sent.
    Without a fact it counts for nothing; `fact_refused` then names the fields of the one that was refused.
    """

    id: UUID
    sender_ref: str
    client_id: str
    record_type: str
    kind: str
    schema_version: str
    template_version: str
    content_digest: bytes
    child_key: bytes
    completed_on: date
    warnings: Sequence[Mapping[str, Any]]
    sealed: bytes
    sealed_apart: bytes | None = None
    version: int = 1
    supersedes: UUID | None = None
    fact: Mapping[str, str] | None = None
    sketches: Mapping[str, bytes] = field(default_factory=dict)
    meeting_key: bytes | None = None
    sealed_digest: bytes | None = None
    fact_refused: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Kept:
    """A record's sealed body, and what lies apart of people, groups and places that may pose risk, if anything does.

    `corrects`: whether it takes the place of an earlier record.
    """

    sealed: bytes
    sealed_apart: bytes | None
    corrects: bool


@dataclass(frozen=True)
class StoredSubmission:
    """A submission as it stands, without its body."""

    id: UUID
    sender_ref: str
    record_type: str
    kind: str
    schema_version: str
    template_version: str
    content_digest: bytes
    child_key: bytes
    completed_on: date
    received_at: datetime
    warnings: Sequence[Mapping[str, Any]]
    version: int
    supersedes: UUID | None
    superseded_by: UUID | None
    withdrawn_by: UUID | None
    fact: Mapping[str, str] | None
    sealed_digest: bytes | None = None


@dataclass(frozen=True)
class StandingRecord:
    """A record that stands and has a fact, with the review it planned if it planned one.

    `received_at` and `sent_as_review` are its first version's: a correction does not move it. `due_on` and
    `window_days` are both there or both None.
    """

    id: UUID
    completed_on: date
    received_at: datetime
    fact: Mapping[str, str]
    sent_as_review: bool
    due_on: date | None
    window_days: int | None


@dataclass(frozen=True)
class NewDelivery:
    """One thing to be put into a case system, under a reference that never changes.

    With a `held` reason it waits for a person from the start. `retracts` is the delivery a retraction takes back.
    """

    id: UUID
    kind: str
    submission_id: UUID
    reference: str
    child_key: bytes
    review_id: UUID | None = None
    retracts: UUID | None = None
    held: Reason | None = None


@dataclass(frozen=True)
class NewHold:
    """Something in a record that is not passed on before a person has looked: the rule, and where it stands."""

    id: UUID
    submission_id: UUID
    rule: str
    pointer: str


@dataclass(frozen=True)
class HoldView:
    """A hold as it stands."""

    id: UUID
    submission_id: UUID
    rule: str
    pointer: str
    raised_at: datetime
    released_at: datetime | None
    released_by: str | None


@dataclass(frozen=True)
class Claim:
    """A delivery one worker holds until its lease ends. `fence` tells this holder from any later one.

    `connector` is the kind of link it was last sent through, if any. `deaths` are the workers that were gone when it
    was taken from them, `lapses` all claims that ended without an outcome. `probing` says that the lane is half open
    and this one is let try; `looking_only` that it is paused, so that this one may be looked up and not sent;
    `put_off_for` how long it has been put off by now; `reason` why it was where it was claimed from.
    """

    id: UUID
    authority: str
    kind: str
    submission_id: UUID
    review_id: UUID | None
    retracts: UUID | None
    reference: str
    fence: int
    attempt: int
    failures: int
    lapses: int
    lookups: int
    absences: int
    may_have_arrived: bool
    since_first_sent: timedelta | None
    connector: str | None = None
    deaths: int = 0
    put_off_for: timedelta | None = None
    probing: bool = False
    looking_only: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Settlement:
    """How an attempt ended, and what becomes of the delivery and of its lane.

    `weight` is what it says about the lane; `lane_waits` how long the case system asked everybody to stay away.
    `is_news` is false where a look-up found all as it was.
    """

    state: State
    reason: Reason
    note: str = ""
    due_in: timedelta = timedelta(0)
    may_have_arrived: bool = False
    failures: int = 0
    lapses: int = 0
    deaths: int = 0
    lookups: int = 0
    absences: int = 0
    record_number: str | None = None
    document_number: str | None = None
    evidence: Mapping[str, str] | None = None
    weight: Weight = Weight.NOTHING
    lane_waits: timedelta = timedelta(0)
    is_news: bool = True


class Held(StrEnum):
    """Whether a worker may go on with what it claimed."""

    YES = "yes"
    LOST = "lost"
    LANE_CLOSED = "lane_closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Claimer:
    """Who claims. `judging` says that this process has reached the database steadily for a while.

    Only then may it take another's silence for its end: after an outage of the database, all have been silent. What was
    in the hands of a worker that is gone is claimed `alone`, by a process that begins nothing else for as long as from
    one sweep to the next: should that one end too, no other delivery is suspected with it.
    """

    worker: UUID
    lease: timedelta
    judging: bool = False
    alone: bool = False


@dataclass(frozen=True)
class LaneView:
    """An authority's lane as it stands, on the database's clock."""

    hold: Hold
    hold_by: str | None
    hold_reason: str | None
    hold_at: datetime | None
    breaker: Breaker
    open_reason: Reason | None
    opened_at: datetime | None
    open_until: datetime | None
    quiet_until: datetime | None
    swept_at: datetime | None
    in_flight: int
    now: datetime


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as its sender and its officer may see it."""

    id: UUID
    kind: str
    submission_id: UUID
    reference: str
    state: State
    reason: Reason
    attempts: int
    behind_earlier: bool
    may_have_arrived: bool
    record_number: str | None
    document_number: str | None
    created_at: datetime
    changed_at: datetime
    delivered_at: datetime | None
