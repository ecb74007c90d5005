"""What is installed is exactly what was looked at: pinned, hashed, and from no address of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.project import ROOT

REQUIREMENTS = ROOT / "requirements"
LOCKED = sorted(REQUIREMENTS.glob("*.txt"))
APART = {"attacks", "scan"}
"""Tools with environments of their own: they import nothing of ours, and what they pin would clash."""
FORBIDDEN = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|file:|git\+|https?:|^\s*-[eif]\b| @ ",
    re.IGNORECASE | re.MULTILINE,
)
ENTRY = re.compile(r"[A-Za-z0-9._-]+==[^\s;\\]+( ; [^\\]+?)?( \\\n    --hash=sha256:[0-9a-f]{64})+")


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def entries(text: str) -> list[str]:
    """Requirements with what belongs to them."""
    return re.split(r"\n(?=\S)", text.strip())


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.name)
def test_everything_is_pinned_and_hashed(file: Path) -> None:
    assert [entry for entry in entries(file.read_text()) if not ENTRY.fullmatch(entry)] == []


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.name)
def test_no_address_is_given(file: Path) -> None:
    assert FORBIDDEN.search(file.read_text()) is None


@pytest.mark.parametrize(
    "line",
    ["--index-" + "url https://example.test/simple", "-e .", "thing @ file:///tmp/thing", "git+https://example.test/x"],
)
def test_an_address_would_be_seen(line: str) -> None:
    assert FORBIDDEN.search(f"flask==3.1.3\n{line}\n")


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.name)
def test_everything_asked_for_is_locked(file: Path) -> None:
    asked, todo = set(), [file.with_suffix(".in")]
    while todo:
        for line in todo.pop().read_text().splitlines():
            wanted = line.split("#")[0].strip()
            if wanted.startswith("-r "):
                todo.append(REQUIREMENTS / wanted.removeprefix("-r "))
            elif wanted:
                asked.add(name_of(wanted))

    assert asked <= {name_of(entry) for entry in entries(file.read_text())}


def test_the_sets_agree() -> None:
    """What is tested is what is run. The attackers' own set has nothing to do with the service's."""
    pins = {file.stem: {name_of(entry): entry.split()[0] for entry in entries(file.read_text())} for file in LOCKED}

    assert pins.keys() == {"base", "kms", "demo", "dev", "bench", *APART}
    assert pins["base"].items() <= pins["kms"].items() <= pins["dev"].items()
    assert pins["base"].items() <= pins["demo"].items()
    assert pins["demo"].items() <= pins["dev"].items()
    assert pins["dev"].items() <= pins["bench"].items()
