"""A profile as the rest of the service sees it: frozen, checked, and without any credential in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.adapters.egress import Egress
from service.adapters.mapping import MappingFile
from service.domain.codes import OUT_OF_USUAL_AGE
from service.domain.retention import BODY_DAYS
from service.domain.reviews import Reminders
from service.domain.synthetic import Synthetic

Settings = Mapping[str, str | int]


@dataclass(frozen=True)
class RecordTarget:
    """What one of our records becomes there: the authority's own label, its mapping, and the connector's words.

    `templates` are the editions of the authority's own form that are in use; none listed means any.
    """

    label: str
    mapping: MappingFile = field(repr=False)
    target: Settings
    templates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Review:
    """How often this authority looks again, whose work tray a review that is due goes to, and when it is told."""

    interval_months: int
    window_days: int
    task: Settings
    reminders: Reminders = field(default_factory=Reminders)


@dataclass(frozen=True)
class Delivery:
    """How hard to press: deliveries per second are `in_flight` divided by the case system's latency.

    `quiet_seconds` is how long "not there" must hold before it is believed; `poll_seconds` how often to ask.
    """

    in_flight: int = 4
    answer_within_minutes: int = 30
    quiet_seconds: int = 300
    poll_seconds: int = 60


@dataclass(frozen=True)
class Retention:
    """How long the bridge keeps the body of what it has delivered, in days from the proof."""

    body_days: int = BODY_DAYS


@dataclass(frozen=True)
class Rules:
    """What an authority decides about the rules; `service.domain.policy.Policy` says what each means."""

    training: str = "reject"
    training_same_day: bool = False
    nhs_number: str = "optional"
    nhs_number_faulty: str = "reject"
    age_reasons: tuple[str, ...] = OUT_OF_USUAL_AGE
    deputies: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    child_id: str = r"[A-Za-z0-9]{1,20}"
    language_advice: bool = True


@dataclass(frozen=True)
class Documents:
    """Where the rendered records are kept: in the case system, nowhere, or in a system of their own, by its kind."""

    kept: str = "case_system"
    connection: Mapping[str, str] = field(default_factory=dict)
    target: Settings = field(default_factory=dict)

    @property
    def here(self) -> bool:
        """Whether the case system itself has them."""
        return self.kept == "case_system"

    @property
    def elsewhere(self) -> str:
        """The kind of document system there is beside it; empty when there is none."""
        return "" if self.kept in ("case_system", "none") else self.kept


@dataclass(frozen=True)
class Profile:
    """One authority's way into its case system.

    One that is not `in_use` is checked like any other, but its records are not taken and nothing is delivered.

    `connection` holds literals and references as they are written; `resolve` turns them into values, in the process
    that delivers and in no other. `digest` changes with every one of `files`: the profile, what it extends, and the
    mappings and forms it uses. Without `egress` only the connection's own address may be called.
    Without `synthetic` no synthetic record is sent.

    `confirmed` are keys with who confirmed them, `to_confirm` the ones that nobody has.
    """

    authority: str
    name: str
    slug: str
    case_system: str
    connector: str
    records: Mapping[str, RecordTarget]
    review: Review
    support_plan_items_max: int
    connection: Mapping[str, str]
    delivery: Delivery
    rules: Rules
    file: str
    digest: str
    in_use: bool = True
    egress: Egress | None = None
    documents: Documents = Documents()
    synthetic: Synthetic | None = None
    retention: Retention = Retention()
    confirmed: Mapping[str, str] = field(default_factory=dict)
    to_confirm: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
