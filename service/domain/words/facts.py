"""The fact in plain English: a title and, for each of its codes, words. What is not known is never worded as no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.domain.fact import CODES, FIELDS, NOT_YET, Fact
from service.domain.words import authority_words
from service.domain.words.values import VALUES

_UNKNOWN = {"not_recorded": "Not recorded"}
_UNASKED = {"not_asked": "This kind of record does not ask"}
_YES_NO = {"yes": "Yes", "no": "No", **_UNKNOWN}
_FIRST = {"first": "This is the first record"}
_EDUCATION = {
    "attending": "Enrolled and attending",
    "low_attendance": "Enrolled, with low attendance",
    "not_attending": "Not on a school roll, or not in school, education or training",
    "work_or_training": "In work, education or training at 16 or over",
}

TITLES: Mapping[str, str] = {
    "quarter": "Quarter of completion",
    "authority": "Authority",
    "record_type": "Kind of record",
    "first_or_review": "First or review",
    "review_trigger": "Why it was held",
    "exploitation": "Exploitation statement",
    "forms": "Forms of exploitation",
    "age_band": "Age on the day",
    "sex": "Sex",
    "ethnic_group": "Ethnic group",
    "disability": "Disability",
    "looked_after": "Looked after",
    "review_timeliness": "Whether the review was in time",
    "took_part": "How the young person took part",
    "carer_involved": "Whether parents or carers were involved",
    "own_words": "The young person's own words",
    "areas_complete": "Areas of focus with every heading filled in",
    "plan_items": "Things still to be done in the support plan",
    "panel_decision": "Panel decision",
    "agencies": "Agencies that met",
    "supervision": "Reflection in the meeting",
    "training_current": "Whether the assessor's training held",
    "characteristics": "How many of the five characteristics are recorded",
    "education": "Education, training or work",
    "exploitation_before": "Exploitation statement before",
    "education_before": "Education, training or work before",
    "succeeded_in": "Quarter of the young person's next record",
}

LABELS: Mapping[str, Mapping[str, str]] = {
    "record_type": VALUES["RECORD_TYPES"],
    "first_or_review": {"first": "First record", "review": "Review"},
    "review_trigger": {
        "initial": "The first record",
        "scheduled": "It was due",
        "significant_event": "Something significant had happened",
        "change_in_circumstances": "Circumstances had changed",
        **_UNKNOWN,
    },
    "exploitation": {**VALUES["EXPLOITATION"], **_UNASKED},
    "forms": {
        "sexual": "Sexual exploitation, alone or with others than criminal",
        "criminal": "Criminal exploitation or county lines, alone or with others than sexual",
        "sexual_and_criminal": "Sexual and criminal exploitation",
        "other": "Other forms only",
        **_UNKNOWN,
        **_UNASKED,
    },
    "age_band": {
        "under_10": "Under 10",
        "10_13": "10 to 13",
        "14_15": "14 or 15",
        "16_17": "16 or 17",
        "18_plus": "18 or over",
        **_UNKNOWN,
    },
    "sex": {"F": "Female", "M": "Male", **_UNKNOWN},
    "ethnic_group": {
        "white_british": "White British",
        "white_minority": "White Irish, Traveller, Gypsy, Roma or other White",
        "mixed": "Mixed",
        "asian": "Asian, Chinese included",
        "black": "Black",
        "other": "Another ethnic group",
        **_UNKNOWN,
    },
    "disability": _YES_NO,
    "looked_after": _YES_NO,
    "review_timeliness": {
        "early": "Before the window around the day it was due",
        "on_time": "Within the window around the day it was due",
        "late_up_to_14_days": "Up to 14 days after the window",
        "late_over_14_days": "More than 14 days after the window",
        **_UNKNOWN,
        "not_a_review": "Not a review",
    },
    "took_part": {
        "attended": "Was there, or in a WISE conversation",
        "by_other_means": "Through an advocate or in another way",
        "did_not": "Was not there and was not heard",
        "under_4": "Under 4 at the time",
        **_UNKNOWN,
    },
    "carer_involved": {"yes": "Yes", "no": "No", "not_safe": "It is not safe to involve them", **_UNKNOWN},
    "own_words": {"yes": "There are some", "no": "There are none yet", **_UNASKED},
    "areas_complete": {"all": "All four", "some": "Some of the four", "none": "None of the four", **_UNASKED},
    "plan_items": {"none": "None", "1_to_3": "1 to 3", "4_to_6": "4 to 6", "7_or_more": "7 or more", **_UNASKED},
    "panel_decision": {**VALUES["PANEL_DECISIONS"], **_UNKNOWN},
    "agencies": {"one": "One", "two_or_three": "Two or three", "four_or_more": "Four or more", **_UNASKED},
    "supervision": _YES_NO,
    "training_current": {"yes": "Yes", "no": "It had ended", **_UNKNOWN},
    "characteristics": {"all_recorded": "All", "some_recorded": "Some", "none_recorded": "None"},
    "education": {**_EDUCATION, **_UNKNOWN, **_UNASKED},
    "exploitation_before": {**VALUES["EXPLOITATION"], **_FIRST, **_UNKNOWN, **_UNASKED},
    "education_before": {**_EDUCATION, **_FIRST, **_UNKNOWN, **_UNASKED},
}


def in_words(fact: Fact) -> Iterator[tuple[str, str, str]]:
    """(title, code, words) for every field; no words for a quarter, which says itself."""
    for name in FIELDS:
        code = getattr(fact, name)
        yield TITLES[name], code, _said(name, code)


def table() -> Iterator[str]:
    """The lines of the table in docs/fact.md: every field, its title and its codes."""
    yield "| field | what it says | values |"
    yield "|---|---|---|"
    forms = {"quarter": "`2026Q3`", "authority": "`E08000007`", "succeeded_in": f"`2026Q4`, `{NOT_YET}`"}
    for name in FIELDS:
        values = forms.get(name) or "; ".join(f"`{code}` {LABELS[name][code]}" for code in CODES[name])
        yield f"| `{name}` | {TITLES[name]} | {values} |"


def _said(name: str, code: str) -> str:
    if name == "authority":
        return authority_words(code)
    if name == "succeeded_in" and code == NOT_YET:
        return "There is no later record"
    return LABELS[name][code] if name in LABELS else ""
