"""An open file that may misbehave from its opening on."""

import asyncio
import errno
from dataclasses import dataclass
from typing import IO, Any

DRIP_SECONDS = 0.2


@dataclass(eq=False)
class Handle:
    """The file as asyncssh opened it, and the fault it met at its opening, if any."""

    file: IO[bytes]
    fault: str | None = None

    def close(self) -> None:
        """asyncssh closes what it was given."""
        self.file.close()

    async def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`; none at the end."""
        if self.fault == "huge":
            return b"x" * size
        if self.fault == "drip":
            await asyncio.sleep(DRIP_SECONDS)
            return b"x"
        self.file.seek(offset)
        return self.file.read(size)

    def write(self, offset: int, data: bytes) -> int:
        """A full disk fails, or with some servers keeps what fits and says nothing."""
        if self.fault == "disk_full":
            raise OSError(errno.EIO, "simulated full disk")
        self.file.seek(offset)
        self.file.write(data[: len(data) // 2] if self.fault == "short_write" else data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        """`fstat` and the like ask the file itself."""
        return getattr(self.file, name)
