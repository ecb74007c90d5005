"""The intruder from its first call to its last claim. It knows an address, a token and what is public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from urllib.parse import urlencode

from tests.intruder import attack, files, joiners, overlap, queries
from tests.intruder.claims import Claims, Knowledge
from tests.intruder.client import Client
from tests.intruder.codes import window
from tests.intruder.names import Book, book
from tests.intruder.reading import Menu, SeenTable, Unreadable, read_menu, read_table
from tests.intruder.view import view

STATEMENT = "exploitation"


def menu(client: Client) -> Menu:
    """What there is. Raises `Unreadable` when the Hub has no menu for us."""
    answer = client.get(queries.ROOT)
    if answer.status != 200:
        raise Unreadable(f"the menu answered {answer.status}")
    return read_menu(answer.body)


def intrude(client: Client, other: Client, known: Knowledge, *, seed: int = 0, thorough: bool = True) -> Claims:
    """Reads everything, and attacks: T1 to T6. T7 needs somebody who adds a fact meanwhile; see `channels`.

    Not `thorough`: of the questions off the menu and of the tables' own CSV files only some, by the seed.
    """
    claims, there = Claims(), menu(client)
    if not there.releases:
        return claims
    releases = {release: _tables(client, there, release, known, claims) for release in there.releases}
    kept = _book(releases, known)
    for release, tables in releases.items():
        attack.attack(view(release, tables, kept, known.rule), known, claims)
    for earlier, later in combinations(sorted(releases), 2):
        if (earlier, later) in known.moved:
            joiners.attack(releases[earlier], releases[later], kept, known, claims)
    overlap.attack(releases, kept, claims)
    files.attack(client, releases, claims, seed=seed, thorough=thorough)
    queries.attack(client, other, there, claims, seed=seed, thorough=thorough)
    _visible(releases[max(releases)], claims)
    return claims


def _tables(client: Client, there: Menu, release: str, known: Knowledge, claims: Claims) -> list[SeenTable]:
    found = []
    for name in there.tables:
        query = urlencode({"release": release})
        answer = client.get(f"{queries.ROOT}/{name}?{query}")
        if answer.status != 200:
            claims.odd("T5", f"{release} {name}", f"is on the menu and answers {answer.status}")
            continue
        found.append(read_table(answer.body, known.universes))
    return found


def _book(releases: Mapping[str, Sequence[SeenTable]], known: Knowledge) -> Book:
    """All quarters and authorities that can be in any of the releases."""
    axes = [axis for tables in releases.values() for table in tables for axis in table.axes]
    authorities = {
        each for axis in axes if axis.field == "authority" for values in axis.groups.values() for each in values
    }
    quarters = {quarter for release in releases for quarter in window(release)}
    return book(tuple(sorted(quarters)), tuple(sorted(authorities | {who for _, who in known.own})))


def _visible(tables: Sequence[SeenTable], claims: Claims) -> None:
    """How much a reader of the newest release sees: cells of groups, not totals, by kind of table."""
    for table in tables:
        fields = {axis.field for axis in table.axes}
        kinds = ["all"]
        if len(fields) == 1 and "authority" not in fields:
            kinds.append("region, one way")
        if fields == {"authority", STATEMENT}:
            kinds.append("authority by statement")
        inner = [cell for cell in table.cells if "total" not in cell.at]
        for kind in kinds:
            claims.cells[kind] += len(inner)
            claims.shown[kind] += sum(cell.value is not None for cell in inner)
