"""A running process takes up what goes live, goes back with it, and never takes up what it cannot use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from service.adapters.profiles import Profile
from service.configuration import profiles
from service.domain.profile_states import ProfileState
from service.errors import ConfigFault, ConfigurationFault, Unavailable
from service.live import LiveProfiles, Made, bundle_of
from service.ports import Finding, Standing
from service.ports.profile_versions import Bundle
from service.settings import ROOT
from service.store.engine import make_engine
from service.store.profile_versions import ProfileVersionRows
from service.usecases.profile_versions import VersionDesk
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.servers import Database

CONFIG = ROOT / "config"
FILE = CONFIG / "authorities" / "stockport.yaml"


@pytest.fixture(scope="module")
def files() -> Mapping[str, Profile]:
    return profiles(CONFIG)


@pytest.fixture
def desk(database: Database) -> Iterator[VersionDesk]:
    engine = make_engine(database.url("wise_owner"))
    yield VersionDesk(ProfileVersionRows(engine))
    engine.dispose()


@pytest.fixture
def now(database: Database, files: Mapping[str, Profile]) -> Iterator[LiveProfiles]:
    """As a worker sees it, looking every time."""
    engine = make_engine(database.url("wise_delivery"))
    yield LiveProfiles(files, ProfileVersionRows(engine), seconds=0)
    engine.dispose()


def changed(tmp_path: Path, before: str, after: str) -> Bundle:
    file = tmp_path / "stockport.yaml"
    text = FILE.read_text()
    assert before in text
    file.write_text(text.replace(before, after))
    return bundle_of(CONFIG, file)


def put_live(desk: VersionDesk, bundle: Bundle) -> int:
    number = desk.draft(bundle, by="officer.one", note="fictional")
    desk.checked(STOCKPORT, number, [Finding("all", Standing.GOOD)], by="officer.one", despite=False)
    desk.approved(STOCKPORT, number, by="officer.two")
    desk.live(STOCKPORT, number, by="officer.one")
    return number


def test_without_versions_the_files_hold(now: LiveProfiles, files: Mapping[str, Profile]) -> None:
    assert now.now() == files


def test_a_live_version_holds_and_a_rollback_undoes_it(desk: VersionDesk, now: LiveProfiles, tmp_path: Path) -> None:
    names = Made(now, lambda profile: profile.name)
    assert names[STOCKPORT] == "Stockport"
    put_live(desk, changed(tmp_path, "name: Stockport", "name: Stockport Two"))
    assert (names[STOCKPORT], names[SALFORD]) == ("Stockport Two", "Salford")
    desk.rolled_back(STOCKPORT, by="operator.one", reason="fictional")
    assert names[STOCKPORT] == "Stockport"


def test_an_authority_can_be_taken_out_of_use_and_back(desk: VersionDesk, now: LiveProfiles, tmp_path: Path) -> None:
    lanes = Made(now, lambda profile: profile.slug if profile.in_use else None)
    assert STOCKPORT in lanes
    put_live(desk, changed(tmp_path, "in_use: true", "in_use: false"))
    assert STOCKPORT not in lanes
    assert STOCKPORT not in list(lanes)
    desk.rolled_back(STOCKPORT, by="operator.one", reason="fictional")
    assert lanes[STOCKPORT] == "stockport"


def test_nothing_is_made_twice_of_the_same(now: LiveProfiles) -> None:
    made: list[str] = []
    names = Made(now, lambda profile: made.append(profile.slug) or profile.slug)
    assert [names[STOCKPORT] for _ in range(3)] == ["stockport"] * 3
    assert sorted(made) == sorted(set(made))


class Broken:
    """Versions whose files nobody can use."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def live(self) -> Mapping[str, int]:
        return {STOCKPORT: 7}

    def bundle(self, authority: str, number: int) -> Bundle:
        return Bundle(authority, self._bundle.file, "0" * 64, self._bundle.files)


def test_a_version_that_cannot_be_used_takes_no_ones_place(files: Mapping[str, Profile]) -> None:
    class LiveLater(Broken):
        looks = 0

        def live(self) -> Mapping[str, int]:
            self.looks += 1
            return super().live() if self.looks > 1 else {}

    now = LiveProfiles(files, LiveLater(bundle_of(CONFIG, FILE)), seconds=0)
    assert [now.now()[STOCKPORT] for _ in range(3)] == [files[STOCKPORT]] * 3


def test_a_process_that_starts_with_such_a_version_leaves_the_authority_out(files: Mapping[str, Profile]) -> None:
    """Its file may lead to a system that the authority has left."""
    now = LiveProfiles(files, Broken(bundle_of(CONFIG, FILE)), seconds=0)
    assert STOCKPORT not in now.now()
    assert now.now() == {code: each for code, each in files.items() if code != STOCKPORT}


def test_it_stays_left_out_when_another_authority_goes_live(files: Mapping[str, Profile]) -> None:
    class AnotherLater(Broken):
        looks = 0

        def live(self) -> Mapping[str, int]:
            self.looks += 1
            return {STOCKPORT: 7} if self.looks == 1 else {STOCKPORT: 7, SALFORD: self.looks}

    now = LiveProfiles(files, AnotherLater(bundle_of(CONFIG, FILE)), seconds=0)
    for _ in range(3):
        assert STOCKPORT not in now.now()
        assert now.now()[SALFORD] == files[SALFORD]


def test_what_cannot_be_made_anew_stays_as_it_was(desk: VersionDesk, now: LiveProfiles, tmp_path: Path) -> None:
    def make(profile: Profile) -> str:
        if profile.name != "Stockport" and profile.authority == STOCKPORT:
            raise ConfigurationFault([ConfigFault("x", None, "y", "no credential", "")])
        return profile.name

    names = Made(now, make)
    put_live(desk, changed(tmp_path, "name: Stockport", "name: Stockport Two"))
    assert names[STOCKPORT] == "Stockport"


def test_at_the_start_every_fault_is_told(now: LiveProfiles) -> None:
    def make(profile: Profile) -> str:
        raise ConfigurationFault([ConfigFault(profile.file, None, "x", "wrong", "")])

    with pytest.raises(ConfigurationFault) as caught:
        Made(now, make)
    assert len(caught.value.faults) == len(now.now())


class Away:
    def live(self) -> Mapping[str, int]:
        raise Unavailable("the database is away")

    def bundle(self, authority: str, number: int) -> Bundle:
        raise AssertionError


def test_while_the_database_is_away_what_held_goes_on(files: Mapping[str, Profile]) -> None:
    assert LiveProfiles(files, Away(), seconds=0).now() == files


class FullDisk(Broken):
    """A machine that cannot unfold the files of a version for a while."""

    full = True

    def bundle(self, authority: str, number: int) -> Bundle:
        if self.full:
            raise OSError("no space left")
        return self._bundle


def test_a_version_that_could_not_be_unfolded_is_looked_at_again(files: Mapping[str, Profile]) -> None:
    versions = FullDisk(bundle_of(CONFIG, FILE))
    looks: list[str] = []
    versions_bundle, now = versions.bundle, LiveProfiles(files, versions, seconds=0)

    def noting(authority: str, number: int) -> Bundle:
        looks.append(authority)
        return versions_bundle(authority, number)

    versions.bundle = noting  # type: ignore[method-assign]
    assert now.now() == files
    versions.full = False
    assert now.now()[STOCKPORT].digest == files[STOCKPORT].digest
    assert (looks, now.now().keys()) == ([STOCKPORT] * 2, files.keys())


def test_the_database_is_asked_once_in_a_while(files: Mapping[str, Profile]) -> None:
    asked: list[int] = []

    class Counting(Away):
        def live(self) -> Mapping[str, int]:
            asked.append(1)
            return {}

    now = LiveProfiles(files, Counting(), seconds=3600)
    for _ in range(5):
        now.now()
    assert len(asked) == 1


def test_states_are_named_once() -> None:
    assert [each.value for each in ProfileState] == ["draft", "checked", "approved", "live", "retired"]
