"""Versions of profiles as the use cases and the running processes see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from service.domain.profile_states import ProfileEvent, ProfileState


@dataclass(frozen=True)
class Bundle:
    """Everything one profile consists of: `file` is the profile itself, `files` the text of each file it uses by name.

    `digest` is that of `service.adapters.profiles.Profile`, so that a delivery's digest leads back to its version.
    """

    authority: str
    file: str
    digest: str
    files: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class ProfileVersion:
    """One version and where it stands. `findings` is what its check found: "good", "wrong" or "not asked" by thing."""

    bundle: Bundle
    number: int
    state: ProfileState
    note: str
    made_by: str
    made_at: datetime
    findings: Sequence[Mapping[str, str]] | None
    approved_by: str | None


@dataclass(frozen=True)
class ProfileHappening:
    """One line of an authority's history."""

    number: int
    event: ProfileEvent
    by: str
    reason: str | None
    at: datetime


class LiveVersions(Protocol):
    """What a running process asks."""

    def live(self) -> Mapping[str, int]:
        """The live version of each authority that has one. One small query."""

    def bundle(self, authority: str, number: int) -> Bundle:
        """The files of a version."""


class ProfileVersions(LiveVersions, Protocol):
    """What an operator's commands do. Each method is one transaction, and one line of the history."""

    def draft(self, bundle: Bundle, *, by: str, note: str) -> int:
        """A new version; its number."""

    def get(self, authority: str, number: int) -> ProfileVersion | None:
        """One version."""

    def every(self, authority: str | None = None) -> Sequence[ProfileVersion]:
        """All versions, newest first within each authority."""

    def move(
        self,
        authority: str,
        number: int,
        to: ProfileState,
        *,
        by: str,
        findings: Sequence[Mapping[str, str]] | None = None,
    ) -> None:
        """Checked (with what was found), approved or live. Going live retires the version that was.

        Raises `NotPossible` when the version is not where it must be, or when somebody would approve their own.
        """

    def roll_back(self, authority: str, *, by: str, reason: str) -> int | None:
        """The version that was live before, live again; None where the authority falls back to its file."""

    def history(self, authority: str) -> Sequence[ProfileHappening]:
        """What was done, oldest first."""
