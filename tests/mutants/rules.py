# ruff: noqa: E501 - code as it stands there
"""The safety rules, what the code would be without each, and which tests must then fail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """`before` stands once in `file`; `after` takes its place. `tests` are run, and at least one has to fail."""

    rule: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def mutated(self) -> str:
        """The file without the rule. Raises `SystemExit` when it has moved, and the list has to follow."""
        text = (ROOT / self.file).read_text(encoding="utf-8")
        if (times := text.count(self.before)) != 1:
            raise SystemExit(f"“{self.rule}”: what is to be taken out stands {times} times in {self.file}.")
        return text.replace(self.before, self.after)


CLAIMS, DELIVER, OUTCOME = "service/store/claims.py", "service/usecases/deliver.py", "service/usecases/outcome.py"

MUTANTS = (
    Mutant(
        "a claim is conditional: due, free and next",
        CLAIMS,
        "        .where(delivery.c.authority == _AUTHORITY, CLAIMABLE, ~BEHIND_EARLIER)\n        .where(delivery.c.may_have",
        "        .where(delivery.c.authority == _AUTHORITY)\n        .where(delivery.c.may_have",
        ("tests/store/test_claims.py",),
    ),
    Mutant(
        "order is kept per young person",
        CLAIMS,
        "        .where(delivery.c.authority == _AUTHORITY, CLAIMABLE, ~BEHIND_EARLIER)\n        .where(delivery.c.may_have",
        "        .where(delivery.c.authority == _AUTHORITY, CLAIMABLE)\n        .where(delivery.c.may_have",
        ("tests/store/test_claims.py",),
    ),
    Mutant(
        "the cap in flight is seen by every claim: claims of one lane take turns",
        "service/store/lanes.py",
        "        free = slots(breaker, cooled=cooled, in_flight=in_flight, limit=in_flight_max)",
        "        free = in_flight_max",
        ("tests/store/test_claims.py", "tests/store/test_lanes.py"),
    ),
    Mutant(
        "an attempt is counted before the work",
        CLAIMS,
        "            attempts=delivery.c.attempts + 1,\n",
        "",
        ("tests/store/test_claims.py", "tests/usecases/test_deliver_dying.py"),
    ),
    Mutant(
        "fencing: who lost a delivery can't end it",
        CLAIMS,
        '    delivery.c.fence == bindparam("_fence"),\n',
        "",
        ("tests/store/test_settling.py", "tests/usecases/test_deliver_dying.py"),
    ),
    Mutant(
        "“sending” is committed before the first byte",
        DELIVER,
        "        self._at = monotonic()\n        note()\n",
        "        self._at = monotonic()\n",
        ("tests/usecases/test_deliver_dying.py", "tests/usecases/test_deliver.py"),
    ),
    Mutant(
        "acknowledged after the commit: an outcome is kept before it counts",
        DELIVER,
        "            kept = tx.deliveries.settle(claim, settlement, entry, in_flight_max=in_flight_max)\n",
        "            kept = True\n",
        ("tests/usecases/test_deliver.py",),
    ),
    Mutant(
        "an unclear outcome is looked up before anything is sent again",
        DELIVER,
        "            if claim.may_have_arrived:\n",
        "            if claim.may_have_arrived and False:\n",
        ("tests/usecases/test_deliver_dying.py",),
    ),
    Mutant(
        "“not there” is believed only when asked twice",
        OUTCOME,
        "ABSENCES_NEEDED = 2",
        "ABSENCES_NEEDED = 1",
        ("tests/usecases/test_deliver.py", "tests/usecases/test_deliver_dying.py"),
    ),
    Mutant(
        "a quiet period lies before each look-up",
        OUTCOME,
        "        due_in=timedelta(seconds=pace.quiet),\n",
        "",
        ("tests/usecases/test_deliver.py", "tests/usecases/test_any_schedule.py"),
    ),
    Mutant(
        "a time-out is not a failure: it is unknown",
        "service/adapters/http/causes.py",
        "    return OutcomeUnknown(Reason.NO_CLEAR_ANSWER, cause.value)",
        "    return NothingSent(Reason.UNAVAILABLE, cause.value)",
        ("tests/adapters/test_http_client.py",),
    ),
    Mutant(
        "a lane that is closed for all burns no attempts",
        OUTCOME,
        "    failures = claim.failures + (0 if claim.probing else 1)",
        "    failures = claim.failures + 1",
        ("tests/usecases", "tests/store/test_lanes.py"),
    ),
    Mutant(
        "half open lets exactly one through",
        "service/domain/delivery/breaker.py",
        "        return 1 if cooled and in_flight == 0 else 0",
        "        return limit if cooled else 0",
        ("tests/domain/test_breaker.py",),
    ),
    Mutant(
        "the kill switch is seen between two steps",
        "service/store/lanes.py",
        "or_(lane.c.hold == Hold.STOPPED.value, ",
        'or_(lane.c.hold == "-", ',
        ("tests/store/test_lanes.py",),
    ),
    Mutant(
        "a record that stops workers is kept apart",
        OUTCOME,
        "    return claim.deaths >= DEATHS_MAX or claim.lapses >= LAPSES_MAX",
        "    return False",
        ("tests/usecases/test_deliver_dying.py",),
    ),
    Mutant(
        "the database refuses a move that is not in the table",
        "migrations/versions/0007_lanes.py",
        "    IF NOT (OLD.state || ' ' || NEW.state = ANY (ARRAY[",
        "    IF false AND NOT (OLD.state || ' ' || NEW.state = ANY (ARRAY[",
        ("tests/store/test_moves_in_database.py",),
    ),
    Mutant(
        "the same record twice is one record",
        "service/store/intake_sql.py",
        "    ON CONFLICT ON CONSTRAINT uq_submission_sender_ref DO NOTHING\n    RETURNING id, authority, record_type",
        "    RETURNING id, authority, record_type",
        ("tests/store/test_intake.py",),
    ),
    Mutant(
        "review dates are anchored, not chained",
        "service/domain/london.py",
        "    years, month = divmod(anchor.month - 1 + months, 12)\n",
        "    if months > 1:\n        return add_months(add_months(anchor, months - 1), 1)\n"
        "    years, month = divmod(anchor.month - 1 + months, 12)\n",
        ("tests/domain/test_reviews.py",),
    ),
)
