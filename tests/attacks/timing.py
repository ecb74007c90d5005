"""Whether the time tells what is another's from what is not there."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter

from tests.attacks.belongings import missing, shown
from tests.attacks.outcome import Line
from tests.attacks.probing import OTHER, Numbers, Probing
from tests.attacks.significance import holm, signed_rank
from tests.tenants.matrix import Address

SIGNIFICANT = 0.01


def timed(probing: Probing) -> tuple[list[Line], list[str]]:
    """Foreign and missing in pairs, whichever first by chance, all addresses mixed; their answers compared as well.

    Its owner's own against what is not there is timed beside them: where that shows no difference, none would show.
    """
    chance = random.Random(19)
    ways = [
        (address, method)
        for address in probing.addresses
        for method in ("GET", "POST")
        if address.is_of_something and method in address.methods
    ]
    rounds = [number for number in range(len(ways)) for _ in range(probing.numbers.pairs)]
    chance.shuffle(rounds)
    took: dict[int, list[float]] = {number: [] for number in range(len(ways))}
    control: list[float] = []
    unlike = Counter[int]()
    for number in rounds:
        difference, alike = _pair(probing, OTHER, *ways[number], chance)
        took[number].append(difference)
        unlike[number] += not alike
        if len(control) < probing.numbers.pairs:
            control.append(_pair(probing, "owner", _known(probing), "GET", chance)[0])
    corrected = holm([signed_rank(each) for each in took.values()])
    lines = [
        _of_time(f"{method} {address.rule}", took[number], corrected[number], unlike[number], probing.numbers)
        for number, (address, method) in enumerate(ways)
    ]
    lines.append(_control(control, probing.numbers))
    spread = statistics.median(statistics.quantiles(each, n=4)[2] - statistics.quantiles(each, n=4)[0] for each in
                               took.values()) * 1e3  # fmt: skip
    return lines, [
        f"{len(rounds):,} pairs at {len(ways)} addresses; the smallest p after Holm is {min(corrected):.3f}.",
        f"Half of the pairs at an address differ by chance within {spread:.1f} ms: what is much less than that, "
        f"divided by the root of {probing.numbers.pairs}, would not be seen.",
    ]


def _known(probing: Probing) -> Address:
    return next(each for each in probing.addresses if each.rule == "/v1/submissions/<receipt_id>")


def _of_time(name: str, took: list[float], p: float, unlike: int, numbers: Numbers) -> Line:
    line = Line(f"time: {name}", f"median {statistics.median(took) * 1e6:+.0f} µs, p {p:.2f}", 0)
    if numbers.judged and p < SIGNIFICANT:
        line.wrong = "what is another's takes another time than what is not there"
    if unlike:
        line.wrong = f"{unlike} of {len(took)} pairs were answered differently"
    return line


def _control(took: list[float], numbers: Numbers) -> Line:
    p = signed_rank(took)
    line = Line("… its owner's own against none", f"median {statistics.median(took) * 1e6:+.0f} µs, p {p:.1e}", 0)
    if numbers.judged and p >= SIGNIFICANT:
        line.wrong = "a difference that is there is not seen, so none would be"
    return line


def _pair(probing: Probing, who: str, address: Address, method: str, chance: random.Random) -> tuple[float, bool]:
    """Seconds that what is there took longer, and whether both were answered alike."""
    took, answers = {}, {}
    things = {"there": probing.own, "missing": missing(probing.own)}
    for kind in chance.sample(sorted(things), 2):
        asked = probing.named(address, method, things[kind])
        began = time.perf_counter()
        answer = probing.ask(who, *asked)
        took[kind] = time.perf_counter() - began
        answers[kind] = shown(answer, things[kind])
    return took["there"] - took["missing"], answers["there"] == answers["missing"]
