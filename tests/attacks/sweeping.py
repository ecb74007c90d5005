"""The search for marks, wherever they must not be; each kind of place with what shows that something is found there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests

from tests.attacks import cores
from tests.attacks.canary_world import CanaryWorld
from tests.attacks.marks import Found, Mark, below
from tests.attacks.outcome import Line
from tests.attacks.planting import MARK

KNOWN = Mark("Vx3Known7")
SCHEMAS = ("casework", "central", "training")


def swept(world: CanaryWorld, crashed: list[Path], answers: list[str]) -> Iterator[Line]:
    """Every place. `crashed` are pictures of our processes, `answers` those that were no success."""
    _put_known(world)
    logs = [*below(world.stack.folder / "logs"), world.stack.postgres.log_path, world.stack.valkey.log_path]
    yield _line("the logs of all processes", MARK.in_files("logs", logs))
    written = b"canary_refused" in world.stack.postgres.log_path.read_bytes()
    asked = b"/v1/wise-assessments" in (world.stack.folder / "logs" / "casework.log").read_bytes()
    yield _control("the logs: the constraint's name and the address", {"all"} if written and asked else set(), ["all"])
    with world.database() as admin:
        yield from _lines("rows as text", _rows(admin), expected=["public"])
        admin.execute("CHECKPOINT")
        folder = Path(str(admin.execute("SHOW data_directory").fetchall()[0][0]))
    yield from _lines_of_files("PostgreSQL's folder, its log of changes too", folder, ["base", "pg_wal"])
    yield from _lines_of_files("the broker's files after BGSAVE", world.stack.valkey.data_dir, [""])
    yield from _lines_of_files("what was said to the broker", world.heard.parent, [""], only=world.heard)
    yield from _lines_of_files("temporary files", world.temporary, [""])
    yield from _pictures(world, crashed)
    yield _line("answers that were no success", MARK.in_text("answers", answers))
    yield _line("the Hub's answers", MARK.in_text("hub", world.hub_answers()))
    metrics = requests.get(f"{world.stack.casework_url}/metrics", timeout=30)
    metrics.raise_for_status()
    yield _line("metrics", MARK.in_text("metrics", [metrics.text]))
    yield _line("lists and feeds", MARK.in_text("feeds", _feeds(world)))
    yield _line("trails and checkpoints", MARK.in_files("trails", _trails(world)))
    yield _line("command lines and environments", MARK.in_text("processes", _processes(world)))


def _put_known(world: CanaryWorld) -> None:
    (world.temporary / "known").write_text(KNOWN.stem)
    world.sql("CREATE TABLE public.known_words (word text)")
    world.sql("INSERT INTO public.known_words VALUES (%s)", KNOWN.stem)
    with world.broker() as broker:
        broker.set("known", KNOWN.stem)
        broker.bgsave()
        world.wait(lambda: not broker.info("persistence")["rdb_bgsave_in_progress"], 60, "BGSAVE")


def _line(place: str, found: Found) -> Line:
    line = Line(place, f"{found.looked_at:,} read, {found.read / 1e6:,.1f} MB", 0)
    line.wrong = "; ".join(found.places[:8]) or ("" if found.looked_at else "there was nothing to search")
    return line


def _rows(admin: psycopg.Connection[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    """Every row of every table as text, compressed values in clear, with its schema."""
    tables = admin.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)", ([*SCHEMAS, "public"],)
    ).fetchall()
    for schema, table in tables:
        for (row,) in admin.execute(f'SELECT t::text FROM {schema}."{table}" t'):  # type: ignore[arg-type]
            yield schema, f"{table} {row}"


def _lines(place: str, rows: Iterable[tuple[str, str]], expected: list[str]) -> Iterator[Line]:
    kept = list(rows)
    yield _line(place, MARK.in_text("rows", (row for _, row in kept)))
    seen = {schema for schema, row in kept if KNOWN.forms_in(row.encode())}
    yield _control(place, seen, expected)


def _lines_of_files(place: str, folder: Path, expected: list[str], only: Path | None = None) -> Iterator[Line]:
    files = [only] if only else list(below(folder))
    yield _line(place, MARK.in_files(folder.name, files))
    seen = {path.relative_to(folder).parts[0] if expected != [""] else "" for path in _holding(files)}
    yield _control(place, seen, expected)


def _holding(files: Iterable[Path]) -> Iterator[Path]:
    yield from (path for path in files if KNOWN.in_files("", [path]).places)


def _control(place: str, seen: set[str], expected: list[str]) -> Line:
    held = set(expected) <= seen
    return Line(f"… the known text in {place}", "found" if held else "not found", 0, "" if held else "the search fails")


def _pictures(world: CanaryWorld, crashed: list[Path]) -> Iterator[Line]:
    """What the crashes left, and what one of a helper leaves that holds the known text."""
    if why := cores.seen_here():
        yield Line("pictures of memory", why, 0)
        return
    found = MARK.in_files("", crashed)
    line = Line("pictures of memory", f"{len(crashed)} written, {found.read / 1e6:,.1f} MB", 0)
    line.wrong = f"{len(crashed)} pictures of our processes: {'; '.join(found.places)}" if crashed else ""
    yield line
    with cores.allowed():
        held = cores.of_a_helper(KNOWN.stem, world.temporary)
    yield _control("a picture of memory", {"" for each in _holding(held)}, [""])
    for each in (*crashed, *held):
        each.unlink()


def _feeds(world: CanaryWorld) -> Iterator[str]:
    """What an authority hears about its own records: no word of them. Raises `RuntimeError` where nothing is heard."""
    for town in world.towns:
        for query in ("limit=200", "state=needs_human&limit=200", "changed_since="):
            status, said = world.ledger.ask("GET", town.code, f"/v1/submissions?{query}")
            if status != 200:
                raise RuntimeError(f"the list of {town.code} was answered {status}")
            yield json.dumps(said)


def _trails(world: CanaryWorld) -> list[Path]:
    folder = world.folder / "trails"
    folder.mkdir()
    for town in world.towns:
        world.stack.wise_bridge("audit", "export", "--authority", town.code, "--out", str(folder / town.code))
    return [*below(folder, world.stack.folder / "checkpoints")]


def _processes(world: CanaryWorld) -> Iterator[str]:
    """Of all that this run has started."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            yield " ".join([*child.cmdline(), *child.environ().values()])
