"""The same by SFTP: whole under its name or not there at all, and read back."""

from __future__ import annotations

import pytest

from service.domain.sending import FILES, State, Why
from service.usecases.courier import Courier
from tests.central.sending.conftest import ANN, Q, Scene, sftp_address
from tests.central.sending.sftp_place import SftpPlace

ZIP, XLSX = "wise-bridge-2026q3-data-package.zip", "wise-bridge-2026q3-tables.xlsx"


def asked(scene: Scene, sftp: SftpPlace, host_key: str = "") -> Courier:
    scene.desk.ask(Q, sftp.url, by=ANN)
    return scene.courier(sftp.url, sftp_address(sftp, host_key))


def work(courier: Courier, times: int = 2) -> list[tuple[State, Why]]:
    done = [courier.work() for _ in range(times)]
    assert None not in done
    return [(each.settled.state, each.settled.why) for each in done if each]


def test_what_arrives_is_what_is_published(scene: Scene, sftp: SftpPlace) -> None:
    work(asked(scene, sftp))
    files = {name: scene.desk.bytes_of(Q, name) for name in FILES}
    assert sftp.files == {ZIP: files["data-package.zip"], XLSX: files["tables.xlsx"]}
    assert {each.receipt["size"] for each in scene.shown().values()} == {len(each or b"") for each in files.values()}


def test_a_line_that_broke_after_the_rename_leaves_one_file(scene: Scene, sftp: SftpPlace) -> None:
    courier = asked(scene, sftp)
    sftp.losing = 1
    assert work(courier, 1) == [(State.UNKNOWN, Why.NO_CLEAR_ANSWER)]
    work(courier)
    assert {each.state for each in scene.shown().values()} == {State.SENT}
    assert (sorted(sftp.files), sftp.renames) == ([ZIP, XLSX], 2)


def test_other_bytes_under_the_name_stay(scene: Scene, sftp: SftpPlace) -> None:
    (sftp.folder / "in" / ZIP).write_bytes(b"somebody else's")
    assert sorted(work(asked(scene, sftp))) == [
        (State.NEEDS_HUMAN, Why.OTHER_BYTES_THERE),
        (State.SENT, Why.WAITING),
    ]
    assert sftp.files[ZIP] == b"somebody else's"


def test_what_an_earlier_attempt_left_half_written_is_written_anew(scene: Scene, sftp: SftpPlace) -> None:
    (sftp.folder / "in" / f"{ZIP}.part").write_bytes(b"x" * 1_000_000)
    work(asked(scene, sftp))
    assert sorted(sftp.files) == [ZIP, XLSX]
    assert sftp.files[ZIP] == scene.desk.bytes_of(Q, "data-package.zip")


def test_a_folder_that_may_not_be_written_to_is_for_a_person(scene: Scene, sftp: SftpPlace) -> None:
    sftp.read_only = True
    assert set(work(asked(scene, sftp))) == {(State.NEEDS_HUMAN, Why.REFUSED)}
    assert sftp.files == {}


def test_a_share_that_is_away_says_nothing_about_files(scene: Scene, sftp: SftpPlace) -> None:
    courier = asked(scene, sftp)
    (sftp.folder / "in").rename(sftp.folder / "unmounted")
    assert set(work(courier)) == {(State.READY, Why.AWAY)}


@pytest.mark.parametrize("known", ["SHA256:" + "A" * 43])
def test_another_host_key_is_told_nothing(scene: Scene, sftp: SftpPlace, known: str) -> None:
    assert set(work(asked(scene, sftp, known))) == {(State.NEEDS_HUMAN, Why.NOT_THE_SERVER)}
    assert sftp.files == {}
