"""The least hiding against every other choice there is, each judged by an attack that shares no code with it."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest

from service.central.protection import Key, Problem, ProtectionDoubt, protect, protecting
from service.central.protection.cuts import Cut, cut
from service.central.protection.intruder import Gap, Intruder
from service.central.protection.master import Master
from service.central.protection.optimum import hide_least
from service.central.protection.pattern import Pattern
from service.central.protection.primary import primary
from service.central.protection.secondary import hide_more, intruders, show_again
from tests.central.protection.attack import alike, is_safe, leaks
from tests.central.protection.made import linked, table

TOO_MUCH = table([[42, 22, 9], [38, 52, 31], [27, 33, 44]])
SMALL_TABLES = {
    "rounding is not enough": TOO_MUCH,
    "two are small": table([[42, 22, 9], [8, 52, 31], [27, 33, 44]]),
    "one is settled": replace(TOO_MUCH, fixed={(0, 0): 40}),
    "one is settled as hidden": replace(TOO_MUCH, fixed={(1, 1): None}),
    "linked": replace(linked(0, 60, 3), known=()),
    "insiders": linked(4, 40, 3, alike=0.8),
    "insiders and a group that is best hidden": linked(4, 100, 2, alike=0.9),
}


def begun(problem: Problem) -> tuple[list[Intruder], Pattern]:
    """Everybody, with nothing hidden but what is for its own sake."""
    pattern = Pattern(problem, primary(problem))
    return intruders(problem, pattern), pattern


def hidden(problem: Problem, pattern: Pattern) -> set[Key]:
    """What the pattern hides, and what no table shows."""
    return {*primary(problem), *(pattern.keys[at] for at in np.flatnonzero(pattern.is_hidden))}


def cost(problem: Problem, keys: set[Key]) -> float:
    """Of what is hidden for others' sake."""
    return sum(math.sqrt(1 + problem.counts[key]) for key in keys - set(primary(problem)))


def choices(problem: Problem) -> Iterator[set[Key]]:
    """Everything that could be hidden, whatever it costs."""
    first = primary(problem)
    free = [key for key in problem.counts if key not in first and key not in problem.fixed]
    for chosen in chain.from_iterable(combinations(free, number) for number in range(len(free) + 1)):
        yield {*first, *chosen}


@pytest.mark.parametrize("name", SMALL_TABLES)
def test_it_is_safe_and_no_safe_choice_is_cheaper(name: str) -> None:
    problem = SMALL_TABLES[name]
    everybody, pattern = begun(problem)
    assert hide_least(everybody, pattern)
    found = hidden(problem, pattern)
    cheaper = [each for each in choices(problem) if cost(problem, each) < cost(problem, found) - 1e-6]
    assert cheaper
    assert (leaks(problem, found), alike(problem, found)) == ([], [])
    assert not any(is_safe(problem, each) for each in cheaper)


def test_a_choice_that_falls_short_of_a_cut_is_not_safe_whatever_it_costs() -> None:
    problem = linked(2, 60, 3, alike=0.9)
    everybody, pattern = begun(problem)
    may_hide = ~pattern.says_nothing
    cuts = [cut(each, gap, pattern, may_hide) for each in everybody for gap in each.gaps(pattern)]
    pattern.is_hidden |= may_hide & (pattern.counts > 12)
    cuts += [cut(each, gap, pattern, may_hide) for each in everybody for gap in each.gaps(pattern)]
    short = [each for each in choices(problem) if any(_falls_short(pattern, one, each) for one in cuts)]
    assert short
    assert not any(is_safe(problem, each) for each in short)


def _falls_short(pattern: Pattern, one: Cut, keys: set[Key]) -> bool:
    is_hidden = np.array([key in keys for key in pattern.keys])
    if one.only_if is not None and not is_hidden[one.only_if]:
        return False
    return bool(one.parts[is_hidden].sum() < 1 - 1e-6)


def test_where_fractions_would_do_all_that_is_sure_is_that_one_more_must_be_hidden() -> None:
    (public,), pattern = begun(replace(TOO_MUCH, fixed={(0, 0): 40}))
    pattern.is_hidden[pattern.keys.index((0, 1))] = True
    may_hide = ~pattern.says_nothing
    found = cut(public, Gap(pattern.keys.index((0, 2)), needed=5, is_low=False), pattern, may_hide)
    assert (found.parts == may_hide).all()


def test_the_rule_of_thumb_can_be_dearer() -> None:
    problem = linked(4, 80, 3)
    everybody, pattern = begun(problem)
    _by_rule_of_thumb(everybody, pattern)
    assert cost(problem, set(protect(problem).hidden)) < cost(problem, hidden(problem, pattern)) - 1


def _by_rule_of_thumb(everybody: list[Intruder], pattern: Pattern) -> None:
    first = pattern.is_hidden.copy()
    hide_more(everybody, pattern)
    show_again(everybody, pattern, pattern.is_hidden & ~first)


@pytest.mark.parametrize("limit", [0, 1, 30])
def test_at_the_limit_nothing_more_is_hidden_and_the_rule_of_thumb_is_as_safe_as_ever(limit: int) -> None:
    problem = linked(5, 50, 3)
    everybody, pattern = begun(problem)
    before = pattern.is_hidden.copy()
    assert not hide_least(everybody, pattern, limit)
    assert (pattern.is_hidden == before).all()
    assert all(pattern.all_agree(each.tables).all() for each in everybody)
    _by_rule_of_thumb(everybody, pattern)
    assert (leaks(problem, hidden(problem, pattern)), alike(problem, hidden(problem, pattern))) == ([], [])


def test_what_has_too_many_figures_goes_by_the_rule_of_thumb(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody, pattern = begun(TOO_MUCH)
    _by_rule_of_thumb(everybody, pattern)
    monkeypatch.setattr(protecting, "FEW", 0)
    assert set(protect(TOO_MUCH).hidden) == hidden(TOO_MUCH, pattern)


def test_the_same_counts_give_the_same_answer() -> None:
    first, second = (protect(linked(4, 60, 3, alike=0.9)) for _ in range(2))
    assert list(first.hidden.items()) == list(second.hidden.items())


def test_what_cannot_be_protected_at_all_is_a_doubt() -> None:
    known = (frozenset({"most"}),)
    problem = Problem({"most": 3, "less": 2}, (), at_most=(("less", "most"),), known=known)
    assert not hide_least(*begun(problem))
    with pytest.raises(ProtectionDoubt):
        protect(problem)


def test_with_nothing_to_fulfil_nothing_is_hidden_and_what_nothing_fulfils_is_no_choice() -> None:
    master = Master(np.array([2.0, 3.0]), np.array([True, True]))
    assert _hides(master) == [False, False]
    master.add(Cut(np.array([0.4, 1.0])))
    assert _hides(master) == [False, True]
    master.add(Cut(np.array([0.0, 0.0]), only_if=1))
    assert _hides(master) is None


def _hides(master: Master) -> list[bool] | None:
    found = master.cheapest()
    return None if found is None else [bool(each) for each in found]
