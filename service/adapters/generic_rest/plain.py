"""The plain dialect: JSON over paths, every name of which a profile may replace."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from service.adapters.generic_rest.dialect import Collection, Dialect, Fault, Upload
from service.adapters.http import Request
from service.adapters.shared.strict import UnreadableError, a_list, text

_LONGEST = 64
_PLACES = frozenset({".", ".."})
"""Segments that an address resolves away: as an id they would lead to another route."""


class Plain(Dialect):
    """Records below `/records`, documents below their record."""

    def collection(self, of: Collection) -> str:
        """As the profile spells it."""
        return f"/{self.vocabulary.paths.theirs(of)}"

    def one(self, of: Collection, number: str) -> str:
        """By its id."""
        return f"{self.collection(of)}/{quote(number, safe='')}"

    def reading(self, of: Collection, number: str) -> str:
        """Documents are always there."""
        return self.one(of, number)

    def search(self, of: Collection, name: str, value: str) -> str:
        """By a parameter of the property's name."""
        return f"{self.collection(of)}?{quote(self.vocabulary.properties.theirs(name))}={quote(value, safe='')}"

    def rows(self, body: dict[str, Any]) -> tuple[list[Any], bool]:
        """`next` says that there are more."""
        named = self.vocabulary.read(body)
        return a_list(named.get("items")), named.get("next") is not None

    def number(self, value: object) -> str:
        """Opaque text."""
        found = text(value)
        if not found.isprintable() or not 0 < len(found) <= _LONGEST or found in _PLACES:
            raise UnreadableError
        return found

    def upload(self, record: str, document: Upload) -> Request:
        """As a form with a file."""
        named = self.vocabulary.properties.theirs
        fields = {
            named("title"): document.title,
            named("documentType"): document.document_type,
            named("documentSubType"): document.document_sub_type,
        }
        path = f"{self.one('records', record)}{self.collection('documents')}"
        files = {named("file"): (document.name, document.content, "application/pdf")}
        return Request("POST", path, writes=True, fields=fields, files=files)

    def faults(self, body: dict[str, Any]) -> tuple[Fault, ...] | None:
        """A code of its own, and details about properties."""
        return self.named(body, "field") if isinstance(body.get("code"), str) else None

    def is_missing(self, faults: tuple[Fault, ...] | None) -> bool:
        """Its own code: anything may stand at a wrong address."""
        return faults is not None and any(code == "NOT_FOUND" for code, _ in faults)

    @property
    def tag_name(self) -> str:
        """Renamed like any property."""
        return self.vocabulary.properties.theirs("etag")
