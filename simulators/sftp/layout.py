"""The folders and files two sides have agreed on."""

import posixpath
import re
from dataclasses import dataclass

_FOLDER = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


@dataclass(frozen=True)
class Layout:
    """Folder names below the root, and the suffixes a set's files have besides `.done`; the manifest's comes first."""

    inbox: str
    archive: str
    outbox: str
    collected: str
    suffixes: tuple[str, ...]

    def __post_init__(self) -> None:
        if wrong := [name for name in self.folders if not _FOLDER.fullmatch(name)]:
            raise ValueError(f"not the name of a folder: {', '.join(wrong)}")
        if len(set(self.folders)) != len(self.folders):
            raise ValueError("each folder needs a name of its own")

    @property
    def folders(self) -> tuple[str, str, str, str]:
        """All of them."""
        return (self.inbox, self.archive, self.outbox, self.collected)


def absolute(path: bytes) -> bytes:
    """A client's path as seen from the root."""
    return posixpath.normpath(posixpath.join(b"/", path)).replace(b"//", b"/")
