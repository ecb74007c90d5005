"""The bytes of a published file, by the same function that serves them to the Hub."""

from __future__ import annotations

from service.central.formats.publication import Publication


class PublishedFiles:
    """`service.ports.sending.PublishedFiles`. Nothing is noted as pulled: the sending is kept by itself."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication

    def bytes_of(self, quarter: str, file: str) -> bytes | None:
        """The bytes, or None where nothing of this name is published. Raises `Unavailable`."""
        entry = next((each for each in self._publication.releases() if each.quarter == quarter), None)
        found = self._publication.whole_file(entry, file) if entry else None
        return found.body() if found else None
