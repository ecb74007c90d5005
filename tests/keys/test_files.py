"""Key files: wrapped by a master key, with several versions, changed one at a time and never half."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.adapters.master import MasterKeyFile
from service.errors import NotPossible, Unavailable
from service.ports.keys import KeyProvider
from service.store.key_changes import SETTLED, KeyFolder
from service.store.keyfile import APART, KINDS, RECORDS, AuthorityKeys, path_of
from service.store.keys import KeyRing, create_keys
from tests.keys.conftest import master_file
from tests.keys.world import aged
from tests.support.bridge import SALFORD, STOCKPORT


@pytest.fixture
def provider(master: Path) -> MasterKeyFile:
    return MasterKeyFile(master)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def opened(folder: Path, masters: Sequence[KeyProvider], authority: str = STOCKPORT) -> tuple[AuthorityKeys, ...]:
    ring = KeyRing(folder, masters)
    return ring.of(authority), ring.apart(authority)


def shape(keys: AuthorityKeys) -> tuple[dict[int, bytes], bytes]:
    return dict(keys.wrappings), keys.index


def plain_first_form(folder: Path, authority: str = STOCKPORT) -> dict[str, bytes]:
    """As they were made before there were master keys and versions."""
    folder.mkdir(exist_ok=True)
    keys = {f"{kind} {name}": os.urandom(32) for kind in KINDS for name in ("wrapping", "index")}
    for kind in KINDS:
        content = {name: base64.b64encode(keys[f"{kind} {name}"]).decode() for name in ("wrapping", "index")}
        path_of(folder, authority, kind).write_text(json.dumps({"version": 1, **content}))
    return keys


def test_new_files_are_wrapped_where_there_is_a_master_key(folder: Path, provider: MasterKeyFile) -> None:
    assert create_keys(folder, STOCKPORT, provider)
    records, apart = opened(folder, [provider])
    assert len({records.wrapping, records.index, apart.wrapping, apart.index}) == 4
    text = "".join(path.read_text() for path in folder.iterdir())
    for key in (records.wrapping, records.index, apart.wrapping, apart.index):
        assert base64.b64encode(key).decode() not in text
        assert key.hex() not in text
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with pytest.raises(Unavailable):
        KeyRing(folder).of(STOCKPORT)


def test_plain_files_stay_readable_until_they_are_wrapped_and_are_the_same_keys_then(
    folder: Path, provider: MasterKeyFile
) -> None:
    made = plain_first_form(folder)
    before = [shape(each) for each in opened(folder, [provider])]
    assert before[0] == ({1: made["records wrapping"]}, made["records index"])
    assert KeyFolder(folder, [provider]).wrap() == 2
    assert [shape(each) for each in opened(folder, [provider])] == before
    assert base64.b64encode(made["records wrapping"]).decode() not in path_of(folder, STOCKPORT, RECORDS).read_text()
    assert KeyFolder(folder, [provider]).wrap() == 0


def test_without_a_master_key_nothing_is_wrapped(folder: Path) -> None:
    plain_first_form(folder)
    for change in (KeyFolder(folder, []).wrap, KeyFolder(folder, []).rotate_master):
        with pytest.raises(NotPossible, match="WISE_MASTER_KEY_FILE"):
            change()


def test_keys_wrapped_for_one_place_open_in_no_other(folder: Path, provider: MasterKeyFile) -> None:
    for authority in (STOCKPORT, SALFORD):
        create_keys(folder, authority, provider)
    path_of(folder, SALFORD, RECORDS).write_bytes(path_of(folder, STOCKPORT, RECORDS).read_bytes())
    path_of(folder, STOCKPORT, APART).write_bytes(path_of(folder, STOCKPORT, RECORDS).read_bytes())
    ring = KeyRing(folder, [provider])
    assert ring.of(STOCKPORT)
    with pytest.raises(Unavailable):
        ring.of(SALFORD)
    with pytest.raises(Unavailable):
        ring.apart(STOCKPORT)


def test_versions_that_were_swapped_in_the_file_do_not_open(folder: Path, provider: MasterKeyFile) -> None:
    create_keys(folder, STOCKPORT, provider)
    KeyFolder(folder, [provider]).rotate(STOCKPORT)
    path = path_of(folder, STOCKPORT, RECORDS)
    content = json.loads(path.read_text())
    one, two = content["wrapping"]
    one["key"], two["key"] = two["key"], one["key"]
    path.write_text(json.dumps(content))
    with pytest.raises(Unavailable):
        KeyRing(folder, [provider]).of(STOCKPORT)


@pytest.mark.parametrize(
    "change",
    [
        {"wrapping": []},
        {"wrapping": {}},
        {"wrapping": [{"id": 1}]},
        {"wrapping": [{"id": 0, "key": ""}]},
        {"wrapping": [{"id": True, "key": ""}]},
        {"wrapping": [{"id": 65536, "key": ""}]},
        {"wrapping": [{"id": 1, "key": ""}, {"id": 1, "key": ""}]},
        {"under": 7},
        {"under": "file:0000000000000000"},
        {"index": ""},
    ],
)
def test_a_file_that_is_not_whole_means_come_back_later(
    folder: Path, provider: MasterKeyFile, change: dict[str, object]
) -> None:
    create_keys(folder, STOCKPORT, provider)
    path = path_of(folder, STOCKPORT, RECORDS)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(Unavailable):
        KeyRing(folder, [provider]).of(STOCKPORT)


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_rotation_adds_a_version_and_leaves_the_rest(folder: Path, provider: MasterKeyFile, wrapped: bool) -> None:
    masters = [provider] if wrapped else []
    create_keys(folder, STOCKPORT, provider if wrapped else None)
    before = opened(folder, masters)
    assert KeyFolder(folder, masters).rotate(STOCKPORT) == 2
    for old, new in zip(before, opened(folder, masters), strict=True):
        assert new.newest == 2 and new.wrapping != old.wrapping
        assert (new.wrappings[1], new.index) == (old.wrappings[1], old.index)


def test_rotations_at_once_take_turns(folder: Path, provider: MasterKeyFile) -> None:
    create_keys(folder, STOCKPORT, provider)
    with ThreadPoolExecutor(4) as pool:
        made = sorted(pool.map(lambda _: KeyFolder(folder, [provider]).rotate(STOCKPORT), range(4)))
    assert made == [2, 3, 4, 5]
    assert sorted(opened(folder, [provider])[0].wrappings) == [1, 2, 3, 4, 5]
    assert sorted(path.name for path in folder.iterdir()) == [f"{STOCKPORT}.json", f"{STOCKPORT}.third-parties.json"]


def test_a_half_done_rotation_is_made_whole_by_the_next(folder: Path, provider: MasterKeyFile) -> None:
    create_keys(folder, STOCKPORT, provider)
    apart = path_of(folder, STOCKPORT, APART).read_bytes()
    files = KeyFolder(folder, [provider])
    files.rotate(STOCKPORT)
    path_of(folder, STOCKPORT, APART).write_bytes(apart)  # as if it had stopped between the two
    assert files.rotate(STOCKPORT) == 3
    assert [each.newest for each in opened(folder, [provider])] == [3, 3]


def test_the_master_key_is_replaced_while_both_are_readable(folder: Path, tmp_path: Path) -> None:
    former, now = (MasterKeyFile(master_file(tmp_path / name)) for name in ("former.key", "now.key"))
    create_keys(folder, STOCKPORT, former)
    before = [shape(each) for each in opened(folder, [former])]
    assert [shape(each) for each in opened(folder, [now, former])] == before
    assert KeyFolder(folder, [now, former]).rotate_master() == 2
    assert [shape(each) for each in opened(folder, [now])] == before
    with pytest.raises(Unavailable):
        KeyRing(folder, [former]).of(STOCKPORT)


def test_a_master_key_that_does_not_open_what_it_wrapped_changes_no_file(folder: Path, provider: MasterKeyFile) -> None:
    """A Vault too old to know `associated_data` would be found out here at the latest, and not by lost records."""

    class Forgetful:
        name = "forgetful"

        def wrap(self, key: bytes, bound: bytes) -> bytes:
            return provider.wrap(key, bound)

        def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
            return os.urandom(32)

    create_keys(folder, STOCKPORT, provider)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(NotPossible):
        KeyFolder(folder, [Forgetful(), provider]).rotate_master()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_version_is_destroyed_in_both_files_and_no_other(folder: Path, provider: MasterKeyFile) -> None:
    create_keys(folder, STOCKPORT, provider)
    files = KeyFolder(folder, [provider])
    files.rotate(STOCKPORT)
    aged(folder, SETTLED)
    files.retire(STOCKPORT, 1)
    assert [sorted(each.wrappings) for each in opened(folder, [provider])] == [[2], [2]]


def test_what_seals_or_did_a_moment_ago_is_not_destroyed(folder: Path, provider: MasterKeyFile) -> None:
    create_keys(folder, STOCKPORT, provider)
    files = KeyFolder(folder, [provider])
    with pytest.raises(NotPossible, match="Version 1 of E08000007 seals"):
        files.retire(STOCKPORT, 1)
    files.rotate(STOCKPORT)
    with pytest.raises(NotPossible, match="not an hour old"):
        files.retire(STOCKPORT, 1)
    with pytest.raises(NotPossible, match=r"has no version 9\. It has 1, 2"):
        files.retire(STOCKPORT, 9)
    with pytest.raises(NotPossible, match="E08000006"):
        files.retire(SALFORD, 1)
    assert sorted(opened(folder, [provider])[0].wrappings) == [1, 2]
