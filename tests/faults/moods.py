"""How the receiver can behave other than as agreed. None of the lies stores anything; `error_after_commit` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.holdings import Holdings
from tests.faults.routes import Answered, Asked, refusal

PAGE = b"<!DOCTYPE html><html><body><form>Please sign in</form></body></html>"
LIES: dict[str, Callable[[Asked], Answered]] = {
    "login_page": lambda _: Answered(200, raw=PAGE, kind="text/html"),
    "empty": lambda _: Answered(200, raw=b""),
    "accepted": lambda _: Answered(202, {"status": "queued"}),
    "fault_inside": lambda _: Answered(200, {"code": "INTERNAL", "message": "No.", "success": False}),
    "fault_as_asked": lambda asked: Answered(201 if asked.method == "POST" else 200, {"success": False}),
}
REFUSALS: dict[str, Callable[[int], Answered]] = {
    "busy": lambda seconds: Answered(503, {"code": "BUSY"}, {"Retry-After": str(seconds)}),
    "unauthorised": lambda _: refusal(401, "NOT_SIGNED_IN"),
    "refuse": lambda _: refusal(422, "INVALID", details=[{"code": "NOT_IN_LIST", "field": "answers[0]"}]),
}
ONLY = ("all", "writes", "finish")


@dataclass
class Mood:
    """`only` narrows it to writes or to the last step, `match` to requests whose body or address shows this text.

    `ms` is the wait of `delay`, `seconds` the Retry-After of `busy`, `first` how many requests it is for (0: all).
    """

    mode: str
    only: str = "all"
    match: str = ""
    ms: float = 0
    seconds: int = 1
    first: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        known = {*LIES, *REFUSALS, "delay", "error_after_commit", "down", "blind"}
        if self.mode not in known or self.only not in ONLY:
            raise ValueError(f"no such mode; there are {', '.join(sorted(known))}, for {', '.join(ONLY)}")

    def meets(self, asked: Asked, held: Holdings) -> bool:
        """Whether this request is for it, which is counted."""
        if self.mode == "blind" and not _is_search_for_something(asked, held):
            return False
        narrowed = {"all": True, "writes": asked.writes, "finish": asked.finishes}[self.only]
        shown = not self.match or self.match.encode() in asked.body or self.match in "/".join(asked.place)
        if not narrowed or not shown or (self.first and self.struck >= self.first):
            return False
        self.struck += 1
        return True


def _is_search_for_something(asked: Asked, held: Holdings) -> bool:
    """Blind: a search is not offered for what was ever begun, so nobody can be told what became of it."""
    is_search = asked.method == "GET" and asked.place == ("records",)
    return is_search and asked.query.get("reference") in held.by_reference


def instead(mood: Mood, asked: Asked) -> Answered | None:
    """What is answered instead of the truth; None when the truth comes after all, late or as an error."""
    if mood.mode in LIES:
        return LIES[mood.mode](asked)
    if mood.mode in REFUSALS:
        return REFUSALS[mood.mode](mood.seconds)
    return refusal(405, "NOT_OFFERED") if mood.mode == "blind" else None
