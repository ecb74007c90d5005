"""Following the live versions while a process runs: a new one takes effect within seconds and without a restart.

A version that cannot be used here never takes the place of one that can: the process goes on with what it had, says so
once in its log, and looks again when another version goes live. A process that starts with such a version has no
profile for that authority at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

import structlog

from service.adapters.profiles import Profile
from service.errors import ConfigFault, ConfigurationFault, Unavailable
from service.live.bundles import profile_from
from service.ports.profile_versions import LiveVersions

T = TypeVar("T")
_log = structlog.get_logger()

LOOK_EVERY_SECONDS = 2.0
"""One small query; well within a sweep."""


class LiveProfiles:
    """Every authority's profile now, by its code. `files` are the starting set."""

    def __init__(
        self, files: Mapping[str, Profile], versions: LiveVersions, *, seconds: float = LOOK_EVERY_SECONDS
    ) -> None:
        self._files, self._versions, self._seconds = dict(files), versions, seconds
        self._profiles: Mapping[str, Profile] = dict(files)
        self._numbers: Mapping[str, int] | None = None
        self._looked = float("-inf")
        self._lock = threading.Lock()

    def now(self) -> Mapping[str, Profile]:
        """What holds. While the database is away, what held last."""
        with self._lock:
            if time.monotonic() - self._looked >= self._seconds:
                self._look()
                self._looked = time.monotonic()
            return self._profiles

    def _look(self) -> None:
        try:
            numbers = self._versions.live()
            if numbers != self._numbers:
                found = {code: file for code, file in self._files.items() if code not in numbers}
                held = {code: self._held(code, number) for code, number in numbers.items()}
                self._profiles = found | {code: profile for code, profile in held.items() if profile is not None}
                self._numbers = numbers
        except (Unavailable, OSError):  # a full disk is no fault of the version's: it is looked at again
            _log.warning("live_profiles_not_read")

    def _held(self, authority: str, number: int) -> Profile | None:
        """The profile of a live version; where it is unusable, what held before, and at the start nothing.

        The file may lead to a system that the authority has left.
        """
        before = None if self._numbers is None else self._profiles.get(authority)
        if self._numbers is not None and self._numbers.get(authority) == number:
            return before
        return self._read(authority, number) or before

    def _read(self, authority: str, number: int) -> Profile | None:
        try:
            profile = profile_from(self._versions.bundle(authority, number))
        except ConfigurationFault as fault:
            _log.error("live_profile_unusable", authority=authority, count=len(fault.faults))
            return None
        _log.info("live_profile", authority=authority, number=number)
        return profile


class Made(Mapping[str, T], Generic[T]):
    """Something made of each profile, made anew when the profile changed: a lane, a policy, a name.

    `make` gives None for an authority that is to have none. The first time its faults are told; later what was made
    before is kept.
    """

    def __init__(self, profiles: LiveProfiles, make: Callable[[Profile], T | None]) -> None:
        self._profiles, self._make = profiles, make
        self._made: dict[str, tuple[str, T | None]] = {}
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        faults: list[ConfigFault] = []
        for authority, profile in self._profiles.now().items():
            try:
                self._made[authority] = (profile.digest, self._make(profile))
            except ConfigurationFault as fault:
                faults.extend(fault.faults)
        if faults:
            raise ConfigurationFault(faults)

    def _now(self) -> Mapping[str, T]:
        profiles = self._profiles.now()
        with self._lock:
            for authority, profile in profiles.items():
                if self._made.get(authority, ("", None))[0] != profile.digest:
                    self._made[authority] = (profile.digest, self._again(authority, profile))
            return {code: each for code, (_, each) in self._made.items() if each is not None and code in profiles}

    def _again(self, authority: str, profile: Profile) -> T | None:
        try:
            return self._make(profile)
        except ConfigurationFault as fault:
            _log.error("live_profile_unusable", authority=authority, count=len(fault.faults))
            return self._made.get(authority, ("", None))[1]

    def __getitem__(self, authority: str) -> T:
        return self._now()[authority]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())
