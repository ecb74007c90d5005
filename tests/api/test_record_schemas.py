"""`/v1/schemas`: open to everybody, in its own media type, and sent again only when it has changed."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from service.api import record_schemas
from service.api.application import bare_application
from service.api.schemas.published import published_schemas

SCHEMAS = {("wise_assessment", "1.0"): b'{"title": "old"}\n', ("wise_assessment", "1.10"): b'{"title": "new"}\n'}
OLD, NEW = "/v1/schemas/wise_assessment/1.0.json", "/v1/schemas/wise_assessment/1.10.json"


@pytest.fixture
def client() -> FlaskClient:
    return served(SCHEMAS)


def served(schemas: dict[tuple[str, str], bytes]) -> FlaskClient:
    app = bare_application("schemas-only")
    record_schemas.register(app, lambda: schemas)
    return app.test_client()


def test_all_are_listed_with_their_addresses(client: FlaskClient) -> None:
    answer = client.get("/v1/schemas")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_json() == {
        "schemas": [
            {"record_type": "wise_assessment", "edition": "1.0", "url": OLD},
            {"record_type": "wise_assessment", "edition": "1.10", "url": NEW},
        ]
    }
    for listed in answer.get_json()["schemas"]:
        assert client.get(listed["url"]).status_code == 200


@pytest.mark.parametrize(("address", "body"), [(OLD, b'{"title": "old"}\n'), (NEW, b'{"title": "new"}\n')])
def test_one_is_sent_as_it_is_and_may_be_kept(client: FlaskClient, address: str, body: bytes) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/schema+json", body)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_who_has_it_is_not_sent_it_again(client: FlaskClient) -> None:
    tag = client.get(OLD).headers["ETag"]
    again = client.get(OLD, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "public, max-age=3600"
    other = client.get(NEW, headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["ETag"] != tag


def test_another_content_has_another_tag() -> None:
    tags = {served({("x", "1"): body}).get("/v1/schemas/x/1.json").headers["ETag"] for body in (b"{}", b"{ }")}
    assert len(tags) == 2


@pytest.mark.parametrize(
    "address",
    ["/v1/schemas/wise_assessment/1.1.json", "/v1/schemas/other/1.0.json", "/v1/schemas/wise_assessment/1.0"],
)
def test_what_is_not_there_is_a_problem_document_that_is_not_kept(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_can_only_be_read(client: FlaskClient) -> None:
    assert client.post(OLD, json={}).status_code == 405


def test_the_real_ones_arrive_whole() -> None:
    real = published_schemas()
    client = served(real)
    for listed in client.get("/v1/schemas").get_json()["schemas"]:
        document = json.loads(client.get(listed["url"]).data)
        assert document == json.loads(real[listed["record_type"], listed["edition"]])
        assert document["$id"].endswith(listed["url"].removeprefix("/v1/schemas"))
