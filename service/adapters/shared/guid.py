"""GUIDs, which we keep in lower case and take in any."""

from __future__ import annotations

import re

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def guid(value: object) -> str | None:
    """The id, or None for anything that is none."""
    return value.lower() if isinstance(value, str) and _GUID.fullmatch(value) else None
