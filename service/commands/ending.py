"""What `wise-bridge purge run` does besides bodies: records are forgotten, and the beginnings of trails cut off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from service.commands.adapter.showing import console, table
from service.domain.retention import STAYS_MEANING
from service.ports.ends import TrailEnd
from service.usecases.ends import Forgetter, Left, TrailCutter

WHY = {
    "legal_hold": "a legal hold is in force",
    "record_here": "a record from then is still here",
}
"""Why entries wait that are older than six years."""


@dataclass(frozen=True)
class Cut:
    """One trail: what stood before, and how many entries went."""

    authority: str
    before: TrailEnd
    gone: int


def forgotten(forgetter: Forgetter, authorities: Iterable[str], *, dry: bool) -> list[Left]:
    """For each authority."""
    return [(forgetter.dry_run if dry else forgetter.run)(each) for each in authorities]


def cut(cutter: TrailCutter, authorities: Sequence[str], *, dry: bool) -> list[Cut]:
    """For these authorities; where none is named, for everybody who has a trail."""
    wanted = authorities or list(cutter.authorities())
    if dry:
        return [Cut(each, cutter.dry_run(each), 0) for each in wanted]
    return [Cut(each, *cutter.run(each)) for each in wanted]


def show(left: Sequence[Left], cuts: Sequence[Cut], *, dry: bool) -> None:
    """Only what there is: where nothing is over, two sentences say so."""
    made = table("authority", "to forget", "forgotten", "entries over six years", "cut off", "stay for a reason")
    trails = {each.authority: each for each in cuts}
    for authority in sorted({*trails, *(each.authority for each in left)}):
        mine = next((each for each in left if each.authority == authority), Left(authority))
        trail = trails.get(authority, Cut(authority, TrailEnd(0), 0))
        over = trail.before.entries + trail.before.waiting
        if mine.due or mine.stays or over:
            reasons = "; ".join(_reasons(mine, trail)) or "none"
            made.add_row(authority, f"{mine.due:,}", f"{mine.forgotten:,}", f"{over:,}", f"{trail.gone:,}", reasons)
    if made.rows:
        console().print(made)
    records = sum(each.due if dry else each.forgotten for each in left)
    entries = sum(each.before.entries if dry else each.gone for each in cuts)
    would = "would be" if dry else "were"
    click.echo(f"{records:,} records {would} forgotten; {entries:,} entries of trails {would} cut off.")


def left_document(left: Left) -> dict[str, Any]:
    """For programs."""
    stays = {why.value: count for why, count in sorted(left.stays.items())}
    return {"due": left.due, "forgotten": left.forgotten, "stays": stays}


def cut_document(of: Cut) -> dict[str, Any]:
    """For programs."""
    return {"due": of.before.entries, "cut": of.gone, "waiting": of.before.waiting, "why": of.before.why}


def _reasons(left: Left, trail: Cut) -> Iterable[str]:
    yield from (f"{count:,}: {STAYS_MEANING[why]}" for why, count in sorted(left.stays.items()))
    if trail.before.waiting and trail.before.why:
        yield f"{trail.before.waiting:,} entries: {WHY[trail.before.why]}"
