"""Heads of sealed values: the version they name, and wrapping them anew without opening what they seal."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.domain.delivery import Reason
from service.errors import NeedsHuman, Unavailable
from service.store.key_changes import KeyFolder
from service.store.keyfile import APART, RECORDS
from service.store.keys import AHEAD, KeyRing, create_keys
from service.store.vault import HEAD_MAX, KeyedVault, read_head
from tests.support.bridge import SALFORD, STOCKPORT

PLAIN = b"somebody said something"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for authority in (STOCKPORT, SALFORD):
        create_keys(tmp_path / "keys", authority)
    return tmp_path / "keys"


@pytest.fixture
def before(folder: Path) -> KeyedVault:
    """With the first version only."""
    vault = KeyedVault(KeyRing(folder))
    vault.seal(STOCKPORT, "warm", b"")
    vault.seal_apart(STOCKPORT, "warm", b"")
    return vault


@pytest.fixture
def after(before: KeyedVault, folder: Path) -> KeyedVault:
    """With a second one."""
    for authority in (STOCKPORT, SALFORD):
        KeyFolder(folder, []).rotate(authority)
    return KeyedVault(KeyRing(folder))


def assert_closed(vault: KeyedVault, sealed: bytes, authority: str = STOCKPORT, subject: str = "one") -> None:
    with pytest.raises(NeedsHuman) as caught:
        vault.open(authority, subject, sealed)
    assert caught.value.reason is Reason.BODY_UNREADABLE


def test_each_version_names_itself(before: KeyedVault, after: KeyedVault) -> None:
    old, new = before.seal(STOCKPORT, "one", PLAIN), after.seal(STOCKPORT, "one", PLAIN)
    assert (old[:1], read_head(old).version) == (b"\x01", 1)
    assert (new[:3], read_head(new).version) == (b"\x02\x00\x02", 2)
    assert after.open(STOCKPORT, "one", old) == after.open(STOCKPORT, "one", new) == PLAIN


def test_a_new_form_closes_at_any_change(after: KeyedVault) -> None:
    sealed = after.seal(STOCKPORT, "one", PLAIN)
    for place in [0, *range(3, len(sealed))]:
        assert_closed(after, sealed[:place] + bytes([sealed[place] ^ 0x80]) + sealed[place + 1 :])
    for length in range(len(sealed)):
        assert_closed(after, sealed[:length])
    for version in (0, 1, 3 + AHEAD, 0xFFFF):
        assert_closed(after, b"\x02" + version.to_bytes(2) + sealed[3:])
    assert_closed(after, sealed, authority=SALFORD)
    assert_closed(after, sealed, subject="two")


def test_the_first_version_has_one_form_and_not_two(before: KeyedVault) -> None:
    sealed = before.seal(STOCKPORT, "one", PLAIN)
    assert_closed(before, b"\x02\x00\x01" + sealed[1:])


def test_a_head_wrapped_anew_leaves_the_body_as_it_was(before: KeyedVault, after: KeyedVault) -> None:
    old = before.seal(STOCKPORT, "one", PLAIN)
    head, length = after.wrapped_anew(STOCKPORT, RECORDS, "one", old[:HEAD_MAX])
    new = head + old[length:]
    assert new[:3] == b"\x02\x00\x02" and new.endswith(old[length:])
    assert after.open(STOCKPORT, "one", new) == PLAIN
    again, length = after.wrapped_anew(STOCKPORT, RECORDS, "one", new[:HEAD_MAX])
    assert after.open(STOCKPORT, "one", again + new[length:]) == PLAIN


def test_a_head_apart_stays_apart(before: KeyedVault, after: KeyedVault) -> None:
    old = before.seal_apart(STOCKPORT, "one", PLAIN)
    head, length = after.wrapped_anew(STOCKPORT, APART, "one", old[:HEAD_MAX])
    assert after.open_apart(STOCKPORT, "one", head + old[length:]) == PLAIN
    assert_closed(after, head + old[length:])
    with pytest.raises(NeedsHuman):
        after.wrapped_anew(STOCKPORT, RECORDS, "one", old[:HEAD_MAX])


def test_a_head_of_another_record_is_not_wrapped_for_this_one(before: KeyedVault, after: KeyedVault) -> None:
    old = before.seal(STOCKPORT, "one", PLAIN)
    for authority, subject in ((STOCKPORT, "two"), (SALFORD, "one")):
        with pytest.raises(NeedsHuman):
            after.wrapped_anew(authority, RECORDS, subject, old[:HEAD_MAX])
    with pytest.raises(NeedsHuman):
        after.wrapped_anew(STOCKPORT, RECORDS, "one", old[: HEAD_MAX - 3])


def test_the_index_does_not_move_with_a_rotation(before: KeyedVault, after: KeyedVault) -> None:
    assert before.child_key(STOCKPORT, "C1") == after.child_key(STOCKPORT, "C1")
    assert before.content_digest(STOCKPORT, b"x") == after.content_digest(STOCKPORT, b"x")


def test_who_holds_only_one_authoritys_files_opens_nothing_of_another(after: KeyedVault, tmp_path: Path) -> None:
    (tmp_path / "of-salford").mkdir()
    for path in (tmp_path / "keys").glob(f"{SALFORD}*"):
        (tmp_path / "of-salford" / path.name).write_bytes(path.read_bytes())
    theirs = KeyedVault(KeyRing(tmp_path / "of-salford"))
    with pytest.raises(Unavailable):
        theirs.open(STOCKPORT, "one", after.seal(STOCKPORT, "one", PLAIN))
    assert_closed(theirs, after.seal(STOCKPORT, "one", PLAIN), authority=SALFORD)
