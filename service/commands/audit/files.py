"""The files of the trail: exports, checkpoints from outside, and the public keys. No database and no settings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from service.commands.output import stop
from service.domain.receipts import pem_blocks
from service.domain.trail.checkpoint import ALGORITHM, PUBLIC_FILE, TYPE, Checkpoint, checkpoint_of
from service.domain.trail.entry import FIRST, Entry, canonical, entry_of
from service.domain.trail.findings import Finding, Wrong
from service.domain.trail.verify import Cut, Link

FORM = "wise-bridge audit 1"
DIGEST_BYTES = len(FIRST)


@dataclass
class ExportFile:
    """Read once, line by line. What was wrong with the file itself is in `findings` when the links have been read."""

    file: Path
    authority: str
    cut: Cut | None = None
    cut_statement: str = ""
    findings: list[Finding] = field(default_factory=list)

    def links(self) -> Iterator[Link]:
        """In the order of the file; what can't be read is passed over and said."""
        with self.file.open("rb") as lines:
            next(lines)
            yield from self._read(lines)

    def _read(self, lines: Iterable[bytes]) -> Iterator[Link]:
        links = waiting = 0
        end: tuple[int, int] | None = None
        for number, raw in enumerate(lines, 2):
            try:
                link = _link(json.loads(raw))
            except (ValueError, KeyError, TypeError, RecursionError):
                end = _end(raw)
                if end is None:
                    self.findings.append(Finding(Wrong.LINE_UNREADABLE, self.authority, number, number))
                continue
            links, waiting = links + (link is not None), waiting + (link is None)
            if link:
                yield link
        if end != (links, waiting):
            self.findings.append(Finding(Wrong.EXPORT_CUT, self.authority))


def open_export(file: Path) -> ExportFile:
    """Ends with exit code 2 for what is no export at all."""
    try:
        with file.open("rb") as opened:
            head = json.loads(opened.readline())
        if head["form"] == FORM and isinstance(head["authority"], str):
            return ExportFile(file, head["authority"], *_cut(head.get("cut")))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    stop(f"{file} is no export of the trail. `wise-bridge audit export` makes one.")
    raise AssertionError


def head_line(authority: str, cut: tuple[Cut, str] | None = None) -> bytes:
    """The first line of an export; where the beginning was taken away, it says up to where."""
    head: dict[str, Any] = {"form": FORM, "authority": authority}
    if cut:
        where, statement = cut
        head["cut"] = {"position": where.position, "digest": where.digest.hex(), "checkpoint": statement}
    return canonical(head) + b"\n"


def link_line(link: Link) -> bytes:
    """A position of the chain."""
    entry = link.entry.document() if link.entry else None
    return canonical({"position": link.position, "digest": link.digest.hex(), "entry": entry}) + b"\n"


def waiting_line(entry: Entry) -> bytes:
    """An entry that is not sealed yet."""
    return canonical({"position": None, "digest": None, "entry": entry.document()}) + b"\n"


def end_line(links: int, not_sealed: int) -> bytes:
    """The last line, so that a file that was cut off shows."""
    return canonical({"end": {"links": links, "not_sealed": not_sealed}}) + b"\n"


def _link(line: Any) -> Link | None:
    """None for an entry that is not sealed yet. Raises for what is no such line."""
    position, entry = line["position"], line["entry"]
    if position is None:
        entry_of(entry)
        return None
    if type(position) is not int or position < 1:
        raise ValueError("not a position")
    return Link(position, bytes.fromhex(line["digest"]), entry_of(entry) if entry is not None else None)


def _cut(said: Any) -> tuple[Cut | None, str]:
    """Raises for what is no cut."""
    if said is None:
        return None, ""
    position, digest, statement = said["position"], bytes.fromhex(said["digest"]), said["checkpoint"]
    if type(position) is not int or position < 1 or len(digest) != DIGEST_BYTES or not isinstance(statement, str):
        raise ValueError("not a cut")
    return Cut(position, digest), statement


def _end(raw: bytes) -> tuple[int, int] | None:
    try:
        end = json.loads(raw)["end"]
        return int(end["links"]), int(end["not_sealed"])
    except (ValueError, KeyError, TypeError):
        return None


def read_keys(file: Path) -> KeySet:
    """Public keys of a PEM file. Ends with exit code 2 where there is none."""
    try:
        blocks = pem_blocks(file.read_text("ascii"))
        keys = [OKPKey.import_key(block).as_dict(private=False) for block in blocks]
        made = [OKPKey.import_key({**key, "kid": OKPKey.import_key(key).thumbprint()}) for key in keys]
    except (OSError, ValueError, TypeError, JoseError):
        made = []
    if not made:
        stop(f"{file} holds no public key. It is the file {PUBLIC_FILE} of the key folder.")
    return KeySet(list(made))


def read_checkpoints(file: Path, keys: KeySet, authority: str | None) -> tuple[list[Checkpoint], list[Finding]]:
    """Those that are signed by one of the keys, of one authority or of all; and what was wrong with the others."""
    try:
        lines = [each for each in file.read_bytes().split(b"\n") if each.strip()]
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.")
        raise
    found, findings = [], []
    for number, (line, after) in enumerate(pairwise([*lines, b""]), 1):
        try:
            found.append(_checkpoint(line, keys))
        except JoseError:
            findings.append(Finding(Wrong.SIGNATURE, authority or file.name, number, number))
        except (ValueError, KeyError, TypeError):
            if not after.startswith(line):  # a line that broke off is written once more after it
                findings.append(Finding(Wrong.LINE_UNREADABLE, authority or file.name, number, number))
    return [each for each in found if authority in (None, each.authority)], findings


def _checkpoint(line: bytes, keys: KeySet) -> Checkpoint:
    """Raises `JoseError` for a signature that is not good, or what is said beside it and not signed."""
    document = json.loads(line)
    signed = signed_checkpoint(document["checkpoint"], keys)
    if document["says"] != signed.claims():
        raise JoseError
    return signed


def signed_checkpoint(statement: str, keys: KeySet) -> Checkpoint:
    """Raises `JoseError`, or `ValueError` for what is signed and no checkpoint."""
    opened = jws.deserialize_compact(statement, keys, algorithms=[ALGORITHM])
    if opened.protected.get("typ") != TYPE:
        raise ValueError("not a checkpoint")
    return checkpoint_of(json.loads(opened.payload))
