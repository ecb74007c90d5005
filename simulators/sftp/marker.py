"""The marker: which files belong to the set, and their SHA-256."""

import re

_LINE = re.compile(rb"([0-9a-f]{64})  ([!-~]+)\n")


def read_marker(content: bytes) -> dict[str, str] | None:
    """SHA-256 by file name, or None if the marker is not exactly of the agreed form."""
    sums: dict[str, str] = {}
    position = 0
    while line := _LINE.match(content, position):
        name = line[2].decode("ascii")
        if name in sums:
            return None
        sums[name] = line[1].decode("ascii")
        position = line.end()
    return sums if sums and position == len(content) else None
