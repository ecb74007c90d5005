"""The OData dialect: version 4.0 of the standard, in JSON (OASIS, OData 4.0 Protocol, URL Conventions, JSON Format)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from service.adapters.generic_rest.dialect import Collection, Dialect, Fault, Upload
from service.adapters.http import Request
from service.adapters.shared.guid import guid
from service.adapters.shared.strict import UnreadableError, a_list

_WITH_DOCUMENTS = "$expand=documents"


class OData(Dialect):
    """Entity sets, keys that are GUIDs, and searches by `$filter`."""

    headers: ClassVar[Mapping[str, str]] = {"OData-Version": "4.0", "OData-MaxVersion": "4.0"}

    def collection(self, of: Collection) -> str:
        """The entity set."""
        return f"/{of.capitalize()}"

    def one(self, of: Collection, number: str) -> str:
        """By its key."""
        return f"{self.collection(of)}({number})"

    def reading(self, of: Collection, number: str) -> str:
        """With the documents, which are left out unless asked for."""
        return self.one(of, number) + (f"?{_WITH_DOCUMENTS}" if of == "records" else "")

    def search(self, of: Collection, name: str, value: str) -> str:
        """A quote in a value is doubled, so that a child id cannot end its own condition."""
        condition = quote("{} eq '{}'".format(name, value.replace("'", "''")), safe="")
        expand = f"&{_WITH_DOCUMENTS}" if of == "records" else ""
        return f"{self.collection(of)}?$filter={condition}{expand}"

    def rows(self, body: dict[str, Any]) -> tuple[list[Any], bool]:
        """A next page is linked."""
        return a_list(body.get("value")), body.get("@odata.nextLink") is not None

    def number(self, value: object) -> str:
        """Hexadecimal digits mean the same in either case."""
        found = guid(value)
        if found is None:
            raise UnreadableError
        return found

    def upload(self, record: str, document: Upload) -> Request:
        """Binary values are base64url in OData's JSON, padding kept."""
        body = {
            "recordId": record,
            "name": document.name,
            "title": document.title,
            "documentType": document.document_type,
            "documentSubType": document.document_sub_type,
            "content": urlsafe_b64encode(document.content).decode("ascii"),
        }
        return Request("POST", self.collection("documents"), writes=True, json=body)

    def faults(self, body: dict[str, Any]) -> tuple[Fault, ...] | None:
        """One fault stands in the error itself, several in its details."""
        error = body.get("error")
        return self.named(error, "target") if isinstance(error, dict) else None

    def is_missing(self, faults: tuple[Fault, ...] | None) -> bool:
        """Real servers write codes of their own, so any refusal of OData's shape will do."""
        return faults is not None

    @property
    def tag_name(self) -> str:
        """The control information of the standard."""
        return "@odata.etag"
