"""The documents say what is there: commands, settings, files and decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from service.cli import main
from service.domain.delivery import MOVES
from tests.architecture.project import ROOT

README = ROOT / "README.md"
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PAGES = [page for page in (*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))) if page.stat().st_size]
SECTIONS = ("## Context", "## Decision", "## Consequences")
LINK = re.compile(r"\[[^\]]+\]\((?!https?:|mailto:|#)([^)#]+)[^)]*\)")
PATH = re.compile(r"`((?:service|simulators|tests|docs|config|migrations|requirements|bench)/[\w./-]*\w(?:\.\w+|/)?)`")


def commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words that call it."""
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        full = f"{name} {word}".strip()
        if isinstance(command, click.Group):
            yield from commands(command, full)
        elif command is not None:
            yield full, command


def told() -> str:
    """What a reader can find about the command line: the README and docs/."""
    return "\n".join(page.read_text() for page in PAGES if page == README or "docs" in page.relative_to(ROOT).parts)


def test_every_command_and_option_is_told() -> None:
    """An option is told where its command is: "`--json` somewhere" helps nobody."""
    missing = []
    for name, command in commands(main):
        lines = "\n".join(line for line in told().splitlines() if re.search(rf"\bwise-bridge {name}\b", line))
        options = [option for each in command.params if isinstance(each, click.Option) for option in each.opts]
        missing += [f"wise-bridge {name} {each}" for each in options if not re.search(rf"{each}(?![\w-])", lines)]
        missing += [f"wise-bridge {name}"] * (not lines)

    assert missing == []


def test_commands_are_found() -> None:
    names = [name for name, _ in commands(main)]

    assert {"clients create", "keys create", "migrate", "serve", "worker", "beat", "send", "validate"} <= set(names)


def test_decisions_are_numbered_without_gaps() -> None:
    assert [page.name[:4] for page in ADRS] == [f"{number:04}" for number in range(len(ADRS))]
    assert len(ADRS) > 0


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.name)
def test_a_decision_says_why_what_and_what_follows(page: Path) -> None:
    text = page.read_text()

    assert re.match(rf"# {int(page.name[:4])}\. \S", text)
    assert re.search(r"^Status: (accepted|superseded by \d{4}), \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
    assert tuple(re.findall(r"^## .*$", text, re.MULTILINE)) == SECTIONS
    assert all(part.strip() for part in re.split(r"^## .*$", text, flags=re.MULTILINE))


def test_the_changelog_keeps_what_is_not_released() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)

    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading) for heading in headings[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = [target for target in LINK.findall(page.read_text()) if not (page.parent / target.strip()).exists()]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    gone = [path for path in PATH.findall(page.read_text()) if not (ROOT / path).exists()]

    assert gone == []


def test_the_picture_of_delivery_states_shows_the_moves_there_are() -> None:
    _, _, picture = (ROOT / "docs" / "architecture.md").read_text().partition("stateDiagram-v2")
    arrows = re.findall(r"^    (\w+) --> (\w+)", picture.partition("```")[0], re.MULTILINE)
    moves = {(before.value, after.value) for before, reached in MOVES.items() for after in reached}

    assert sorted(arrows) == sorted(moves)


def test_hooks_are_ours_and_need_no_internet() -> None:
    repositories = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"]
    hooks = [hook for each in repositories for hook in each["hooks"]]

    assert [each["repo"] for each in repositories] == ["local"]
    assert {hook["entry"].split()[0] for hook in hooks} == {
        f".venv/bin/{tool}" for tool in ("ruff", "lint-imports", "mypy", "codespell", "detect-secrets-hook")
    }
    assert {hook["language"] for hook in hooks} == {"system"}


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()

    assert text.startswith("MIT License")
    assert "WISE Bridge contributors" in text
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in text
