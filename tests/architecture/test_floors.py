"""No library is older than the version that mended a fault we know of. The list is ours: scanners that ask a server for
it say "none found" where the server cannot be reached.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from tests.architecture.test_requirements import LOCKED, entries, name_of

FLOORS = {
    "celery": ("5.7.0", "its log showed the broker's password before 5.6.0; workers stayed deaf before 5.7"),
    "flask": ("3.1.3", "CVE-2026-27205"),
    "jinja2": ("3.1.6", "ways out of the sandbox"),
    "kombu": ("5.7.0", "workers stayed deaf after the broker came back"),
    "lxml": ("6.1.0", "CVE-2026-41066: two parsers resolve external entities"),
    "marshmallow": ("4.1.2", "CVE-2025-68480: many=True takes the processor"),
    "paramiko": ("3.4.0", "CVE-2023-48795, Terrapin"),
    "asyncssh": ("2.14.2", "CVE-2023-48795, CVE-2023-46445, CVE-2023-46446"),
    "redis": ("4.5.4", "CVE-2023-28858, CVE-2023-28859: answers crossed between users"),
    "requests": ("2.33.0", "CVE-2024-35195, CVE-2024-47081, CVE-2026-25645"),
    "urllib3": ("2.6.3", "CVE-2025-66418, CVE-2025-66471, CVE-2026-21441: small answers that grow"),
    "werkzeug": ("3.1.6", "CVE-2024-49767, CVE-2025-66221, CVE-2026-21860, CVE-2026-27199"),
    "zeep": ("4.3.3", "forbid_external did nothing before"),
}
"""The lowest version that may be installed, and why."""
NOT_AT_ALL = {"flower", "defusedxml", "pyyaml", "psycopg2", "psycopg2-binary", "weasyprint"}
"""Flower shows every message; psycopg2 writes values into the server's log. The others have had faults, or do what
something that is here already does; production does without them."""


def versions(file: Path) -> dict[str, Version]:
    found = {}
    for entry in entries(file.read_text()):
        name, _, version = entry.split()[0].partition("==")
        found[name_of(name)] = Version(version)
    return found


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.name)
def test_nothing_is_older_than_what_mended_it(file: Path) -> None:
    old = {
        f"{name} {version}: {FLOORS[name][0]} or newer, {FLOORS[name][1]}"
        for name, version in versions(file).items()
        if name in FLOORS and version < Version(FLOORS[name][0])
    }

    assert old == set()


@pytest.mark.parametrize("name", FLOORS)
def test_every_floor_is_of_something_that_is_locked(name: str) -> None:
    assert any(name in versions(file) for file in LOCKED)


def test_an_older_one_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("requests==2.31.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")

    with pytest.raises(AssertionError, match=r"requests 2\.31\.0"):
        test_nothing_is_older_than_what_mended_it(tmp_path / "old.txt")


def test_production_does_without_what_it_should_not_have() -> None:
    for name in ("base.txt", "kms.txt"):
        file = next(each for each in LOCKED if each.name == name)
        assert versions(file).keys() & NOT_AT_ALL == set()
