"""Every key a profile can have, with what it means: the one description that reading, editors and the page follow.

What stands under `connection`, `target` and `task` is the connector's to say, in its own `schema.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from service.adapters.egress import SCHEMA as EGRESS
from service.domain.codes import OUT_OF_USUAL_AGE, ROLES
from service.domain.retention import BODY_DAYS, BODY_DAYS_MAX
from service.domain.reviews import EARLIEST_DAYS, ESCALATE_DAYS, SOON_DAYS, TOLD_IN_TRAY, Stage

Kind = Literal["text", "texts", "whole", "flag", "choice", "choices", "pattern", "date", "section"]

_NEVER_DEPUTIES = ("minute_taker", "interpreter", "parent_carer_representative")
"""Roles that take no part in judging; no setting makes them assessors."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key. `known` are the words of a choice, `low` and `high` the bounds of a whole number.

    `usual` says what holds when the key is left out; a `required` one has none.
    """

    meaning: str
    kind: Kind = "text"
    required: bool = False
    known: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    usual: str = ""


Keys = Mapping[str, Key]

PROFILE: Keys = {
    "extends": Key(meaning="a file of config/authorities/common/ that holds where this one is silent", usual="nothing"),
    "authority": Key(meaning="the authority's ONS code, such as E08000007", required=True),
    "name": Key(meaning="the authority's name, as people read it", required=True),
    "slug": Key(meaning="its short name, the same as the file's", required=True),
    "in_use": Key(
        meaning="whether its records are taken and delivered; false while it is being prepared",
        kind="flag",
        required=True,
    ),
    "case_system": Key(meaning="the product's name, as people read it", required=True),
    "connector": Key(meaning="which kind of connector speaks to it", required=True),
    "records": Key(
        meaning="each record type it takes, or 'not_taken' for one that the extended file has",
        kind="section",
        required=True,
    ),
    "review": Key(meaning="how often it looks again, and whose work tray that goes to", kind="section", required=True),
    "support_plan": Key(meaning="what it decides about support plans", kind="section", required=True),
    "rules": Key(meaning="what it decides about the rules of docs/rules.md", kind="section", usual="as each says"),
    "connection": Key(
        meaning="where its case system is and who we are there; every value may be a reference",
        kind="section",
        required=True,
    ),
    "egress": Key(
        meaning="the only targets its connections may have",
        kind="section",
        usual="the connection's own address, where that is public",
    ),
    "documents": Key(meaning="where the rendered records are kept", kind="section", usual="in the case system"),
    "delivery": Key(meaning="how hard to press", kind="section", usual="as each says"),
    "retention": Key(meaning="how long the bridge keeps what it has delivered", kind="section", usual="as each says"),
    "synthetic": Key(
        meaning="a record about a test child of its own case system, sent again and again to try the whole way",
        kind="section",
        usual="none is sent",
    ),
    "confirmed": Key(
        meaning="keys that somebody has confirmed, as records.wise_assessment.label, each with who says so",
        kind="section",
        usual="all of it is to be confirmed",
    ),
}

SHARED = ("records", "review", "support_plan", "rules", "documents", "delivery", "retention")
"""What a file that others extend may hold. Who and where an authority is stands in its own file."""

RECORD: Keys = {
    "label": Key(meaning="the authority's own name for the form, on documents and screens", required=True),
    "mapping": Key(meaning="the mapping, as a path in config/mappings/", required=True),
    "target": Key(meaning="form, document type and the like, as the connector asks", kind="section", required=True),
    "templates": Key(meaning="the editions of its form that are in use", kind="texts", usual="any"),
}

REVIEW: Keys = {
    "interval_months": Key(meaning="months from one look to the next", kind="whole", required=True, low=1, high=12),
    "window_days": Key(
        meaning="days around the due date that count as on time", kind="whole", required=True, low=0, high=90
    ),
    "task": Key(meaning="what the task in the work tray needs, as the connector asks", kind="section", required=True),
    "reminders": Key(
        meaning="when it is told that a review is coming, due or late", kind="section", usual="as each says"
    ),
}

REMINDERS: Keys = {
    "soon_days": Key(
        meaning="days before the due date from which it may be told that the review is coming",
        kind="whole",
        usual=str(SOON_DAYS),
        low=1,
        high=EARLIEST_DAYS,
    ),
    "escalate_days": Key(
        meaning="days after the window until it is told once more that the review was not held",
        kind="whole",
        usual=str(ESCALATE_DAYS),
        low=1,
        high=90,
    ),
    "tray": Key(
        meaning="of what a task in the work tray tells",
        kind="choices",
        known=tuple(Stage),
        usual=" and ".join(TOLD_IN_TRAY),
    ),
}

SUPPORT_PLAN: Keys = {
    "items_max": Key(meaning="how many things a plan may hold at a time", kind="whole", required=True, low=1, high=50),
}

RULES: Keys = {
    "training": Key(
        meaning="what follows when no WISE training is registered before the assessment",
        kind="choice",
        known=("reject", "hold", "warn"),
        usual="reject",
    ),
    "training_same_day": Key(
        meaning="whether training on the day of the assessment counts", kind="flag", usual="false"
    ),
    "nhs_number": Key(
        meaning="whether a record needs the NHS number, or a reason for leaving it out",
        kind="choice",
        known=("optional", "required"),
        usual="optional",
    ),
    "nhs_number_faulty": Key(
        meaning="what follows when the number is wrong",
        kind="choice",
        known=("reject", "leave_out"),
        usual="reject",
    ),
    "age_reasons": Key(
        meaning="reasons that allow an age outside 11 to 18", kind="choices", known=OUT_OF_USUAL_AGE, usual="all"
    ),
    "deputies": Key(
        meaning="roles that may assess beside social workers",
        kind="choices",
        known=tuple(role for role in ROLES if role not in _NEVER_DEPUTIES),
        usual="none",
    ),
    "panels": Key(meaning="the names of its panels", kind="texts", usual="any"),
    "child_id": Key(
        meaning="the form of its child references, as a regular expression",
        kind="pattern",
        usual="up to 20 letters and digits",
    ),
    "language_advice": Key(meaning="whether wording is advised on", kind="flag", usual="true"),
}

DELIVERY: Keys = {
    "in_flight": Key(meaning="deliveries under way at once", kind="whole", low=1, high=64, usual="4"),
    "answer_within_minutes": Key(
        meaning="how long an answer may take before a person looks", kind="whole", low=1, high=10_080, usual="30"
    ),
    "quiet_seconds": Key(
        meaning="how long 'not there' must hold before it is believed", kind="whole", low=1, high=86_400, usual="300"
    ),
    "poll_seconds": Key(meaning="how often an answer is asked for", kind="whole", low=1, high=86_400, usual="60"),
}

RETENTION: Keys = {
    "body_days": Key(
        meaning="days from the proof of delivery until a record's body is shredded",
        kind="whole",
        low=0,
        high=BODY_DAYS_MAX,
        usual=str(BODY_DAYS),
    ),
}

SYNTHETIC: Keys = {
    "child": Key(meaning="the test child's reference in its case system; never a real young person's", required=True),
    "date_of_birth": Key(
        meaning="the test child's date of birth there; it has to make them 11 to 18", kind="date", required=True
    ),
    "every_minutes": Key(meaning="from one record to the next", kind="whole", low=15, high=1_440, usual="60"),
    "late_after_minutes": Key(
        meaning="how long one may take before somebody is told", kind="whole", low=1, high=1_440, usual="15"
    ),
    "withdraw": Key(
        meaning="whether each is withdrawn once it has arrived; false where the case system takes no withdrawals",
        kind="flag",
        usual="true",
    ),
}

DOCUMENTS: Keys = {
    "in": Key(meaning="case_system, none, or the kind of a document system of their own", required=True),
    "connection": Key(meaning="where that document system is; as above", kind="section", usual="none is needed"),
    "target": Key(meaning="what it files a document as, as its connector asks", kind="section", usual="none is needed"),
}

EGRESS_RULE: Keys = {
    name: Key(
        meaning=key.meaning,
        kind="texts" if key.several else "flag" if name.startswith("loopback") else "text",
        required=key.required,
        usual="" if key.required else "false" if name.startswith("loopback") else "public addresses",
    )
    for name, key in EGRESS.items()
}

FORMAT: Mapping[str, Keys] = {
    "": PROFILE,
    "records.<record>": RECORD,
    "review": REVIEW,
    "review.reminders": REMINDERS,
    "support_plan": SUPPORT_PLAN,
    "rules": RULES,
    "documents": DOCUMENTS,
    "egress[]": EGRESS_RULE,
    "delivery": DELIVERY,
    "retention": RETENTION,
    "synthetic": SYNTHETIC,
}
"""Every section by its place."""
