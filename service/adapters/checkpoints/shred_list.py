"""The list of shredded bodies as a file beside the checkpoints: replaced as a whole, never half written."""

from __future__ import annotations

import os
from pathlib import Path


def read_shred_list(file: Path) -> str | None:
    """None where there is none yet."""
    try:
        return file.read_text(encoding="ascii")
    except FileNotFoundError:
        return None


def write_shred_list(file: Path, content: str) -> None:
    """On the disk before it returns."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
