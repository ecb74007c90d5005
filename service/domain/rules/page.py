"""The catalogue of rules as a page for people: docs/rules.md is what this renders, and a test keeps it so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain import codes
from service.domain.policy import Policy, Result
from service.domain.rules import RULES, Rule
from service.domain.rules.elsewhere import ELSEWHERE, NO_RULE

_TOP = """# Rules

Made from the catalogue in `service/domain/rules/` by `python -m service.domain.rules > docs/rules.md`; change the rule,
not this page. Every rule says what is wrong and what to do, and none repeats a value of the record. All that is wrong
is told at once, one message a place.

| what happens | means |
|---|---|
| **refused** | The record is not kept. Correct it and send it again. |
| **held** | The record is kept and waits for a person: a part of it is in no copy, or (training) nothing is sent. |
| told | The record is accepted, and the sender is told. |
| *the authority decides* | One of the three, by its profile; what holds if the profile is silent is named. |

In the columns “says” and “what to do”, … stands for what the bridge fills in: a date, a list, a place.
"""
_HEAD = ("| rule | why | what happens | says | what to do | for |", "|---|---|---|---|---|---|")
_WORDS = {Result.REJECT: "**refused**", Result.HOLD: "**held**", Result.WARN: "told"}
_KEPT_WORDS = {"reject": "**refused**", "hold": "**held**", "accept": "accepted"}
_SHORT = {"wise_assessment": "WISE", "rise_meeting_output": "RISE", "nwg_assessment": "NWG"}
_DEFAULT = Policy("", "")

SECTIONS: dict[str, str] = {
    "X": "What is happening, in words",
    "A": "The areas of focus",
    "V": "The young person's voice, and sharing",
    "Y": "The young person's reference",
    "TP": "People and places that may pose risk",
    "P": "The plan and the panel",
    "R": "Reviews",
    "W": "Who assesses",
    "T": "Training",
    "M": "The RISE meeting",
    "N": "The NWG assessment",
    "E": "Dates",
    "K": "Kinds, editions and versions",
    "L": "Wording",
}
"""By the letters that codes begin with, the young person's affairs first."""

SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("training", "T1: refuse, hold or accept a record whose assessor's training is not registered", _DEFAULT.training),
    ("training_same_day", "T1: whether training on the very day counts", "no"),
    ("nhs_number", "Y1b: whether the NHS number, or a reason without it, is `required` or `optional`", "optional"),
    ("nhs_number_faulty", "Y1: `reject` the record, or `leave_out` the number and say so", "reject"),
    ("age_reasons", "Y3: which reasons for an unusual age are in use", "all of the list"),
    ("deputies", "W1, M6: roles that may assess beside social workers", "none"),
    ("panels", "P4: the names of its panels", "any name"),
    ("child_id", "Y5: the form of its child references, as a regular expression", "1 to 20 letters and digits"),
    ("language_advice", "L-1: whether wording is advised on", "yes"),
)


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((_TOP, *_catalogue(), *_elsewhere(), *_none(), *_settings()))


def _catalogue() -> Iterator[str]:
    for letters, title in SECTIONS.items():
        yield from (f"## {title}", "", *_HEAD)
        found = [rule for rule in RULES if _letters(rule.code) == letters]
        yield from (_line(rule) for rule in sorted(found, key=lambda rule: _natural(rule.code)))
        yield ""


def _line(rule: Rule) -> str:
    why = (rule.check.__doc__ or "").split("\n")[0]
    return _row(rule.code, why, _happens(rule), _shown(rule.detail), _shown(rule.fix), _records(rule))


def _happens(rule: Rule) -> str:
    words = _WORDS[rule.result(_DEFAULT)]
    return f"*the authority decides*; if it is silent: {words}" if rule.chosen_by_authority else words


def _records(rule: Rule) -> str:
    if set(rule.record_types) == set(codes.RECORD_TYPES):
        return "all"
    return ", ".join(_SHORT[name] for name in rule.record_types)


def _elsewhere() -> Iterator[str]:
    yield from ("## Kept elsewhere", "", _HEAD[0].replace("| for |", "| where |"), _HEAD[1])
    for each in ELSEWHERE:
        yield _row(each.code, each.why, _KEPT_WORDS[each.result], each.says, each.fix, each.where)
    yield ""


def _none() -> Iterator[str]:
    yield from ("## No rule, on purpose", "", "| code | what holds |", "|---|---|")
    yield from (_row(code, holds) for code, holds in NO_RULE)
    yield ""


def _settings() -> Iterator[str]:
    yield from ("## What an authority decides", "")
    yield from ("In the section `rules` of its profile; each line may be left out.", "")
    yield from ("| line | what it decides | without it |", "|---|---|---|")
    yield from (_row(f"`{name}`", what, str(default)) for name, what, default in SETTINGS)
    yield from (
        "",
        f"`support_plan.items_max` is the cap of rule P2 (without it {_DEFAULT.plan_items_max}), "
        f"`review.interval_months` and `review.window_days` are those of rule R1 ({_DEFAULT.review_months} months, "
        f"{_DEFAULT.review_window_days} days), and `templates` of a record are what rule K-3 knows.",
        "",
    )


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shown(words: str) -> str:
    return re.sub(r"\{\w+\}", "…", words)


def _letters(code: str) -> str:
    return re.split(r"[-0-9]", code)[0]


def _natural(code: str) -> tuple[int, str]:
    """X-9 before X-10, and Y1 before Y1b."""
    number = re.search(r"[0-9]+", code)
    return int(number[0]) if number else 0, code
