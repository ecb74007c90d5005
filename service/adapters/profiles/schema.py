"""What a connector asks of a profile: which settings, of which type, and which of them are secret.

A connector declares one `ConnectorSchema` beside its code. The loader checks a profile against it, so that a missing
form code is told at start-up with its file and line, not by the first delivery that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One key of a connector's settings.

    `kind` "text" takes text only: a code like 0417 read as a number would lose its zero. "number" takes a whole number.
    `secret` may only be given as a reference. `several` also takes a list, joined by commas. `choices` are all the
    words it takes, none listed: any. `meaning` is for people, in editors and on the page of keys.
    """

    kind: Literal["text", "number"] = "text"
    required: bool = True
    secret: bool = False
    several: bool = False
    choices: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, kw_only=True)
class ConnectorSchema:
    """The settings of one kind of connector: where it is, what it files as, and how it raises a task."""

    kind: str
    connection: Mapping[str, Setting]
    target: Mapping[str, Setting]
    task: Mapping[str, Setting]
    documents_elsewhere: bool = True
    """Whether records can be filed there without their document, which is then kept in a system of its own."""
    by_hand: bool = False
    """Whether people type in what is handed over: they are sent nothing that only tries the way."""
