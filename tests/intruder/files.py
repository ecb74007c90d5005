"""T5 on files: what is served in other forms must be the same figures, and nothing more. In any form, nothing hides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from tests.intruder.archives import members, package_faults
from tests.intruder.claims import Claims
from tests.intruder.client import Client
from tests.intruder.queries import RELEASES, ROOT
from tests.intruder.reading import SeenTable
from tests.intruder.texts import long_faults
from tests.intruder.workbook import workbook_faults

IN_TURN = 4
"""Of the tables' own CSV files so many are asked for that this number of seeds has them all, where not all are."""


def attack(
    client: Client, releases: Mapping[str, Sequence[SeenTable]], claims: Claims, *, seed: int, thorough: bool
) -> None:
    """The spreadsheet, the data package, the long CSV, and each table's CSV: alone as in the package.

    `releases`: their tables in the order of the menu. A Hub that has no list of releases has no files either.
    """
    if client.get("/v1/releases").status == 404:
        return
    for release, tables in releases.items():
        package = _whole(client, release, "data-package.zip", claims)
        long = _whole(client, release, "all.csv", claims)
        _note(claims, f"{release} data-package.zip", package_faults(tables, package))
        _note(claims, f"{release} all.csv", long_faults(tables, long))
        _note(claims, f"{release} tables.xlsx", workbook_faults(tables, _whole(client, release, "tables.xlsx", claims)))
        held = members(package)
        alone = {"all.csv": long, "data-dictionary.csv": _whole(client, release, "data-dictionary.csv", claims)}
        for number, table in enumerate(tables):
            if thorough or (number + seed) % IN_TURN == 0:
                alone |= _alone(client, release, table.table, claims)
        other = [name for name, body in alone.items() if held.get(name) != body]
        _note(claims, f"{release} data-package.zip", [f"{name}: other bytes than alone" for name in other])


def _alone(client: Client, release: str, table: str, claims: Claims) -> dict[str, bytes]:
    """A table's two CSV files by their names in the package."""
    found = {}
    for ending in (".csv", ".meta.csv"):
        answer = client.get(f"{ROOT}/{table}{ending}?{urlencode({'release': release})}")
        claims.tried["T5 CSV files"] += 1
        found[f"tables/{table}{ending}"] = answer.body if answer.status == 200 else b""
    return found


def _whole(client: Client, release: str, name: str, claims: Claims) -> bytes:
    answer = client.get(f"{RELEASES}/{release}/{name}")
    claims.tried["T5 files"] += 1
    if answer.status != 200:
        claims.odd("T5", f"{release} {name}", f"answered {answer.status}")
        return b""
    return answer.body


def _note(claims: Claims, place: str, faults: Sequence[str]) -> None:
    for fault in faults:
        claims.odd("T5", place, fault)
