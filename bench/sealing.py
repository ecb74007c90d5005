"""`python -m bench.sealing`: what sealing, opening and wrapping anew cost, in microseconds of this process's CPU.

With keys from a plain file, from one wrapped by a master key in a file, and under a second version: the way that a
record takes must not feel which. `--old FOLDER` measures an older checkout's vault beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

AUTHORITY, SUBJECT = "E08000007", "00000000-0000-0000-0000-000000000001"
SIZES = (200, 4_000, 40_000)
"""Bytes: a consent, a short record, a long one."""
ROUNDS, CALLS = 15, 400


def main() -> None:
    """Prints a line for each kind of key file, and the median of rounds for each size."""
    parser = argparse.ArgumentParser(prog="python -m bench.sealing")
    parser.add_argument("--old", type=Path, help="A checkout to measure instead of this one.")
    old = parser.parse_args().old
    if old:
        sys.path.insert(0, str(old.resolve()))
    with tempfile.TemporaryDirectory() as name:
        _before(Path(name)) if old else _now(Path(name))


def _before(folder: Path) -> None:
    from service.store.keys import KeyRing, create_keys  # noqa: PLC0415 - of whichever checkout was asked for
    from service.store.vault import KeyedVault  # noqa: PLC0415

    create_keys(folder, AUTHORITY)
    _measure("before", KeyedVault(KeyRing(folder)))


def _now(folder: Path) -> None:
    from service.adapters.master import MasterKeyFile  # noqa: PLC0415
    from service.store.key_changes import KeyFolder  # noqa: PLC0415
    from service.store.keyfile import RECORDS  # noqa: PLC0415
    from service.store.keys import KeyRing, create_keys  # noqa: PLC0415
    from service.store.vault import HEAD_MAX, KeyedVault  # noqa: PLC0415

    create_keys(folder, AUTHORITY)
    _measure("plain file", KeyedVault(KeyRing(folder)))
    master = folder / "master.key"
    master.touch(0o600)
    master.write_bytes(os.urandom(32))
    masters = [MasterKeyFile(master)]
    KeyFolder(folder, masters).wrap()
    _measure("wrapped file", KeyedVault(KeyRing(folder, masters)))
    head = KeyedVault(KeyRing(folder, masters)).seal(AUTHORITY, SUBJECT, b"x")[:HEAD_MAX]
    KeyFolder(folder, masters).rotate(AUTHORITY)
    vault = KeyedVault(KeyRing(folder, masters))
    _measure("second version", vault)
    print(f"wrapping anew    {_median(lambda: vault.wrapped_anew(AUTHORITY, RECORDS, SUBJECT, head)):8.1f}")
    print(f"unwrapping a file{_median(lambda: KeyRing(folder, masters).of(AUTHORITY), calls=50):8.1f}")


def _measure(name: str, vault: object) -> None:
    for size in SIZES:
        plain = os.urandom(size)
        sealed = vault.seal(AUTHORITY, SUBJECT, plain)  # type: ignore[attr-defined]
        sealing = _median(lambda plain=plain: vault.seal(AUTHORITY, SUBJECT, plain))  # type: ignore[attr-defined,misc]
        opening = _median(lambda sealed=sealed: vault.open(AUTHORITY, SUBJECT, sealed))  # type: ignore[attr-defined,misc]
        print(f"{name:16} {size:6} bytes   seal {sealing:7.1f}   open {opening:7.1f}")


def _median(do: Callable[[], object], calls: int = CALLS) -> float:
    """Microseconds of CPU for one call."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(calls):
            do()
        found.append((time.process_time() - began) / calls * 1e6)
    return statistics.median(found)


if __name__ == "__main__":
    main()
