"""Sealed bodies open for their own authority and record only; every other try ends the same, and tells nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import dict_row

from service.domain.delivery import Reason
from service.errors import NeedsHuman, Unavailable
from service.ports import Vault
from service.store.keys import KeyRing, create_keys
from service.store.vault import KeyedVault
from tests.conformance.world import MARKER, assert_silent
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example

PLAIN = f"Somebody said: {MARKER}".encode()
FORMAT, WRAP_NONCE, WRAPPED, NONCE, TAG = 1, 12, 32 + 16, 12, 16
WHOLE = FORMAT + WRAP_NONCE + WRAPPED + NONCE + len(PLAIN) + TAG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for authority in (STOCKPORT, SALFORD):
        assert create_keys(tmp_path, authority)
    return tmp_path


@pytest.fixture
def vault(folder: Path) -> Vault:
    return KeyedVault(KeyRing(folder))


def assert_closed(vault: Vault, sealed: bytes, authority: str = STOCKPORT, subject: str = "one") -> None:
    with pytest.raises(NeedsHuman) as caught:
        vault.open(authority, subject, sealed)
    assert caught.value.reason is Reason.BODY_UNREADABLE
    assert caught.value.note == ""
    assert_silent(caught.value)


@pytest.mark.parametrize(
    "plain", [b"", b"\x00", PLAIN, bytes(1024 * 1024)], ids=["empty", "nul", "words", "a megabyte"]
)
def test_what_was_sealed_opens(vault: Vault, folder: Path, plain: bytes) -> None:
    sealed = vault.seal(STOCKPORT, "one", plain)
    assert vault.open(STOCKPORT, "one", sealed) == plain
    assert KeyedVault(KeyRing(folder)).open(STOCKPORT, "one", sealed) == plain


def test_the_same_bytes_sealed_twice_share_nothing(vault: Vault) -> None:
    first, second = (vault.seal(STOCKPORT, "one", PLAIN) for _ in range(2))
    assert len(first) == len(second) == WHOLE
    cuts = (FORMAT, WRAP_NONCE, WRAPPED, NONCE, len(PLAIN), TAG)
    start = FORMAT
    for length in cuts[1:]:
        assert first[start : start + length] != second[start : start + length]
        start += length


def test_the_sealed_bytes_show_nothing_of_the_plain_ones(vault: Vault) -> None:
    assert MARKER.encode() not in vault.seal(STOCKPORT, "one", PLAIN)


def test_another_authority_cannot_open_it(vault: Vault) -> None:
    assert_closed(vault, vault.seal(STOCKPORT, "one", PLAIN), authority=SALFORD)


def test_another_authority_cannot_open_it_even_with_the_same_keys(vault: Vault, folder: Path) -> None:
    (folder / f"{SALFORD}.json").write_bytes((folder / f"{STOCKPORT}.json").read_bytes())
    assert_closed(vault, vault.seal(STOCKPORT, "one", PLAIN), authority=SALFORD)


def test_another_record_cannot_be_given_for_it(vault: Vault) -> None:
    assert_closed(vault, vault.seal(STOCKPORT, "one", PLAIN), subject="two")


def test_authority_and_subject_cannot_run_into_each_other(vault: Vault) -> None:
    assert_closed(vault, vault.seal(STOCKPORT, "a|b", PLAIN), subject="b")


@pytest.mark.parametrize("flip", [0x01, 0x80])
def test_one_changed_bit_anywhere_closes_it(vault: Vault, flip: int) -> None:
    sealed = vault.seal(STOCKPORT, "one", PLAIN)
    for place in range(WHOLE):
        assert_closed(vault, sealed[:place] + bytes([sealed[place] ^ flip]) + sealed[place + 1 :])


def test_a_part_of_it_is_not_it(vault: Vault) -> None:
    sealed = vault.seal(STOCKPORT, "one", PLAIN)
    for length in range(WHOLE):
        assert_closed(vault, sealed[:length])
        assert_closed(vault, sealed[WHOLE - length :])
    assert_closed(vault, sealed + b"\x00")


@pytest.mark.parametrize("form", [0, 3, 255])
def test_another_form_is_not_guessed_at(vault: Vault, form: int) -> None:
    assert_closed(vault, bytes([form]) + vault.seal(STOCKPORT, "one", PLAIN)[1:])


def test_parts_of_two_bodies_make_no_third(vault: Vault) -> None:
    first, second = (vault.seal(STOCKPORT, "one", PLAIN) for _ in range(2))
    body = FORMAT + WRAP_NONCE + WRAPPED
    assert_closed(vault, first[:body] + second[body:])


@pytest.mark.parametrize(
    "keyed", [KeyedVault.child_key, lambda vault, who, what: vault.content_digest(who, what.encode())]
)
def test_a_keyed_value_is_equal_within_an_authority_only(
    vault: Vault, folder: Path, keyed: Callable[[Any, str, str], bytes]
) -> None:
    value = keyed(vault, STOCKPORT, "C1")
    assert keyed(KeyedVault(KeyRing(folder)), STOCKPORT, "C1") == value
    others = {keyed(vault, SALFORD, "C1"), keyed(vault, STOCKPORT, "C2"), keyed(vault, STOCKPORT, "c1")}
    assert len({value} | others) == 4
    assert len(value) == 32


def test_a_child_and_a_content_of_the_same_words_are_told_apart(vault: Vault) -> None:
    assert vault.child_key(STOCKPORT, "C1") != vault.content_digest(STOCKPORT, b"C1")


def test_without_its_keys_nothing_of_an_authority_is_taken_or_opened(vault: Vault) -> None:
    missing = "E08000008"
    calls: tuple[Callable[[], bytes], ...] = (
        lambda: vault.seal(missing, "one", PLAIN),
        lambda: vault.open(missing, "one", bytes([1]) + bytes(WHOLE - 1)),
        lambda: vault.child_key(missing, "C1"),
        lambda: vault.content_digest(missing, PLAIN),
    )
    for call in calls:
        with pytest.raises(Unavailable) as caught:
            call()
        assert_silent(caught.value)


PLACES = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('casework', 'central')"


@pytest.mark.parametrize("name", ["wise", "rise", "nwg", "oldham"])
def test_nothing_of_a_record_lies_open_in_the_database(bridge: Bridge, name: str) -> None:
    assert bridge.post(example(name)).status_code == 201
    private = set(sentences(example(name))) | {example(name)["young_person"]["la_child_id"]}
    assert len(private) > 10
    stored = {}
    with bridge.database.as_admin() as admin:
        for schema, table in admin.execute(PLACES).fetchall():
            found = admin.cursor(row_factory=dict_row).execute(f"SELECT * FROM {schema}.{table}").fetchall()
            stored[table] = b"\n".join(written(value) for each in found for value in each.values())
    assert all(stored[table] for table in ("payload", "submission", "delivery", "review", "audit", "fact"))
    for words in private:
        assert not [table for table, content in stored.items() if words.encode() in content]
    record = example(name)
    record.pop("risk_subjects", None)  # they lie apart
    assert json.loads(bridge.vault.open(record["authority"], *sealed(bridge))) == record


def test_third_parties_lie_apart_under_a_key_of_their_own(bridge: Bridge) -> None:
    assert bridge.post(example("wise")).status_code == 201
    with bridge.database.as_admin() as admin:
        ((subject, content),) = admin.execute("SELECT submission_id, sealed FROM casework.third_party").fetchall()
    assert (
        json.loads(bridge.vault.open_apart(STOCKPORT, str(subject), bytes(content))) == example("wise")["risk_subjects"]
    )
    with pytest.raises(NeedsHuman):
        bridge.vault.open(STOCKPORT, str(subject), bytes(content))
    with pytest.raises(NeedsHuman):
        bridge.vault.open_apart(STOCKPORT, *sealed(bridge))


def test_a_record_without_third_parties_leaves_nothing_apart(bridge: Bridge) -> None:
    assert bridge.post(example("rise")).status_code == 201
    with bridge.database.as_admin() as admin:
        assert admin.execute("SELECT count(*) FROM casework.third_party").fetchone() == (0,)


def sentences(value: Any) -> list[str]:
    """Everything in a record that is more than a code."""
    if isinstance(value, dict):
        return [each for child in value.values() for each in sentences(child)]
    if isinstance(value, list):
        return [each for child in value for each in sentences(child)]
    return [value] if isinstance(value, str) and " " in value else []


def written(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def sealed(bridge: Bridge) -> tuple[str, bytes]:
    with bridge.database.as_admin() as admin:
        ((subject, content),) = admin.execute("SELECT submission_id, sealed FROM casework.payload").fetchall()
    return str(subject), bytes(content)
