"""A zip file that is the same each time: one moment for every member, and nothing compressed.

Compressed bytes differ between versions of the compressor, so that two machines could send two different files.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o644


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The members in the order given."""
    into = BytesIO()
    with ZipFile(into, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            member = ZipInfo(name, _MOMENT)
            member.create_system, member.external_attr = _UNIX, _MODE << 16
            archive.writestr(member, content)
    return into.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The members in the order in which they are listed."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
