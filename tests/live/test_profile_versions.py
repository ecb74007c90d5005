"""Versions of profiles in the real database: two people, one live, nothing changed afterwards, also by plain SQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from service.domain.profile_states import MOVES, ProfileEvent, ProfileState, can_become
from service.errors import ConfigurationFault, NotPossible
from service.live import bundle_of, profile_from, unpack
from service.ports import Finding, Standing
from service.ports.profile_versions import Bundle
from service.settings import ROOT
from service.store.engine import make_engine
from service.store.profile_versions import ProfileVersionRows
from service.usecases.profile_versions import VersionDesk
from tests.support.bridge import STOCKPORT
from tests.support.servers import Database

FILE = ROOT / "config" / "authorities" / "stockport.yaml"
GOOD = [Finding("sign-in", Standing.GOOD)]


@pytest.fixture(scope="module")
def first() -> Bundle:
    return bundle_of(ROOT / "config", FILE)


@pytest.fixture(scope="module")
def second(first: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    file = tmp_path_factory.mktemp("changed") / "stockport.yaml"
    file.write_text(FILE.read_text().replace("in_use: true", "in_use: false"))
    changed = bundle_of(ROOT / "config", file)
    assert changed.digest != first.digest
    return changed


@pytest.fixture
def desk(database: Database) -> Iterator[VersionDesk]:
    engine = make_engine(database.url("wise_owner"))
    yield VersionDesk(ProfileVersionRows(engine))
    engine.dispose()


def put_live(desk: VersionDesk, bundle: Bundle) -> int:
    number = desk.draft(bundle, by="officer.one", note="fictional")
    desk.checked(STOCKPORT, number, GOOD, by="officer.one", despite=False)
    desk.approved(STOCKPORT, number, by="officer.two")
    desk.live(STOCKPORT, number, by="officer.one")
    return number


def test_the_moves_are_a_whole_table() -> None:
    assert set(MOVES) == set(ProfileState)
    assert can_become(ProfileState.RETIRED, ProfileState.LIVE)
    assert not can_become(ProfileState.DRAFT, ProfileState.LIVE)


def test_a_bundle_is_the_profile_and_all_it_uses(first: Bundle, tmp_path: Path) -> None:
    read = profile_from(first)
    assert (read.authority, read.digest, read.file) == (STOCKPORT, first.digest, "authorities/stockport.yaml")
    assert {"authorities/stockport.yaml", "mappings/lcs/wise_assessment.yaml"} <= set(first.files)
    unpack(first, tmp_path)
    assert bundle_of(tmp_path, tmp_path / first.file) == first


def test_files_that_are_not_those_of_the_digest_are_refused(first: Bundle) -> None:
    text = first.files[first.file].replace("in_use: true", "in_use: false")
    with pytest.raises(ConfigurationFault, match="not the files of this version"):
        profile_from(replace(first, files={**first.files, first.file: text}))


def test_a_name_cannot_lead_out_of_the_folder(first: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(ConfigurationFault, match="leads out"):
        unpack(replace(first, files={"../out.yaml": "x"}), folder)
    assert not (tmp_path / "out.yaml").exists()


def test_a_secret_in_a_draft_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "oldham.yaml"
    text = (ROOT / "config/authorities/oldham.yaml").read_text()
    file.write_text(text.replace("env:OLDHAM_MOSAIC_API_KEY", "fictional-key-in-clear"))
    with pytest.raises(ConfigurationFault) as caught:
        bundle_of(ROOT / "config", file)
    assert all(fault.line for fault in caught.value.faults)
    assert "fictional-key-in-clear" not in str(caught.value)


def test_the_way_to_live_takes_two_people(desk: VersionDesk, first: Bundle) -> None:
    number = desk.draft(first, by="officer.one", note="fictional")
    for early in (lambda: desk.approved(STOCKPORT, number, by="officer.two"),
                  lambda: desk.live(STOCKPORT, number, by="officer.two")):  # fmt: skip
        with pytest.raises(NotPossible, match="it cannot become"):
            early()
    desk.checked(STOCKPORT, number, GOOD, by="officer.one", despite=False)
    with pytest.raises(NotPossible, match="second person"):
        desk.approved(STOCKPORT, number, by="Officer.One")
    desk.approved(STOCKPORT, number, by="officer.two")
    assert desk.versions.live() == {}
    desk.live(STOCKPORT, number, by="officer.one")
    assert desk.versions.live() == {STOCKPORT: number}
    assert [each.event for each in desk.versions.history(STOCKPORT)] == [
        ProfileEvent.DRAFTED, ProfileEvent.CHECKED, ProfileEvent.APPROVED, ProfileEvent.WENT_LIVE,
    ]  # fmt: skip


def test_what_is_wrong_stops_a_version_unless_somebody_says_despite(desk: VersionDesk, first: Bundle) -> None:
    number = desk.draft(first, by="officer.one", note="fictional")
    wrong = [Finding("credentials", Standing.WRONG, "Not set."), *GOOD]
    with pytest.raises(NotPossible, match="credentials"):
        desk.checked(STOCKPORT, number, wrong, by="officer.one", despite=False)
    desk.checked(STOCKPORT, number, wrong, by="officer.one", despite=True)
    version = desk.versions.get(STOCKPORT, number)
    assert version and version.findings
    assert version.findings[0] == {"what": "credentials", "standing": "wrong", "detail": "Not set."}


def test_the_same_again_is_no_new_version(desk: VersionDesk, first: Bundle) -> None:
    put_live(desk, first)
    with pytest.raises(NotPossible, match="says the same"):
        desk.draft(first, by="officer.one", note="fictional")


def test_rolling_back_goes_one_step_at_a_time_down_to_the_file(
    desk: VersionDesk, first: Bundle, second: Bundle
) -> None:
    one, two = put_live(desk, first), put_live(desk, second)
    assert desk.versions.live() == {STOCKPORT: two}
    assert desk.rolled_back(STOCKPORT, by="operator.one", reason="refused there") == one
    assert desk.versions.live() == {STOCKPORT: one}
    assert desk.rolled_back(STOCKPORT, by="operator.one", reason="refused there") is None
    assert desk.versions.live() == {}
    with pytest.raises(NotPossible, match="no live version"):
        desk.rolled_back(STOCKPORT, by="operator.one", reason="refused there")


def test_two_at_once_leave_one_live(desk: VersionDesk, first: Bundle, second: Bundle) -> None:
    numbers = []
    for bundle in (first, second):
        number = desk.draft(bundle, by="officer.one", note="fictional")
        desk.checked(STOCKPORT, number, GOOD, by="officer.one", despite=False)
        desk.approved(STOCKPORT, number, by="officer.two")
        numbers.append(number)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: desk.live(STOCKPORT, number, by="officer.one"), numbers))
    states = [each.state for each in desk.versions.every(STOCKPORT)]
    assert sorted(states) == [ProfileState.LIVE, ProfileState.RETIRED]


@pytest.mark.parametrize("by", ["", "x", "Jo Bloggs", "a\nb", "x" * 41])
def test_people_are_named_by_staff_reference(desk: VersionDesk, first: Bundle, by: str) -> None:
    with pytest.raises(NotPossible, match="staff reference"):
        desk.draft(first, by=by, note="fictional")


REFUSED = {
    "UPDATE casework.profile_version SET files = '{}'": "does not change",
    "UPDATE casework.profile_version SET made_by = 'officer.three'": "does not change",
    "UPDATE casework.profile_version SET state = 'draft'": "cannot go from live to draft",
    "UPDATE casework.profile_version SET approved_by = NULL": "does not change",
    "DELETE FROM casework.profile_version": "is kept",
    "TRUNCATE casework.profile_version": "is kept",
    "INSERT INTO casework.profile_version (authority, number, state, digest, file, files, note, made_by, findings,"
    " approved_by) SELECT authority, 99, 'live', digest, file, files, note, made_by, findings, approved_by"
    " FROM casework.profile_version": "begins as a draft",
    "DELETE FROM casework.profile_event": "only ever added to",
    "UPDATE casework.profile_event SET by_ref = 'x'": "only ever added to",
}


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_keeps_versions_as_they_are(
    desk: VersionDesk, first: Bundle, database: Database, statement: str
) -> None:
    put_live(desk, first)
    with database.as_admin() as connection, pytest.raises(psycopg.Error, match=REFUSED[statement]):
        connection.execute(statement)


def test_the_database_itself_wants_a_second_person(desk: VersionDesk, first: Bundle, database: Database) -> None:
    number = desk.draft(first, by="officer.one", note="fictional")
    desk.checked(STOCKPORT, number, GOOD, by="officer.one", despite=False)
    statement = "UPDATE casework.profile_version SET state = 'approved', approved_by = 'OFFICER.ONE'"
    with database.as_admin() as connection, pytest.raises(psycopg.Error, match="two_people"):
        connection.execute(statement)


def test_a_file_from_elsewhere_uses_the_mappings_of_the_configuration(tmp_path: Path, first: Bundle) -> None:
    shutil.copyfile(FILE, tmp_path / "stockport.yaml")
    assert bundle_of(ROOT / "config", tmp_path / "stockport.yaml") == first
