"""Scenario 19: another authority, the Hub and nobody try to learn what Stockport has.

What is somebody else's must be as what is not there: in status, headers, body and in the time it takes. Nothing may be
told by a filter, a key that is taken, a cursor or an export.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from tests.api.test_feedback import FULL as FEEDBACK
from tests.api.test_supervision import FULL as SUPERVISION
from tests.attacks.belongings import guessed, missing, shown
from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.probing import OTHER, Numbers, Probing
from tests.attacks.target import CASEWORK, Target
from tests.attacks.timing import timed
from tests.support.bridge import SALFORD
from tests.support.records import example
from tests.tenants.matrix import Address
from tests.tenants.world import MALFORMED, another

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SIZES = {Size.SHORT: Numbers(0, 2, judged=False), Size.FULL: Numbers(8, 300, judged=True)}


def run(target: Target, effort: Effort) -> Report:
    """The matrix, the lists, the keys, the bodies; then the time."""
    report, probing = Report("cross_tenant"), Probing(target, SIZES[effort.size])
    report.lines += [_own_is_there(probing), *_matrix(probing), *_filters(probing), *_cursors(probing)]
    report.lines += [*_taken_keys(probing), *_bodies(probing), _metrics(probing)]
    lines, words = timed(probing)
    report.lines += lines
    report.remarks += [f"{probing.probes:,} probes.", *words]
    return report


def _own_is_there(probing: Probing) -> Line:
    """Otherwise all would be alike for want of anything to see."""
    began = time.monotonic()
    absent = {}
    for address in probing.addresses:
        if address.is_of_something and "GET" in address.methods:
            answer = probing.ask("owner", *probing.named(address, "GET", probing.own))
            if answer.status_code != 200:
                absent[address.rule] = answer.status_code
    return Line("its owner reads each thing", f"{len(probing.own)} things", time.monotonic() - began, str(absent or ""))


def _matrix(probing: Probing) -> Iterator[Line]:
    """Address by method by caller: the foreign thing against what is not there, cannot be, or lies beside it."""
    for who in probing.strangers():
        began, before, differing, statuses = time.monotonic(), probing.probes, [], Counter[int]()
        for address in (each for each in probing.addresses if each.is_of_something):
            for method in METHODS if probing.numbers.judged else METHODS[:2]:
                answers = [_shown(probing, who, address, method, named) for named in _namings(probing)]
                statuses[answers[0][0]] += len(answers)
                if any(each != answers[0] for each in answers) or answers[0][0] < 400:
                    differing.append(f"{method} {address.rule}: {sorted({each[0] for each in answers})}")
        told = ", ".join(f"{status} × {count}" for status, count in sorted(statuses.items()))
        said = f"{probing.probes - before:,} probes: {told}"
        yield Line(f"every thing, as {who}", said, time.monotonic() - began, "; ".join(differing[:5]))


def _namings(probing: Probing) -> Iterator[Mapping[str, str]]:
    own = probing.own
    yield own
    yield from (missing(own), another(MALFORMED, own))
    yield from (guessed(own, step) for step in range(1, probing.numbers.guesses + 1))
    yield from (missing(own) for _ in range(probing.numbers.guesses))


def _shown(probing: Probing, who: str, address: Address, method: str, named: Mapping[str, str]) -> tuple[Any, ...]:
    return shown(probing.ask(who, *probing.named(address, method, named)), named)


def _filters(probing: Probing) -> Iterator[Line]:
    """Every list, export and feed with every parameter there is, given what Stockport has and what nobody has."""
    known = [*probing.own.values(), "XT-HELD", "XT-PACK", "XTPACK001", "STK0000417", "stk-sw-21", "E08000007"]
    paths = requests.get(f"{probing.target.url(CASEWORK)}/openapi.json", timeout=60).json()["paths"]
    for who in (OTHER, "the Hub", "the Hub's trainer") if probing.numbers.judged else (OTHER,):
        began, before = time.monotonic(), probing.probes
        wrong: list[str] = []
        for path, methods in paths.items():
            if "{" in path or "get" not in methods or not path.startswith("/v1/"):
                continue
            names = [each["name"] for each in methods["get"].get("parameters", []) if each["in"] == "query"]
            for name in ("", *names):
                wrong += _filtered(probing, who, path, name, known)
        said = f"{probing.probes - before:,} probes"
        yield Line(f"lists, exports and feeds, as {who}", said, time.monotonic() - began, "; ".join(wrong[:5]))


def _filtered(probing: Probing, who: str, path: str, name: str, known: list[str]) -> Iterator[str]:
    nobodys = list(missing(probing.own).values())
    for number, value in enumerate(known if name else [""]):
        named = probing.ask(who, "GET", f"{path}?{name}={value}" if name else path)
        if held := [each for each in known[:-1] if each in named.text.replace(value or "@", "")]:
            yield f"{path} {name}: tells {len(held)} of Stockport's names"
        if name:
            nobody = nobodys[number % len(nobodys)]
            other = probing.ask(who, "GET", f"{path}?{name}={nobody}")
            if value != known[-1] and shown(named, {"": value}) != shown(other, {"": nobody}):
                yield f"{path} {name}: {named.status_code} for what is there and {other.status_code} for what is not"


def _cursors(probing: Probing) -> Iterator[Line]:
    """Those that Stockport was given. They must be given, or nothing would be tried."""
    for path in ("/v1/reviews?limit=1", "/v1/submissions?changed_since=&limit=1"):
        began = time.monotonic()
        onward = probing.ask("owner", "GET", path).json()["links"].get("next", "")
        line = Line(f"a cursor of {path}", "none was given", 0, "there was no cursor to try")
        if onward:
            theirs, ours = (probing.ask(who, "GET", onward) for who in ("owner", OTHER))
            line = Line(line.tried, f"{ours.status_code}, and {theirs.status_code} for its owner", 0)
            line.seconds = time.monotonic() - began
            if any(each in ours.text for each in probing.own.values()):
                line.wrong = "it opens what is Stockport's"
            elif not any(theirs.json().get(name) for name in ("reviews", "submissions")):
                line.wrong = "its owner sees nothing of their own with it, so nothing was tried"
        yield line


def _taken_keys(probing: Probing) -> Iterator[Line]:
    """A sender's own id that Stockport has used, against one that nobody has: the same answer, and a new thing."""
    keyed = {
        "/v1/wise-assessments": _record,
        "/v1/wise-assessments/validate": _record,
        "/v1/feedback": lambda key: {**FEEDBACK, "authority": SALFORD, "feedback_id": key},
        "/v1/reflective-supervisions": lambda key: {**SUPERVISION, "authority": SALFORD, "supervision_id": key},
    }
    taken = {"/v1/feedback": FEEDBACK["feedback_id"], "/v1/reflective-supervisions": SUPERVISION["supervision_id"]}
    for path, make in keyed.items():
        key = taken.get(path, "XT-PACK")
        yield _alike(probing, f"a key that is taken, at {path}", path, make(key), make(f"{key[:-1]}Z"))
    for path, name in (("/v1/feedback", "about_submission_id"), ("/v1/reflective-supervisions", "link_submission_id")):
        bodies = [{**keyed[path](f"XT-{key}"), name: key} for key in ("XT-PACK", "XT-NONE")]
        yield _alike(probing, f"{name} of Stockport's", path, *bodies)
    corrections = [_record("XT-C1", supersedes_submission_id=key, submission_kind="correction") for key in
                   ("XT-HELD", "XT-NONE")]  # fmt: skip
    yield _alike(probing, "a correction of Stockport's", "/v1/wise-assessments", *corrections, expected="K-5")
    yield _batch(probing)


def _record(key: str, **changes: Any) -> dict[str, Any]:
    record = example("wise", submission_id=key, authority=SALFORD, young_person__la_child_id="STK0000417", **changes)
    record["young_person"]["responsible_authority"] = SALFORD
    return record


def _alike(probing: Probing, what: str, path: str, taken: Any, free: Any, *, expected: str = "") -> Line:
    """Both, and that they came as far as the key: `expected` is the code of a rule, nothing for being taken."""
    began = time.monotonic()
    answers = [probing.ask(OTHER, "POST", path, body) for body in (taken, free)]
    line = Line(what, " and ".join(str(each.status_code) for each in answers), time.monotonic() - began)
    shapes = [_shape(each) for each in answers]
    line.wrong = "" if shapes[0] == shapes[1] else f"{shapes[0]} is not {shapes[1]}"
    codes = {each["code"] for each in answers[0].json().get("errors", [])}
    if codes != ({expected} if expected else set()) or (answers[0].ok == bool(expected)):
        line.wrong = f"it did not come as far as the key: {answers[0].status_code} {sorted(codes)}"
    return line


def _shape(answer: requests.Response) -> tuple[int, str]:
    """Status, and of what was made the names only: its ids and times are its own. Of a refusal everything."""
    body = answer.json()
    if answer.ok:
        return answer.status_code, str({name: bool(value) for name, value in sorted(body.items())})
    return answer.status_code, str({name: each for name, each in body.items() if name != "trace_id"})


def _batch(probing: Probing) -> Line:
    """The same key for a batch as Stockport has used with other content."""
    began = time.monotonic()
    probing.ask("owner", "POST", "/v1/batches", [example("wise", submission_id="XT-B1")], **{"Idempotency-Key": "XT"})
    given = [
        probing.ask(OTHER, "POST", "/v1/batches", [_record(f"XT-B{key}")], **{"Idempotency-Key": key})
        for key in ("XT", "XT-FREE")
    ]
    shapes = [(each.status_code, each.json().get("counts")) for each in given]
    line = Line("a batch's key that Stockport has used", str(shapes[0][0]), time.monotonic() - began)
    line.wrong = "" if shapes[0] == shapes[1] else f"{shapes[0]} is not {shapes[1]}"
    if (given[0].json().get("counts") or {}).get("received") != 1:
        line.wrong = f"it did not come as far as the key: {shapes[0]}"
    return line


def _bodies(probing: Probing) -> Iterator[Line]:
    """A record of Stockport's with another's token: one answer, whether it is there, is not, or names nobody."""
    for path in ("/v1/wise-assessments", "/v1/wise-assessments/validate"):
        began = time.monotonic()
        made = [example("wise", submission_id=key, young_person__la_child_id="XTPACK001") for key in
                ("XT-PACK", "XT-NONE")]  # fmt: skip
        answers = [probing.ask(OTHER, "POST", path, body) for body in made]
        line = Line(f"a body of another than the token, at {path}", str(answers[0].status_code), 0)
        line.seconds = time.monotonic() - began
        if answers[0].status_code != 403 or shown(answers[0], {}) != shown(answers[1], {}):
            line.wrong = f"{[each.status_code for each in answers]}: not one answer"
        yield line


def _metrics(probing: Probing) -> Line:
    """Through a proxy they are not there without a token; on this machine they name no record."""
    through = probing.ask(OTHER, "GET", "/metrics", **{"X-Forwarded-For": "192.0.2.1"})
    here = probing.ask("nobody", "GET", "/metrics")
    held = [each for each in (*probing.own.values(), "XT-PACK", "XTPACK001") if each in here.text]
    line = Line("metrics", f"{through.status_code} through a proxy, {here.status_code} here", 0)
    line.wrong = "" if through.status_code == 401 and not held else f"they tell {held or 'a stranger'}"
    return line


ATTACK = Attack("cross_tenant", "One authority tries to learn what another has.", run)
