"""Printing for people, or as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from service.errors import ConfigurationFault, NotPossible, Unavailable

CANNOT = 2


def as_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def stop(message: str, code: int = CANNOT) -> NoReturn:
    """Says why on standard error and ends with this exit code."""
    click.echo(message, err=True)
    sys.exit(code)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Faults of configuration and of surroundings are told as sentences, without a traceback."""
    try:
        yield
    except ConfigurationFault as fault:
        stop(f"{fault}\n\n{len(fault.faults)} to correct before this can start.")
    except Unavailable as problem:
        stop(problem.detail)
    except NotPossible as problem:
        stop(str(problem))
