"""The project's own files, read once for the tests that look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T", bound=ast.AST)
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file. `name` is its path from the project's root, as failures show it."""

    name: str
    text: str
    tree: ast.Module

    def nodes(self, kind: type[T]) -> Iterator[T]:
        """Every node of one kind."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kind))


def source(text: str, name: str = "sample.py") -> Source:
    """A file made of text, to show that a check can see what it looks for."""
    return Source(name, text, ast.parse(text))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files below these folders."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(source(path.read_text(), str(path.relative_to(ROOT))) for path in paths)


def texts(*folders: str) -> Iterator[tuple[str, str]]:
    """Every text file below these folders, as (path, text)."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                try:
                    yield str(path.relative_to(ROOT)), path.read_text()
                except UnicodeDecodeError:
                    continue


def module_of(name: str) -> str:
    """`service/api/guard.py` as `service.api.guard`."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    """Whether a module is one of these packages or in one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)
