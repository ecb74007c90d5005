"""`wise-bridge schema`: prints what is published, and nothing else."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from service.api.schemas.published import published_schemas
from service.commands.schema import schema
from service.domain.codes import LATEST


def run(*arguments: str) -> Result:
    return CliRunner().invoke(schema, arguments)


@pytest.mark.parametrize(("key", "body"), published_schemas().items(), ids=str)
def test_it_prints_what_is_served(key: tuple[str, str], body: bytes) -> None:
    kind, edition = key
    answer = run(kind, "--edition", edition)
    assert (answer.exit_code, answer.stdout_bytes, answer.stderr) == (0, body, "")


def test_without_an_edition_it_is_the_newest() -> None:
    assert json.loads(run("nwg_assessment").stdout)["title"] == f"NWG assessment, edition {LATEST.name}"


@pytest.mark.parametrize("arguments", [(), ("pen_picture",), ("nwg_assessment", "--edition", "0.9")])
def test_what_there_is_not_ends_with_2(arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert (answer.exit_code, answer.stdout) == (2, "")
