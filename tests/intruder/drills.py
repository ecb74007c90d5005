"""T9 to T11, from inside: facts that are no facts, solvers that fail, and a ledger that is restarted and raced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from random import Random
from typing import Any

import highspy

from service.domain.fact import Fact
from tests.intruder.client import Client
from tests.intruder.codes import CODES, FIELDS
from tests.intruder.cohort import QUARTERS, RELEASES, Cohort
from tests.intruder.harness import Harness, RealHarness
from tests.intruder.intruder import menu
from tests.intruder.judge import Breach
from tests.intruder.queries import served

WRONG = (
    "",
    " ",
    "x" * 4000,
    "free words about somebody",
    "\u0430t_risk",  # a Cyrillic letter
    "at_risk\u200b",
    "ＡＴ_RISK",
    "yes\n",
    None,
    7,
    ("yes",),
)

BAD_ENDINGS = tuple(
    each
    for _, each in sorted(highspy.HighsModelStatus.__members__.items())
    if each != highspy.HighsModelStatus.kOptimal
)
"""Everything that HiGHS can say but that it found the optimum."""
BAD_WHILE_AUDITING = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnknown,
    highspy.HighsModelStatus.kSolveError,
)
"""Some of them: each takes a build of its own, since a build is audited once."""


def schema(
    made: Cohort, *, seed: int, tries: int = 300, take: Callable[..., object] = Fact
) -> tuple[int, list[Breach]]:
    """T9. How many were tried, and those that were taken. `take` makes a fact of codes by field, or raises."""
    random, rows = Random(seed), sorted(made.standing(QUARTERS[-1]))
    taken = []
    for _ in range(tries if rows else 0):
        codes: dict[str, Any] = dict(zip(FIELDS, random.choice(rows), strict=True))
        field = random.choice(FIELDS)
        codes[field] = random.choice((*WRONG, codes[field] + " ", random.choice(CODES["ethnic_group"]) + "_"))
        taken += _taken(take, codes, field)
        taken += _taken(take, {**codes, "note": "a"}, "note")
    return 2 * tries, taken


def _taken(take: Callable[..., object], codes: dict[str, Any], field: str) -> list[Breach]:
    """Refusing is right. So is refusing an unknown field by its very name, which Python does."""
    try:
        take(**codes)
    except (ValueError, TypeError):
        return []
    return [Breach("T9", field, "a fact with a value that is no code was taken")]


def fail_closed(harness: RealHarness, made: Cohort) -> tuple[int, list[Breach]]:
    """T10. Every way in which a solver can end badly, while building or while auditing: nothing may be released.

    And of no facts at all only symbols. How many were tried; nought where even a sound solver releases nothing, so
    that a refusal would prove nothing.
    """
    harness.clear()
    _until(harness, made, RELEASES[0])
    for status in BAD_ENDINGS:
        with _ending(status):
            if not _refused(lambda: harness.release(RELEASES[0])):
                return 1, [Breach("T10", status.name, "was released although the solver gave no optimum")]
    breaches = failing_audits(harness, made)
    if _refused(lambda: harness.release(RELEASES[0])):
        return 0, breaches
    return len(BAD_ENDINGS) + len(BAD_WHILE_AUDITING) + 1, breaches + of_no_facts(harness)


def failing_audits(harness: RealHarness, made: Cohort) -> list[Breach]:
    """The part of T10 in which the release was built by a sound solver."""
    harness.clear()
    _until(harness, made, RELEASES[0])
    desk, breaches = harness.desk(RELEASES[0]), []
    for status in BAD_WHILE_AUDITING:
        desk.build(RELEASES[0], by="Fictional Builder")
        with _ending(status):
            if not _refused(lambda: "" if desk.audit(RELEASES[0]).passed else "refused"):
                breaches.append(Breach("T10", status.name, "passed the audit although its solver gave no optimum"))
    return breaches


def of_no_facts(harness: Harness) -> list[Breach]:
    """Only symbols. Where it was refused nothing was seen, which proves nothing: that fails too."""
    harness.clear()
    if harness.release(RELEASES[0]):
        return [Breach("T10", "no facts", "nothing was released, so nothing was seen")]
    shown = _bytes(harness)
    if not shown:
        return [Breach("T10", "no facts", "nothing was served, so nothing was seen")]
    if any(b'"status":"rounded"' in body.replace(b" ", b"") for body in shown):
        return [Breach("T10", "no facts", "a release of no facts shows a figure")]
    return []


def ledger(harness: RealHarness, made: Cohort) -> tuple[int, list[Breach]]:
    """T11. Published by several at once, again, and served by another process: one release, the same bytes."""
    harness.clear()
    _until(harness, made, RELEASES[0])
    desk = harness.desk(RELEASES[0])
    desk.build(RELEASES[0], by="Fictional Builder")
    if not desk.audit(RELEASES[0]).passed:
        return 0, []
    desk.approve(RELEASES[0], by="Fictional Approver", digest=desk.standing(RELEASES[0]).build.digest)
    with ThreadPoolExecutor(4) as pool:
        races = [pool.submit(_refused, lambda: _publish(harness)) for _ in range(4)]
    published = sum(not race.result() for race in races)
    breaches = [] if published == 1 else [Breach("T11", "publishing at once", f"{published} of four were published")]
    first = _bytes(harness)
    harness.take_in(Counter(), Counter([sorted(made.standing(QUARTERS[-1]))[0]]))
    if not _refused(lambda: harness.release(RELEASES[0])):
        breaches.append(Breach("T11", "again", "a release was made a second time"))
    if _bytes(harness) != first:
        breaches.append(Breach("T11", "restart", "other bytes after a restart and a late fact"))
    if fault := harness.desk(RELEASES[0]).verify():
        breaches.append(Breach("T11", "verify", fault))
    return 4, breaches


def _until(harness: RealHarness, made: Cohort, quarter: str) -> None:
    for step in made.steps:
        if step.quarter <= quarter:
            harness.take_in(step.taken_back, step.handed_over)


def _publish(harness: RealHarness) -> str:
    harness.desk(RELEASES[0]).publish(RELEASES[0], by="Fictional Approver")
    return ""


def _refused(attempt: Callable[[], str]) -> bool:
    """Whether it said why not, or raised: either way nothing was published."""
    try:
        return bool(attempt())
    except Exception:  # noqa: BLE001 # whatever it is, it stopped the release
        return True


@contextmanager
def _ending(status: highspy.HighsModelStatus) -> Iterator[None]:
    """Every solver of this process says that it ended so."""
    kept = highspy.Highs.getModelStatus
    highspy.Highs.getModelStatus = lambda _self: status
    try:
        yield
    finally:
        highspy.Highs.getModelStatus = kept


def _answers(client: Client) -> list[Any]:
    there = menu(client)
    return [client.get(path) for path in served(there)] if there.releases else []


def _bytes(harness: Harness) -> list[bytes]:
    with harness.serving() as there, closing(Client(there.base_url, there.token)) as client:
        return [answer.body for answer in _answers(client)]
