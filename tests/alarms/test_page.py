"""docs/alarms.md says what the code does."""

from __future__ import annotations

import re

from service.api.metrics import _metrics
from service.domain.alarm_kinds import GUIDANCE
from service.domain.delivery import KEEPING, Keeping
from service.usecases.health import _CHECKED, Pulses
from tests.alarms.facts import BRIDGE, LANE
from tests.architecture.project import ROOT

PAGE = (ROOT / "docs" / "alarms.md").read_text() if (ROOT / "docs" / "alarms.md").exists() else ""


def age(keeping: Keeping) -> str:
    minutes = int(keeping.max_age.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


def test_every_alarm_with_its_sentence_owner_and_what_to_do() -> None:
    rows = [
        f"| `{kind.value}` | {each.sentence} | {each.owner.value} | {each.to_do} |" for kind, each in GUIDANCE.items()
    ]
    told = re.findall(r"^\| `[a-z_]+` \| [A-Z].*\|$", PAGE, re.MULTILINE)
    assert told == rows


def test_every_open_state_with_its_age() -> None:
    rows = [f"| {state.value} | {age(each)} | {each.owner.value} | {each.meaning} |" for state, each in KEEPING.items()]
    assert "\n".join(rows) in PAGE


def test_every_metric_and_every_check() -> None:
    made = {each.name for each in _metrics(Pulses(BRIDGE, {LANE.authority: LANE}))}
    assert set(re.findall(r"^\| `(wise_bridge_\w+)`", PAGE, re.MULTILINE)) == made
    for name in ("database", "sweeps", *_CHECKED, "alarms"):
        assert f"`{name}`" in PAGE
