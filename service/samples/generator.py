"""Sample records: fictional, varied and valid. The same setting and seed make the same records, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from service.domain.codes import RECORD_TYPES
from service.samples.dice import Dice
from service.samples.draft import Draft
from service.samples.nwg import nwg_assessment
from service.samples.rise import rise_meeting_output
from service.samples.setting import Child, Setting
from service.samples.wise import wise_assessment

ALL = "all"

MAKERS: Mapping[str, Callable[[Draft], dict[str, Any]]] = {
    "wise_assessment": wise_assessment,
    "rise_meeting_output": rise_meeting_output,
    "nwg_assessment": nwg_assessment,
}

_LETTERS = {"wise_assessment": "W", "rise_meeting_output": "R", "nwg_assessment": "N"}


def record_types(setting: Setting, wanted: str = ALL) -> tuple[str, ...]:
    """The kinds to make: the one that is wanted, or all that the authority takes."""
    taken = tuple(each for each in RECORD_TYPES if each in (setting.policy.instruments or RECORD_TYPES))
    return taken if wanted == ALL else (wanted,)


def samples(setting: Setting, *, count: int, seed: int, record_type: str = ALL) -> Iterator[dict[str, Any]]:
    """`count` records as they would be posted, one after another; with `all`, the kinds take turns.

    A record does not depend on how many others are made, unless young people were given to take turns. `ValueError`
    when no child reference can be made up in the authority's form.
    """
    kinds = record_types(setting, record_type)
    for number in range(count):
        turn = number // len(setting.children) if setting.children else 0
        yield _sample(setting, kinds[(number + turn) % len(kinds)], seed, number, count)


def _sample(setting: Setting, kind: str, seed: int, number: int, count: int) -> dict[str, Any]:
    dice = Dice(f"{seed}/{setting.policy.authority}/{kind}/{number}")
    first, last = _days(setting, number, count)
    is_later = bool(setting.children) and number >= len(setting.children)
    draft = Draft(
        setting=setting,
        seed=seed,
        record_type=kind,
        submission_id=f"{setting.prefix.upper()}-S{seed}-{_LETTERS[kind]}{number:05}",
        child=_child(setting, seed, number),
        completed_on=dice.day(first, last),
        dice=dice,
        is_review=dice.happens(0.5) or is_later,
    )
    return MAKERS[kind](draft)


def _child(setting: Setting, seed: int, number: int) -> Child:
    if setting.children:
        return setting.children[number % len(setting.children)]
    return Child(setting.child_id(seed, number + 1))


def _days(setting: Setting, number: int, count: int) -> tuple[date, date]:
    """The span a record falls into: where young people take turns, each round is later than the one before."""
    first, last = setting.days
    if not setting.children:
        return first, last
    rounds = -(-count // len(setting.children))
    length, turn = (last - first) / rounds, number // len(setting.children)
    return first + length * turn, first + length * (turn + 1)
