"""The way in by REST: an address, and a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

from service.adapters.mosaic.rest.client import RestWire
from service.adapters.mosaic.settings import fault, open_at
from service.adapters.mosaic.wire import Wire
from service.adapters.shared.link import Link
from service.adapters.shared.texts import legal
from service.errors import ConfigFault


class RestBinding:
    """One authority's Mosaic over REST. Raises `ConfigurationFault` with these faults and its own."""

    settings: ClassVar[tuple[str, ...]] = ("base_url", "api_key")

    def __init__(self, link: Link, seconds: float, faults: Sequence[ConfigFault] = ()) -> None:
        headers = {"Authorization": f"Bearer {link.connection.get('api_key', '')}"}
        every = [*faults, *_key_faults(link.connection)]
        self._client = open_at("base_url", link, every, seconds=seconds, headers=headers)

    @contextmanager
    def talk(self) -> Iterator[Wire]:
        """A conversation before one deadline."""
        with self._client.conversation() as conversation:
            yield RestWire(conversation)

    def sendable(self, text: str) -> str:
        """JSON can write everything but half a character."""
        return legal(text)


def _key_faults(connection: Mapping[str, str]) -> list[ConfigFault]:
    """A line end in a header is refused by every client, and only once the first record is on its way."""
    key = connection.get("api_key", "")
    if key and key.isascii() and key.isprintable() and " " not in key:
        return []
    return [fault("api_key", "Not a key that fits into a header.", "Give the key without spaces and line ends.")]
