"""T6: asks for everything that is not on the menu, and for what is on it again and again, as two clients."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import combinations
from random import Random
from urllib.parse import quote, urlencode

from tests.intruder.claims import Claims
from tests.intruder.client import Client
from tests.intruder.reading import Menu

ROOT, RELEASES = "/v1/aggregates", "/v1/releases"
FILES = ("tables.xlsx", "data-package.zip", "all.csv", "data-dictionary.json", "data-dictionary.csv")
OTHER_FILES = (
    "facts.csv",
    "all.json",
    "tables.xlsm",
    "all.csv.bak",
    "..%2f..%2ffacts",
    "build.json",
    "data-package.tar",
)
TRIED = {
    "authority": "E08000007",
    "quarter": "2024Q4",
    "exploitation": "experiencing",
    "age_band": "14_15",
    "sex": "F",
    "where": "sex=F",
    "filter": "sex:F",
    "axes": "authority,sex",
    "group_by": "sex",
    "fields": "value",
    "limit": "1",
    "offset": "1",
    "page": "2",
    "cursor": "MQ==",
    "sort": "value",
    "order": "desc",
    "top": "3",
    "format": "csv",
    "raw": "true",
    "unrounded": "1",
    "suppress": "false",
    "as_of": "2024Q4",
    "since": "2024-01-01",
    "debug": "1",
    "callback": "x",
}
BAD_RELEASES = ("", "latest", "1999Q1", "2099Q4", "2024Q5", "2024q4", "２０２４Q4", "2024Q4,2025Q1", "*", "2024Q4'--")
OTHER_PATHS = ("fact", "facts", "raw", "..%2fadmin", "builds", "drafts", "by-school", "young-people-by-postcode")
SOME = 30
"""So many questions and addresses of each kind are tried where not all are."""
METHODS = ("POST", "PUT", "PATCH", "DELETE")


def attack(client: Client, other: Client, menu: Menu, claims: Claims, *, seed: int, thorough: bool) -> None:
    """Only 4xx where nothing is on the menu; the same bytes where something is."""
    random = Random(seed)
    questions = _refused(menu, random)
    for path in questions if thorough else random.sample(questions, min(SOME, len(questions))):
        claims.tried["T6 questions"] += 1
        _must_refuse(client, "GET", path, claims)
    for method in METHODS:
        _must_refuse(client, method, f"{ROOT}/{menu.tables[0]}", claims)
    with closing(Client(client.base_url, "not-a-token")) as nobody:
        _must_refuse(nobody, "GET", ROOT, claims)
    addresses = served(menu)
    _same_bytes(
        client, other, addresses if thorough else random.sample(addresses, min(SOME, len(addresses))), claims, random
    )


def served(menu: Menu) -> list[str]:
    """Every address there is for figures."""
    releases = [f"?{urlencode({'release': each})}" for each in menu.releases]
    forms = [f"{ROOT}/{table}{form}" for table in menu.tables for form in ("", ".csv", ".meta.csv")]
    paths = [f"{form}{release}" for form in forms for release in releases]
    files = [f"{RELEASES}/{each}{file}" for each in menu.releases for file in ("", *(f"/{name}" for name in FILES))]
    return [ROOT, RELEASES, *paths, *files]


def _refused(menu: Menu, random: Random) -> list[str]:
    """Each parameter alone on every table, pairs of them, releases there are not, twice the same, and other tables."""
    addresses = [f"{ROOT}/{table}" for table in menu.tables]
    alone = [f"{address}?{urlencode({name: value})}" for address in addresses for name, value in TRIED.items()]
    pairs = [
        f"{random.choice(addresses)}?{urlencode({one: TRIED[one], other: TRIED[other]})}"
        for one, other in combinations(TRIED, 2)
    ]
    known = menu.releases[-1]
    with_release = [f"{random.choice(addresses)}?{urlencode({'release': known, name: TRIED[name]})}" for name in TRIED]
    releases = [f"{addresses[0]}?{urlencode({'release': each})}" for each in BAD_RELEASES]
    twice = [f"{addresses[0]}?release={known}&release={each}" for each in (known, "1999Q1")]
    spelt = [f"{addresses[0]}?Release={known}", f"{addresses[0]}/", f"{addresses[0]}/total", addresses[0].upper()]
    other = [*(f"{ROOT}/{each}" for each in OTHER_PATHS), *_refused_files(known, random)]
    return alone + pairs + with_release + releases + twice + spelt + other


def _refused_files(release: str, random: Random) -> list[str]:
    """Files there are not, of releases there are not, and files that are there with every parameter."""
    files = [f"{RELEASES}/{release}/{name}" for name in FILES]
    there = [f"{random.choice(files)}?{urlencode({name: value})}" for name, value in TRIED.items()]
    absent = [f"{RELEASES}/{release}/{name}" for name in OTHER_FILES]
    return [*there, *absent, *(f"{RELEASES}/{quote(each)}/all.csv" for each in BAD_RELEASES if each)]


def _must_refuse(client: Client, method: str, path: str, claims: Claims) -> None:
    answer = client.get(path, method=method)
    if not 400 <= answer.status < 500:
        claims.odd("T6", f"{method} {path}", f"answered {answer.status}")


def _same_bytes(client: Client, other: Client, paths: Sequence[str], claims: Claims, random: Random) -> None:
    """In one order as one client, in another as the other, and a third time compressed or not as it likes."""
    first = {path: client.get(path) for path in paths}
    for asked in (other, client):
        for path in random.sample(paths, len(paths)):
            claims.tried["T6 repeats"] += 1
            again = asked.get(path)
            if (again.status, again.body, again.header("ETag")) != (
                first[path].status,
                first[path].body,
                first[path].header("ETag"),
            ):
                claims.odd("T6", path, "other bytes for another caller, order or repetition")
