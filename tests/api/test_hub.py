"""Pulling from the Hub: published releases alone, one answer for everybody, and every pull noted before it is served.

The store of releases is `tests.central.formats.made.Kept`, a small one in memory; all else is real.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from service.api.aggregates import hub_application
from service.api.scopes import HUB, SCOPES
from service.api.tokens import TokenMaker, TokenReader
from service.central.formats.publication import Publication
from tests.central.formats.made import CATALOGUE, TODAY, Kept

KEY = ECKey.generate_key("P-256")
TABLE, TABLES = "/v1/aggregates/statement-by-authority", [each.name for each in CATALOGUE.tables]
FILES = ["tables.xlsx", "data-package.zip", "all.csv", "data-dictionary.json", "data-dictionary.csv"]
PULLS = [
    *(f"/v1/aggregates/{name}{end}" for name in TABLES for end in ("", ".csv", ".meta.csv")),
    *(f"/v1/releases/2026Q3/{name}" for name in FILES),
    "/v1/releases/2026Q3",
]
LISTS = ["/v1/aggregates", "/v1/releases"]


@dataclass
class Client:
    """A client of the Hub, as the token maker asks about it."""

    client_id: str = "wb-one"
    authority: str = HUB

    def get_client_id(self) -> str:
        return self.client_id


def signed_in(client_id: str = "wb-one", scope: str = "aggregates:read") -> dict[str, str]:
    maker = TokenMaker(KEY, minutes=10)
    token = maker.access_token_generator(Client(client_id), "client_credentials", None, scope)
    return {"Authorization": f"Bearer {token}"}


def served(kept: Kept, today: date = TODAY) -> FlaskClient:
    publication = Publication(kept, [CATALOGUE])
    return hub_application(publication, TokenReader(KEY), lambda: today).test_client()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def hub(kept: Kept) -> FlaskClient:
    return served(kept)


def pull(hub: FlaskClient, path: str, status: int = 200, headers: Mapping[str, str] | None = None) -> TestResponse:
    answer = hub.get(path, headers=signed_in() | dict(headers or {}))
    assert answer.status_code == status, answer.text
    return answer


def problem(hub: FlaskClient, path: str, status: int) -> dict[str, Any]:
    answer = pull(hub, path, status)
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status
    return body


def steady(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All of an answer but the id of its request."""
    headers = sorted((name, value) for name, value in answer.headers if name != "X-Request-ID")
    return answer.status_code, answer.data, headers


def test_the_menu_has_tables_axes_and_the_releases_there_are(hub: FlaskClient) -> None:
    menu = pull(hub, "/v1/aggregates").get_json()
    assert [each["table"] for each in menu["tables"]] == TABLES
    assert all(each["title"] and each["question"] for each in menu["tables"])
    assert {each["unit"] for each in menu["tables"]} == {"young_people", "assessments"}
    assert menu["releases"] == ["2026Q3", "2026Q2"]
    assert all(each["releases"] == ["2026Q3", "2026Q2"] for each in menu["tables"])
    assert {each["name"]: len(each["groups"]) for each in menu["axes"]} == {
        "authority": 3,
        "quarter": 4,
        "statement": 3,
    }
    assert set(menu["symbols"]) == {"c", "x", "z"}


def test_releases_are_listed_with_their_digests_and_links_that_lead_somewhere(hub: FlaskClient) -> None:
    body = pull(hub, "/v1/releases").get_json()
    assert [(each["quarter"], each["number"], each["published_on"]) for each in body["releases"]] == [
        ("2026Q3", 2, "2026-11-15"),
        ("2026Q2", 1, "2026-08-15"),
    ]
    assert body["releases"][0]["digest"] == "b2" * 32
    assert body["next_release_day"] == "2027-02-15"
    for each in body["releases"]:
        assert set(each["links"]) == {"self", *FILES}
        for link in each["links"].values():
            pull(hub, link)


def test_one_release_says_what_it_counts_and_whom_it_leaves_out(hub: FlaskClient) -> None:
    body = pull(hub, "/v1/releases/2026Q2").get_json()
    assert (body["quarter"], body["number"], body["catalogue"]) == ("2026Q2", 1, "2026")
    assert body["period"]["quarters"] == ["2025Q3", "2025Q4", "2026Q1", "2026Q2"]
    assert body["missing"] == [{"code": "E08000008", "name": "Tameside"}]
    assert [each["table"] for each in body["tables"]] == TABLES


def test_a_table_is_of_the_newest_release_unless_another_is_named(hub: FlaskClient) -> None:
    assert pull(hub, TABLE).get_json()["release"] == "2026Q3"
    assert pull(hub, f"{TABLE}?release=2026Q3").data == pull(hub, TABLE).data
    assert pull(hub, f"{TABLE}?release=2026Q2").get_json()["release"] == "2026Q2"


@pytest.mark.parametrize("path", PULLS)
def test_two_clients_get_the_same_in_whatever_order(path: str) -> None:
    """Over two processes, one of which was asked everything else before."""
    asked, fresh = served(Kept()), served(Kept())
    for each in reversed([*LISTS, *PULLS]):
        asked.get(each, headers=signed_in("wb-two"))
    assert steady(asked.get(path, headers=signed_in("wb-two"))) == steady(fresh.get(path, headers=signed_in("wb-one")))


def test_no_body_has_the_requests_id(hub: FlaskClient) -> None:
    for path in [*LISTS, *PULLS]:
        answer = pull(hub, path, headers={"X-Request-ID": "canary-12345"})
        assert answer.headers["X-Request-ID"] == "canary-12345"
        assert b"canary-12345" not in answer.data


@pytest.mark.parametrize("path", PULLS)
def test_who_has_it_already_is_told_so(hub: FlaskClient, kept: Kept, path: str) -> None:
    first = pull(hub, path)
    tag = first.headers["ETag"]
    assert (tag[0], tag[-1], len(tag)) == ('"', '"', 66)
    again = pull(hub, path, 304, {"If-None-Match": f'"other", {tag}'})
    assert (again.data, again.headers["ETag"]) == (b"", tag)
    assert "Content-Type" not in again.headers
    assert pull(hub, path, headers={"If-None-Match": f'"{"0" * 64}"'}).data == first.data
    assert len(kept.pulls) == 3


def test_every_representation_has_a_tag_of_its_own(hub: FlaskClient) -> None:
    paths = [*PULLS, *(f"{each}?release=2026Q2" for each in PULLS if "aggregates" in each), "/v1/releases/2026Q2"]
    tags = {path: pull(hub, path).headers["ETag"] for path in paths}
    assert len(set(tags.values())) == len(tags)


@pytest.mark.parametrize("path", PULLS)
def test_head_says_what_get_says_without_the_body(hub: FlaskClient, path: str) -> None:
    got, headed = pull(hub, path), hub.head(path, headers=signed_in())
    assert headed.data == b""
    assert (headed.status_code, steady(headed)[2]) == (200, steady(got)[2])
    assert int(headed.headers["Content-Length"]) == len(got.data)


def test_what_was_pulled_may_be_kept_and_must_be_asked_for_again(hub: FlaskClient) -> None:
    for path in PULLS:
        headers = pull(hub, path).headers
        assert headers["Cache-Control"] == "private, no-cache"
        assert "Last-Modified" not in headers
    for path in LISTS:
        assert pull(hub, path).headers["Cache-Control"] == "no-store"


def test_files_have_names_that_say_the_release_and_types_that_say_what_they_are(hub: FlaskClient) -> None:
    found = {path.rsplit("/", 1)[-1]: pull(hub, path).headers for path in PULLS}
    assert found["tables.xlsx"]["Content-Disposition"] == 'attachment; filename="wise-bridge-2026q3-tables.xlsx"'
    assert found["tables.xlsx"]["Content-Type"].endswith("spreadsheetml.sheet")
    assert found["data-package.zip"]["Content-Type"] == "application/zip"
    assert found["statement.csv"]["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        found["statement.meta.csv"]["Content-Disposition"]
        == 'attachment; filename="wise-bridge-2026q3-statement.meta.csv"'
    )
    assert found["statement"]["Content-Type"] == "application/json"
    assert "Content-Disposition" not in found["statement"]


def test_the_workbook_opens_as_it_was_served(hub: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(pull(hub, "/v1/releases/2026Q3/tables.xlsx").data))
    assert book.sheetnames == ["Cover", "Table_1", "Table_2", "Table_3"]


def test_every_pull_is_noted_with_who_which_release_and_what(hub: FlaskClient, kept: Kept) -> None:
    for path in [*PULLS, f"{TABLE}.csv?release=2026Q2"]:
        hub.get(path, headers=signed_in("wb-nine"))
    assert {client for client, _, _ in kept.pulls} == {"wb-nine"}
    assert [quarter for _, quarter, _ in kept.pulls] == ["2026Q3"] * len(PULLS) + ["2026Q2"]
    assert [what for _, _, what in kept.pulls[-7:]] == [
        *(f"releases/{name}" for name in FILES),
        "releases/release.json",
        "aggregates/statement-by-authority.csv",
    ]
    assert len({what for _, _, what in kept.pulls[:-1]}) == len(PULLS)


def test_lists_and_refusals_hold_no_figure_and_are_not_noted(hub: FlaskClient, kept: Kept) -> None:
    for path in LISTS:
        pull(hub, path)
    pull(hub, f"{TABLE}?filter=x", 400)
    pull(hub, "/v1/aggregates/no-such", 404)
    assert kept.pulls == []


def test_what_cannot_be_noted_is_not_served(kept: Kept) -> None:
    hub = served(kept)
    tags = {path: pull(hub, path).headers["ETag"] for path in PULLS}
    kept.is_read_only = True
    for path, tag in tags.items():
        for headers in ({}, {"If-None-Match": tag}):
            answer = pull(hub, path, 503, headers)
            assert answer.mimetype == "application/problem+json"
            assert "ETag" not in answer.headers


def test_without_its_database_the_hub_says_so(kept: Kept) -> None:
    hub = served(kept)
    kept.is_away = True
    for path in [*LISTS, *PULLS, f"{TABLE}?filter=x", "/v1/releases/2026Q3/none"]:
        pull(hub, path, 503)
    assert hub.get("/health/ready").status_code == 503


REFUSED = {
    f"{TABLE}?quarter=2026Q3": 400,
    f"{TABLE}?release=1999Q1": 400,
    f"{TABLE}?release=": 400,
    f"{TABLE}?release=2026q3": 400,
    f"{TABLE}?Release=2026Q3": 400,
    f"{TABLE}?release=2026Q3&release=2026Q2": 400,
    f"{TABLE}?release=2026Q3&authority=E08000007": 400,
    f"{TABLE}?exploitation=at_risk": 400,
    "/v1/aggregates?release=2026Q3": 400,
    "/v1/releases?release=2026Q3": 400,
    "/v1/releases/2026Q3?release=2026Q3": 400,
    "/v1/releases/2026Q3/all.csv?table=statement": 400,
    "/v1/aggregates/by-school": 404,
    "/v1/aggregates/.csv": 404,
    "/v1/aggregates/statement.xlsx": 404,
    "/v1/aggregates/statement.csv.csv": 404,
    "/v1/aggregates/STATEMENT": 404,
    "/v1/releases/2026Q4": 404,
    "/v1/releases/2026Q4/all.csv": 404,
    "/v1/releases/2026Q3/facts.csv": 404,
}


@pytest.mark.parametrize("path", REFUSED)
def test_no_other_question_is_answered_and_each_is_told_what_there_is(hub: FlaskClient, path: str) -> None:
    body = problem(hub, path, REFUSED[path])
    assert (body["tables"], body["releases"], body["files"]) == (TABLES, ["2026Q3", "2026Q2"], FILES)
    assert body["detail"]
    for given in ("E08000007", "school", "1999Q1", "2026q3"):
        assert given not in str(body)


def test_an_address_below_a_table_is_not_there(hub: FlaskClient) -> None:
    problem(hub, f"{TABLE}/experiencing", 404)
    problem(hub, "/v1/releases/2026Q3/tables.xlsx/x", 404)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 8, 14), "15 August 2026"),
        (date(2026, 8, 15), "15 August 2026"),
        (date(2026, 8, 16), "15 November 2026"),
        (date(2026, 12, 31), "15 February 2027"),
    ],
)
def test_before_the_first_release_that_and_the_next_day_are_said(today: date, day: str) -> None:
    hub = served(Kept(releases={}, entries=[]), today)
    for path in PULLS:
        body = problem(hub, path, 404)
        assert body["detail"] == f"Nothing is released yet. The next release day is {day}."
        assert (body["tables"], body["releases"]) == (TABLES, [])
    assert pull(hub, "/v1/releases").get_json()["releases"] == []
    assert pull(hub, "/v1/aggregates").get_json()["releases"] == []


@pytest.mark.parametrize("path", [*LISTS, *PULLS])
def test_no_other_scope_opens_any_of_it(hub: FlaskClient, kept: Kept, path: str) -> None:
    others = " ".join(scope for scope in SCOPES if scope != "aggregates:read")
    assert hub.get(path, headers=signed_in(scope=others)).status_code == 403
    assert hub.head(path, headers=signed_in(scope=others)).status_code == 403
    assert hub.get(path).status_code == 401
    assert kept.pulls == []


def test_nothing_but_reading_is_possible(hub: FlaskClient) -> None:
    for path in [*LISTS, *PULLS]:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert hub.open(path, method=method, headers=signed_in()).status_code == 405


def test_an_unreadable_release_is_not_served_and_not_noted(kept: Kept) -> None:
    kept.releases["2026Q3"] = replace(kept.releases["2026Q3"], catalogue="2025")
    hub = served(kept)
    for path in PULLS:
        pull(hub, path, 503)
    assert kept.pulls == []


def test_a_release_is_not_read_by_another_catalogue_of_the_same_name(kept: Kept) -> None:
    kept.entries = [replace(each, catalogue_digest="d1" * 32) for each in kept.entries]
    hub = served(kept)
    for path in PULLS:
        pull(hub, path, 503)
    assert kept.pulls == []


def test_tags_tell_nothing_but_the_release(hub: FlaskClient) -> None:
    """Made of the release's digest and the file's name, so that nothing beside it moves them."""
    tags = {path: pull(hub, path).headers["ETag"] for path in PULLS}
    assert tags == {path: pull(served(Kept()), path).headers["ETag"] for path in PULLS}
    more = Kept()
    more.releases["2026Q2"] = more.releases["2026Q3"]
    assert tags == {path: pull(served(more), path).headers["ETag"] for path in PULLS}
