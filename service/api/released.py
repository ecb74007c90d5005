"""What the Hub's addresses share: what was published, how a file is sent, and what is said to other questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from flask import Flask, Response, current_app, request

from service.api.guard import caller
from service.api.paging import only_parameters
from service.api.problems import problem
from service.domain.faults import Fault
from service.domain.london import in_words
from service.errors import Malformed, Refused

KEEP = "private, no-cache"
"""A client may keep what it pulled, but asks each time: so every use is noted, and answered with 304."""
NO_FILTER = "There is no such filter: tables are fixed, because combined filters give people away."


class Entry(Protocol):
    """A published release, as it is listed."""

    @property
    def number(self) -> int:
        """Counted from 1 in the order of publication."""

    @property
    def quarter(self) -> str:
        """Its name, like 2026Q3."""

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes, in hex."""

    @property
    def published_on(self) -> date:
        """The London day."""

    @property
    def catalogue(self) -> str:
        """The version of the catalogue it was made by."""

    @property
    def catalogue_digest(self) -> str:
        """Of that catalogue's file."""


class File(Protocol):
    """One form of one release."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def media_type(self) -> str:
        """Its media type."""

    @property
    def tag(self) -> str:
        """Differs whenever the bytes do."""

    @property
    def body(self) -> Callable[[], bytes]:
        """Makes the bytes."""


class Published(Protocol):
    """The central side, as these routes see it. Every method raises `Unavailable` when the database is away."""

    def releases(self) -> Sequence[Entry]:
        """Every published release, the newest first."""

    def menu(self) -> dict[str, Any]:
        """Tables, axes and releases."""

    def release_days(self) -> Mapping[int, tuple[int, int]]:
        """For each quarter's number the month and day of its release."""

    def about(self, entry: Entry) -> File:
        """What a release counts, whom it leaves out, and what there is of it."""

    def whole_file(self, entry: Entry, name: str) -> File | None:
        """A file with all of a release, or None."""

    def whole_files(self) -> tuple[str, ...]:
        """The names of those files."""

    def table_file(self, entry: Entry, asked: str) -> File | None:
        """A table in one of its forms, or None."""

    def note_pull(self, client_id: str, quarter: str, what: str) -> None:
        """Keeps who pulled what."""

    def answers(self) -> bool:
        """Whether its database answers."""


class OffTheMenu(Refused):
    """400 or 404, with the names of what there is. The question is not repeated."""

    def __init__(self, detail: str, status: int, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail, faults=faults)
        self.status, self.menu = status, _names()
        if status == 404:
            self.type, self.title = "not-found", "Nothing found"


def register(app: Flask, published: Published, today: Callable[[], date]) -> None:
    """Gives the routes what they serve; `today` is London's, for the next release day alone."""
    app.extensions["wise_bridge_published"], app.extensions["wise_bridge_today"] = published, today
    app.register_error_handler(OffTheMenu, _off_the_menu)


def published() -> Published:
    """What was published."""
    found: Published = current_app.extensions["wise_bridge_published"]
    return found


def allow(parameters: Collection[str] = ()) -> None:
    """Refuses every other parameter, and one that is given twice."""
    try:
        only_parameters(parameters, NO_FILTER)
    except Malformed as error:
        raise OffTheMenu(error.detail, 400, error.faults) from None
    if any(len(given) > 1 for given in request.args.listvalues()):
        raise OffTheMenu("A parameter is given more than once. Give it once.", 400)


def chosen() -> Entry:
    """The release that `?release=` names, or the newest."""
    entries, name = published().releases(), request.args.get("release")
    if not entries:
        raise OffTheMenu(nothing_yet(), 404)
    found = entries[0] if name is None else next((each for each in entries if each.quarter == name), None)
    if found is None:
        raise OffTheMenu("`release` is not one of those there are; `releases` lists them.", 400)
    return found


def named(quarter: str) -> Entry:
    """The release that the address names."""
    entries = published().releases()
    if not entries:
        raise OffTheMenu(nothing_yet(), 404)
    found = next((each for each in entries if each.quarter == quarter), None)
    if found is None:
        raise OffTheMenu("There is no such release; `releases` lists those there are.", 404)
    return found


def nothing_yet() -> str:
    """Said before the first release."""
    return f"Nothing is released yet. The next release day is {in_words(next_release_day())}."


def next_release_day() -> date:
    """Today or later, by the catalogue's calendar alone."""
    today: date = current_app.extensions["wise_bridge_today"]()
    days = published().release_days().values()
    return min(day for year in (today.year, today.year + 1) for m, d in days if (day := date(year, m, d)) >= today)


def sent(entry: Entry, file: File, what: str) -> Response:
    """The file, or 304 when the asker has it. Nothing is sent that could not be noted first."""
    known = request.if_none_match.contains_weak(file.tag)
    body = b"" if known else file.body()
    published().note_pull(caller().client_id, entry.quarter, what)
    response = Response(body, status=304 if known else 200, mimetype=file.media_type)
    if known:
        del response.headers["Content-Type"]
    response.set_etag(file.tag)
    response.headers["Cache-Control"] = KEEP
    return response


def attached(response: Response, entry: Entry, file: File) -> Response:
    """To be saved under a name that says the release."""
    name = f"wise-bridge-{entry.quarter.lower()}-{file.name}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _names() -> dict[str, list[str]]:
    menu = published().menu()
    tables = [each["table"] for each in menu["tables"]]
    return {"tables": tables, "releases": menu["releases"], "files": list(published().whole_files())}


def _off_the_menu(error: OffTheMenu) -> Response:
    faults = {"errors": [fault.as_dict() for fault in error.faults]} if error.faults else {}
    return problem(error.status, error.type, error.title, error.detail, **error.menu, **faults)
