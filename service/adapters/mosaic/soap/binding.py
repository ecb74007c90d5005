"""The way in by SOAP: an address, a user and a password."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

from service.adapters.mosaic.settings import fault, open_at
from service.adapters.mosaic.soap.client import SoapWire
from service.adapters.mosaic.soap.description import description
from service.adapters.mosaic.soap.envelope import User
from service.adapters.mosaic.wire import Wire
from service.adapters.shared.link import Link
from service.adapters.shared.xml_text import legal_in_xml
from service.errors import ConfigFault


class SoapBinding:
    """One authority's Mosaic over SOAP. Raises `ConfigurationFault` with these faults and its own."""

    settings: ClassVar[tuple[str, ...]] = ("soap_url", "user", "password")

    def __init__(self, link: Link, seconds: float, faults: Sequence[ConfigFault] = ()) -> None:
        self._client = open_at("soap_url", link, [*faults, *_user_faults(link.connection)], seconds=seconds)
        self._user = User(link.connection["user"], link.connection["password"])
        self._description = description()  # compiled at start-up, not by the first delivery

    @contextmanager
    def talk(self) -> Iterator[Wire]:
        """A conversation before one deadline."""
        with self._client.conversation() as conversation:
            yield SoapWire(conversation, self._description, self._user)

    def sendable(self, text: str) -> str:
        """XML has no way to write some characters that JSON can."""
        return legal_in_xml(text)


def _user_faults(connection: Mapping[str, str]) -> list[ConfigFault]:
    """A line end at the end of a secret is the commonest reason for a digest that does not match."""
    given = {name: connection.get(name, "") for name in ("user", "password")}
    return [
        fault(name, "Missing, or with a line end or another character nobody sees.", "Give it as one line of text.")
        for name, value in given.items()
        if not value or not value.isprintable()
    ]
