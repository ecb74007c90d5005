"""The demonstration's release: made-up facts join the records', a release is made of them, and the Hub pulls it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import requests

from service.api.scopes import HUB
from service.clock import LondonClock
from service.commands.client import BridgeClient
from service.commands.release.composing import newest_period
from service.configuration import profiles
from service.demo.cohort import AUTHORITIES, hand_over, made_up
from service.demo.stack import Stack
from service.demo.story import DemoFailed

ANALYST, SECOND = "Ann Example", "Ben Example"
SHOWN = ("young-people-by-authority", "assessments-by-record")
"""One table of which most can be seen, and one of which little can."""


def quarters(stack: Stack) -> tuple[str, ...]:
    """The four quarters of the newest release that is due, oldest first; none before the catalogue's first day."""
    return newest_period(stack.config_dir / "catalogue", LondonClock().today())


def add_facts(stack: Stack, period: Sequence[str]) -> int:
    """Hands the made-up facts over as the casework side would; returns how many there were."""
    facts = made_up(period)
    hand_over(stack.database_url("wise_intake"), facts)
    return len(facts)


def steps(stack: Stack, quarter: str) -> Iterator[tuple[str, str]]:
    """The four steps, each as the command that was run and the line that says what came of it. Raises `DemoFailed`.

    Authorities without a case system here send nothing, so they are named as missing: that is not none.
    """
    missing = [f"--missing={each}" for each in sorted(profiles(stack.config_dir)) if each not in AUTHORITIES]
    digest = ""
    for arguments, telling in (
        (["build", quarter, "--by", ANALYST, *missing], "is built by"),
        (["audit", quarter], "PASSED"),
        (["approve", quarter, "--by", SECOND], "is approved by"),
        (["publish", quarter, "--by", SECOND], "is published as"),
    ):
        words = ["release", *arguments, *(["--digest", digest] if "approve" in arguments else [])]
        said = _run(stack, words)
        digest = digest or said.rpartition("digest ")[2][:12]
        yield shlex.join(["wise-bridge", *words]), _line(said, telling)


def pull(stack: Stack, quarter: str) -> tuple[BridgeClient, list[dict[str, Any]]]:
    """A client of the Hub, and the tables that it pulled from the Hub's own process. Raises `DemoFailed`."""
    client = stack.client(HUB, "Hub demo client")
    answers = [client.get(f"/v1/aggregates/{name}", release=quarter) for name in SHOWN]
    for answer in answers:
        if answer.status_code != requests.codes.ok:
            raise DemoFailed(f"the Hub's side answered {answer.status_code}: {answer.text}")
    return client, [answer.json() for answer in answers]


def _run(stack: Stack, words: Sequence[str]) -> str:
    argv = [sys.executable, "-m", "service", *words]
    done = subprocess.run(argv, env=stack.environment("release"), capture_output=True, check=False, text=True)
    if done.returncode:
        raise DemoFailed(f"`wise-bridge {shlex.join(words)}` ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def _line(output: str, telling: str) -> str:
    """The line in which these words stand."""
    found = next((line for line in output.splitlines() if telling in line), None)
    if found is None:
        raise DemoFailed(f"a step of the release did not say that it {telling}: {output}")
    return found.strip()
