"""Which value of the fact each code of a record's lists becomes. Total over every edition; a test keeps it so."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from service.domain.fact import NOT_RECORDED, FactRefused

ETHNIC_GROUP: Mapping[str, str] = {
    "WBRI": "white_british",
    **dict.fromkeys(("WIRI", "WIRT", "WROM", "WOTH"), "white_minority"),
    **dict.fromkeys(("MWBC", "MWBA", "MWAS", "MOTH"), "mixed"),
    **dict.fromkeys(("AIND", "APKN", "ABAN", "CHNE", "AOTH"), "asian"),
    **dict.fromkeys(("BCRB", "BAFR", "BOTH"), "black"),
    "OOTH": "other",
    **dict.fromkeys(("REFU", "NOBT"), NOT_RECORDED),
}
"""The groups of the census, but for white: Irish, Traveller and Roma people would vanish beside white British."""

SEX: Mapping[str, str] = {"F": "F", "M": "M", "U": NOT_RECORDED}

LOOKED_AFTER: Mapping[str, str] = {"yes": "yes", "no": "no", "unknown": NOT_RECORDED}

TOOK_PART: Mapping[str, str] = {
    "PN0": "under_4",
    **dict.fromkeys(("PN1", "PN2", "PN3", "PN4", "wise_conversation"), "attended"),
    **dict.fromkeys(("PN5", "PN6"), "by_other_means"),
    "PN7": "did_not",
}
"""PN4 was there and was not heard: whether somebody was heard is not what this field says."""

EDUCATION: Mapping[str, str] = {
    "enrolled_attending": "attending",
    "enrolled_low_attendance": "low_attendance",
    **dict.fromkeys(("excluded_or_suspended", "home_educated", "not_on_roll", "G4", "G5", "G6"), "not_attending"),
    **dict.fromkeys(("F1", "P1", "F2", "P2", "F4", "P4", "F5", "P5"), "work_or_training"),
    "unknown": NOT_RECORDED,
}

PANEL_DECISION: Mapping[str, str] = {
    name: name for name in ("referred", "not_referred", "deferred", "not_considered")
}  # fmt: skip

REVIEW_TRIGGER: Mapping[str, str] = {
    **{name: name for name in ("scheduled", "significant_event", "change_in_circumstances")},
    "initial": NOT_RECORDED,
}
"""Of a review: one that says it is the initial assessment has not said why it is held."""

FORM: Mapping[str, str] = {
    "sexual": "sexual",
    **dict.fromkeys(("criminal", "county_lines"), "criminal"),
    **dict.fromkeys(
        ("trafficking", "modern_slavery", "financial", "online", "radicalisation", "other"),
        "other",
    ),
    "not_yet_known": NOT_RECORDED,
}
"""Of one form; `forms` of several."""

DISABILITY: Mapping[str, str] = {
    "NONE": "no",
    **dict.fromkeys(
        ("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA"),
        "yes",
    ),
}

CARER_METHOD: Mapping[str, str] = {
    **dict.fromkeys(("conversation", "meeting", "phone_or_video", "writing", "through_advocate"), "yes"),
    "none": "no",
}


def grouped(field: str, table: Mapping[str, str], code: object) -> str:
    """The group of a code, `not_recorded` where the record has none. Raises `FactRefused` for one without a group."""
    if code is None:
        return NOT_RECORDED
    if not (isinstance(code, str) and code in table):
        raise FactRefused((field,))
    return table[code]


def forms(codes: Collection[object]) -> str:
    """Sexual and criminal come first, since the approach is about them; the others are counted together."""
    found = {grouped("forms", FORM, code) for code in codes} - {NOT_RECORDED}
    if {"sexual", "criminal"} <= found:
        return "sexual_and_criminal"
    return next((form for form in ("sexual", "criminal", "other") if form in found), NOT_RECORDED)


def disability(codes: Collection[object]) -> str:
    """An empty list says nothing; `NONE` says no."""
    found = {grouped("disability", DISABILITY, code) for code in codes}
    return "yes" if "yes" in found else "no" if found else NOT_RECORDED


def age_band(age: int | None) -> str:
    """By completed years on the day of the assessment."""
    if age is None or age < 0:
        return NOT_RECORDED
    bands = ((10, "under_10"), (14, "10_13"), (16, "14_15"), (18, "16_17"))
    return next((band for below, band in bands if age < below), "18_plus")


def plan_items(count: int) -> str:
    """The plan's cap is four things, unless an authority says otherwise."""
    bands = ((1, "none"), (4, "1_to_3"), (7, "4_to_6"))
    return next((band for below, band in bands if count < below), "7_or_more")


def agencies(count: int) -> str:
    """How many different agencies met."""
    return "one" if count <= 1 else "two_or_three" if count <= 3 else "four_or_more"
