"""sqlmap over every string there is: each parameter of each published address, each text of a record, the sign-in."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import requests

from tests.attacks.outcome import Line
from tests.attacks.target import CASEWORK, HUB_SIDE, Target
from tests.support.records import ADDRESS, example

READERS = {CASEWORK: "authority, everything", HUB_SIDE: "Hub, everything"}
FOUND = re.compile(r"^\s*Type: |identified the following injection point|is vulnerable", re.MULTILINE)
FAILED = re.compile(r"\b5\d\d \([A-Z][^)]*\) - \d+ times")
"""What it says at its end of answers that were a fault of ours."""
OURS = "400,401,403,404,409,410,415,422"
"""Answers that are right for what it asks, and must not make it stop."""
KINDS = {"wise": "wise_assessment", "rise": "rise_meeting_output", "nwg": "nwg_assessment"}
MINUTES = 45


def lines(target: Target, sqlmap: str) -> Iterator[Line]:
    """One for each address, each kind of record, and the sign-in."""
    for side, kind in READERS.items():
        document = requests.get(f"{target.url(side)}/openapi.json", timeout=60).json()
        for path, methods in document["paths"].items():
            asked = methods.get("get", {}).get("parameters", [])
            if address := marked(path, asked, target.places):
                yield _tried(target, sqlmap, f"{path} ({side})", target.url(side) + address, kind)
    numbers = count(1)
    for name, record_type in KINDS.items():
        record = example(name, submission_id=f"MAP-{next(numbers)}")
        options = ["--data", json.dumps(in_every_text(record)), "--headers", "Content-Type: application/json"]
        url = target.url(CASEWORK) + ADDRESS[record_type]
        yield _tried(target, sqlmap, f"every text of a {record_type}", url, READERS[CASEWORK], *options)
    form = "grant_type=client_credentials&client_id=x*&client_secret=x*&scope=x*"
    yield _tried(target, sqlmap, "the sign-in", f"{target.url(CASEWORK)}/oauth/token", "", "--data", form)


def marked(path: str, parameters: list[Mapping[str, Any]], places: Mapping[str, list[str]]) -> str:
    """The address with sqlmap's mark behind each value; empty where it takes none."""
    inside = [each for each in parameters if each["in"] == "path"]
    behind = [each for each in parameters if each["in"] == "query"]
    for each in inside:
        path = path.replace("{" + each["name"] + "}", places.get(each["name"], ["x"])[0] + "*")
    asked = "&".join(f"{each['name']}={_value(each['schema'])}*" for each in behind)
    return (path + (f"?{asked}" if asked else "")) if inside or behind else ""


def _value(schema: Mapping[str, Any]) -> str:
    if choices := schema.get("enum"):
        return str(choices[0])
    return {"date": "2026-12-14"}.get(schema.get("format", ""), "1")


def in_every_text(value: Any) -> Any:
    """A copy with sqlmap's mark at the end of each text."""
    if isinstance(value, dict):
        return {key: in_every_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [in_every_text(each) for each in value]
    return f"{value.replace('*', '')}*" if isinstance(value, str) else value


def _tried(target: Target, sqlmap: str, what: str, url: str, kind: str, *options: str) -> Line:
    began, sign_in = time.monotonic(), target.headers(kind)
    argv = [
        sqlmap, "-u", url, "--batch", "--level", "2", "--risk", "1", "--dbms", "PostgreSQL", "--technique", "BEU",
        "--ignore-code", OURS, "--flush-session", "--disable-coloring", "--output-dir", str(target.folder / "sqlmap"),
        *_with_sign_in(list(options), sign_in),
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60 * MINUTES, cwd=target.folder)
    tried = done.stdout.count("testing '")
    line = Line(f"sqlmap at {what}", f"{tried} kinds of test", time.monotonic() - began)
    line.wrong = judged(done.stdout, tried)
    return line


def _with_sign_in(options: list[str], sign_in: Mapping[str, str]) -> list[str]:
    """sqlmap takes all headers in one option."""
    lines_of = [f"{name}: {value}" for name, value in sign_in.items()]
    if "--headers" in options:
        at = options.index("--headers") + 1
        options[at] = "\n".join([options[at], *lines_of])
        return options
    return [*options, "--headers", "\n".join(lines_of)] if lines_of else options


def judged(said: str, tried: int) -> str:
    """What is wrong by its own words; empty for nothing."""
    if FOUND.search(said):
        return "an injection point"
    if failed := FAILED.search(said):
        return f"answers of ours: {failed[0]}"
    return "" if tried else f"it tried nothing: {said[-300:]}"
