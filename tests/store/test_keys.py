"""Key files: made once, for their owner's eyes, and never in a half-usable state."""

from __future__ import annotations

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.errors import ConfigurationFault, Unavailable
from service.store.keys import KeyRing, create_keys
from tests.support.bridge import SALFORD, STOCKPORT

KEY = base64.b64encode(bytes(32)).decode()


def test_a_key_file_is_for_its_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    folder, before = tmp_path / "keys", os.umask(0)
    try:
        assert create_keys(folder, STOCKPORT)
    finally:
        os.umask(before)
    assert (folder / f"{STOCKPORT}.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_keys_are_random_and_of_full_length(tmp_path: Path) -> None:
    for authority in (STOCKPORT, SALFORD):
        create_keys(tmp_path, authority)
    ring = KeyRing(tmp_path)
    found = [
        key for authority in (STOCKPORT, SALFORD) for key in (ring.of(authority).wrapping, ring.of(authority).index)
    ]
    assert len(set(found)) == 4
    assert {len(key) for key in found} == {32}


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    create_keys(tmp_path, STOCKPORT)
    before = (tmp_path / f"{STOCKPORT}.json").read_bytes()
    assert not create_keys(tmp_path, STOCKPORT)
    assert (tmp_path / f"{STOCKPORT}.json").read_bytes() == before


def test_of_two_who_make_keys_at_once_one_does(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: create_keys(tmp_path, STOCKPORT), range(8)))
    assert any(made)
    assert len(list(tmp_path.glob("*.json"))) == 2
    assert KeyRing(tmp_path).of(STOCKPORT) != KeyRing(tmp_path).apart(STOCKPORT)


@pytest.mark.parametrize("authority", ["../E08000007", "E0800000", "E080000071", "e08000007", "", "E08000007\n"])
def test_a_key_file_is_named_by_an_authority_and_by_nothing_else(tmp_path: Path, authority: str) -> None:
    with pytest.raises(ConfigurationFault):
        create_keys(tmp_path / "keys", authority)
    with pytest.raises(Unavailable):
        KeyRing(tmp_path).of(authority)
    assert list(tmp_path.rglob("*.json")) == []


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "not json",
        "[]",
        json.dumps({"wrapping": KEY}),
        json.dumps({"wrapping": KEY, "index": 7}),
        json.dumps({"wrapping": KEY, "index": KEY[:-4]}),
        json.dumps({"wrapping": KEY, "index": "!" * 44}),
        json.dumps({"wrapping": "", "index": ""}),
    ],
)
def test_a_missing_or_broken_key_file_means_come_back_later(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / f"{STOCKPORT}.json").write_text(content)
    with pytest.raises(Unavailable) as caught:
        KeyRing(tmp_path).of(STOCKPORT)
    assert KEY not in str(caught.value)


def test_keys_that_come_later_are_found(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    with pytest.raises(Unavailable):
        ring.of(STOCKPORT)
    create_keys(tmp_path, STOCKPORT)
    assert ring.of(STOCKPORT)


def test_keys_are_not_printed(tmp_path: Path) -> None:
    create_keys(tmp_path, STOCKPORT)
    keys = KeyRing(tmp_path).of(STOCKPORT)
    shown = repr(keys) + str(keys) + repr(KeyRing(tmp_path))
    assert base64.b64encode(keys.wrapping).decode() not in shown
    assert repr(keys.wrapping) not in shown
