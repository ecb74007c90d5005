"""Which fields of a fact a table may be broken down by, and which never together. What is not listed here is closed."""

from __future__ import annotations

GIVEN_FIELDS = frozenset({"authority", "quarter"})
"""Their groups are not written down: the catalogue's authorities, and the four quarters of the period."""

UNIVERSE_FIELDS = ("record_type", "first_or_review")
"""What a universe may be narrowed by. All else that differs between kinds of records follows from these two."""

CHARACTERISTICS = frozenset({"age_band", "sex", "ethnic_group", "disability", "looked_after"})
"""Who the young person is."""

PRACTICE = frozenset(
    {
        "took_part",
        "carer_involved",
        "own_words",
        "areas_complete",
        "plan_items",
        "panel_decision",
        "agencies",
        "supervision",
        "training_current",
        "review_timeliness",
        "characteristics",
        "review_trigger",
    }
)
"""How the work was done. Crossed with who the young person is, it could point at one family's case."""

SENSITIVE_FIELDS = frozenset({"exploitation", "exploitation_before", "forms"})
"""Nobody in a group may be certain to have one value of these. It follows from the field, so no file can forget it."""

AXIS_FIELDS = (
    GIVEN_FIELDS
    | CHARACTERISTICS
    | PRACTICE
    | SENSITIVE_FIELDS
    | {"record_type", "first_or_review", "education", "education_before"}
)
"""`succeeded_in` is not among them: it says which fact stands for a young person, and would tell who came back."""
