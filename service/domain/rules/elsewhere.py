"""The rules that other parts of the bridge keep, and those that are none on purpose, for docs/rules.md."""

from __future__ import annotations

from dataclasses import dataclass

STRUCTURE, DOOR, DELIVERY, COPIES = "structure", "intake", "delivery", "copies"


@dataclass(frozen=True)
class Kept:
    """One rule that is no function of the catalogue: where it is kept, and what it says and asks for."""

    code: str
    why: str
    result: str
    says: str
    fix: str
    where: str


_NO_SCORE = "WISE doesn't use scores or high/medium/low."
_INSTEAD = "Record what is happening in `/exploitation/category` and explain in `/exploitation/narrative`."

ELSEWHERE: tuple[Kept, ...] = (
    Kept("X-1", "Unknown fields may identify, and nothing is silently dropped.", "reject",
         "… isn't a field we accept. Names, addresses and phone numbers stay in your case system.",
         "Remove it, or check its spelling.", STRUCTURE),
    Kept("X-2", "A score, a rating, a colour, or high, medium or low as a whole value: what these records replaced.",
         "reject", _NO_SCORE, _INSTEAD, STRUCTURE),
    Kept("X-6", "A narrative of spaces or signs says nothing.", "reject", "This is empty.",
         "A short paragraph is enough.", STRUCTURE),
    Kept("X-10", "Stability is three narratives. A level would be a score again.", "reject", _NO_SCORE, _INSTEAD,
         STRUCTURE),
    Kept("M4", "A RISE is attached to an existing process, not another meeting on top.", "reject",
         "Say which existing meeting or process this RISE is part of.", "Fill in `/attached_to/process`.", STRUCTURE),
    Kept("N1", "The form has one opinion.", "reject", "Choose one.",
         "Give one of the five boxes of the professional opinion.", STRUCTURE),
    Kept("N2", "What the next worker will look for.", "reject", "This part of the plan is empty.",
         "Say it in a sentence; it is what the next worker will look for.", STRUCTURE),
    Kept("N3", "Not known is an answer, and never no.", "reject", "Answer yes, no or not known.",
         "'Not known' is fine.", STRUCTURE),
    Kept("K-4", "A record is judged by its own edition, so one of an unknown edition can't be judged.", "reject",
         "This edition of the record isn't known here.", "Known editions: ….", STRUCTURE),
    Kept("F-*", "Missing, null, of the wrong kind, not on a list, no date, too long, in another form, not confirmed "
         "(F-missing, F-null, F-type, F-code, F-date, F-number, F-length, F-format, F-confirm, F-many).", "reject",
         "What is wrong with it, in a sentence.", "How to write it.", STRUCTURE),
    Kept("I1", "A record sent again is the same record.", "accept", "The first receipt once more, with status 200.",
         "Nothing.", DOOR),
    Kept("I2", "One id, one content.", "reject", "That submission id was used for different content (409).",
         "Send a correction under a new id.", DOOR),
    Kept("S1", "No hint of what another authority knows.", "reject",
         "This client may send records for its own authority only (403).", "Use your own authority's client.", DOOR),
    Kept("C1", "A restriction must arrive with its record.", "hold",
         "Your system's link can't mark restricted records. Nothing was sent.", "A person files it.", DELIVERY),
    Kept("C2", "Nothing is dropped on the way.", "hold", "The profile has nowhere for a field, so it does not load.",
         "Map the field, or list it with a reason.", DELIVERY),
    Kept("TP1", "The family's copy needs a plain yes to whether it is safe.", "reject",
         "It isn't safe, or nobody has said that it is, to involve parents or carers.", "See audiences.md.", COPIES),
)  # fmt: skip

NO_RULE: tuple[tuple[str, str], ...] = (
    ("T2", "Nobody asks after the training of those who support or type in. Only the assessor's counts."),
    ("V6", "Consent to evaluation, absent or declined, never stands in the way of a record. It gates evaluation only."),
    ("R5", "A record of ended involvement is accepted, and no review is planned."),
    ("R6", "The date of the next review is computed: calendar months, held to the month's end."),
)
"""(code, what holds instead)."""
