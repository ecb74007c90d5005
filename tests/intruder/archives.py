"""T5 on zip files: the members that were agreed on, at no time of their own, and not a byte besides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from tests.intruder.reading import SeenTable
from tests.intruder.texts import long_faults, table_faults

MOMENT = (1980, 1, 1, 0, 0, 0)
LOCAL, LISTED, END = 30, 46, 22
"""Bytes of a zip's fixed parts: before a member, in the list at the end, and after it."""
DESCRIPTOR, ALL, WORDS = "datapackage.json", "all.csv", "data-dictionary.csv"


def members(body: bytes) -> dict[str, bytes]:
    """What is packed in it; nothing where it is no zip."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            return {each.filename: archive.read(each) for each in archive.infolist()}
    except BadZipFile:
        return {}


def unpacked(body: bytes) -> bytes:
    """The bytes, and where they are a zip those of its members too, to be searched."""
    return b"\n".join((body, *members(body).values())) if body.startswith(b"PK") else body


def archive_faults(body: bytes) -> list[str]:
    """What a zip could carry besides its members: comments, times, extra fields, bytes before, between or after."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            listed = archive.infolist()
    except BadZipFile:
        return ["is no zip"]
    names = [each.filename for each in listed]
    faults = ["a member is there twice"] if len(names) != len(set(names)) else []
    if not all(_is_plain(each) for each in listed):
        faults.append("a member with a time, a comment, an extra field or a mode of its own")
    if len(body) != END + sum(LOCAL + LISTED + 2 * len(each.filename.encode()) + each.file_size for each in listed):
        faults.append("bytes that belong to no member")
    return faults


def _is_plain(member: ZipInfo) -> bool:
    return (
        member.date_time == MOMENT
        and not member.comment
        and not member.extra
        and member.compress_type == ZIP_STORED
        and member.external_attr == 0o644 << 16
    )


def package_faults(tables: Sequence[SeenTable], body: bytes) -> list[str]:
    """What the data package says otherwise than the tables, or besides. Each fault begins with its member's name."""
    held = members(body)
    files = [f"tables/{each.table}{ending}" for each in tables for ending in (".csv", ".meta.csv")]
    faults = archive_faults(body)
    if sorted(held) != sorted([DESCRIPTOR, ALL, WORDS, *files]):
        return [*faults, "other members than agreed"]
    for table in tables:
        name = f"tables/{table.table}.csv"
        faults += [f"{name}: {fault}" for fault in table_faults(table, held[name])]
    faults += [f"{ALL}: {fault}" for fault in long_faults(tables, held[ALL])]
    return faults + _described(held)


def _described(held: Mapping[str, bytes]) -> list[str]:
    """The descriptor's sizes and sums are those of the files that are there."""
    resources = json.loads(held[DESCRIPTOR]).get("resources", [])
    listed = {each["path"]: (each["bytes"], each["hash"]) for each in resources}
    there = {
        name: (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        for name, content in held.items()
        if name != DESCRIPTOR
    }
    return [] if listed == there else [f"{DESCRIPTOR}: describes other files than there are"]
