"""The state table as a page: a diagram, who keeps an eye on what, every state × every event, and every reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from service.domain.delivery.failures import FAILURES
from service.domain.delivery.machine import MEANING, TABLE, Event, Move
from service.domain.delivery.reasons import WORDS
from service.domain.delivery.states import KEEPING, TERMINAL, State

_HEAD = """# Delivery states

Drawn by `wise-bridge deliveries states --write docs/delivery-states.md` from `service/domain/delivery/`; a test holds
this page against it. The database refuses every move that is not in here, whoever asks. What officers can do is in
[held-and-replay.md](held-and-replay.md).
"""


def page() -> str:
    """Markdown, with a Mermaid diagram."""
    parts = (
        (_HEAD,),
        _section("The moves", _diagram()),
        _section("Who keeps an eye on what", _keeping()),
        _section("What can happen", _events()),
        _section("Every state, every event", _table()),
        _section("Refused, and why", _refusals()),
        _section("Every reason", _reasons()),
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {title}"
    yield from lines
    yield ""


def _diagram() -> Iterator[str]:
    yield from ("", "```mermaid", "stateDiagram-v2", "    [*] --> ready", "    [*] --> needs_human: held by a rule")
    for before, after, events in _arrows():
        yield f"    {before} --> {after}: {', '.join(event.value for event in events)}"
    yield from (f"    {state} --> [*]" for state in State if state in TERMINAL)
    yield "```"


def _arrows() -> Iterator[tuple[State, State, list[Event]]]:
    """One for each pair of states, with all that leads from the one to the other."""
    for before in State:
        reached: dict[State, list[Event]] = {}
        for event, what in TABLE[before].items():
            if isinstance(what, Move):
                reached.setdefault(what.after, []).append(event)
        for after, events in reached.items():
            yield before, after, events


def _keeping() -> Iterator[str]:
    yield from _header("state", "means", "whose, unless its reason says otherwise", "no longer than", "alarm")
    for state, keeping in KEEPING.items():
        yield _row(f"`{state}`", keeping.meaning, keeping.owner.value, _span(keeping.max_age), keeping.alarm)
    for state in State:
        if state in TERMINAL:
            yield _row(f"`{state}`", "An end.", "–", "–", "–")


def _events() -> Iterator[str]:
    yield from _header("event", "means")
    yield from (_row(f"`{event}`", MEANING[event]) for event in Event)


def _table() -> Iterator[str]:
    """Total: a cell is a state with what must hold, or the number of a refusal."""
    numbers = {why: number for number, why in enumerate(_whys(), 1)}
    yield from _header("event", *(f"`{state}`" for state in State))
    for event in Event:
        cells = []
        for state in State:
            what = TABLE[state][event]
            if isinstance(what, Move):
                cells.append(f"→ **{what.after}**" + (f": {what.guard}" if what.guard else ""))
            else:
                cells.append(f"no ({numbers[what.why]})")
        yield _row(f"`{event}`", *cells)


def _refusals() -> Iterator[str]:
    yield ""
    yield from (f"{number}. {why}" for number, why in enumerate(_whys(), 1))


def _whys() -> list[str]:
    found = [what.why for event in Event for state in State if not isinstance(what := TABLE[state][event], Move)]
    return list(dict.fromkeys(found))


def _reasons() -> Iterator[str]:
    """With what follows for the delivery and for its lane when an attempt ends like this."""
    yield from _header("reason", "in words", "whose", "the delivery", "the lane")
    for reason, (owner, words) in WORDS.items():
        failure = FAILURES[reason]
        yield _row(f"`{reason}`", words, owner.value, failure.course.value, failure.weight.value)


def _header(*names: str) -> Iterator[str]:
    yield from ("", _row(*names), "|" + "---|" * len(names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} hours"
