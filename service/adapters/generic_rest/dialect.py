"""What the two dialects write differently: addresses, searches, lists, refusals and how a document travels."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from service.adapters.generic_rest.vocabulary import Vocabulary
from service.adapters.http import Reply, Request
from service.adapters.shared.strict import UnreadableError

Collection = Literal["people", "records", "documents", "tasks", "notes"]
Fault = tuple[str, str]
"""A code and the property it is about, both in the page's spelling; empty where we know none."""

_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,255}"', re.ASCII)


@dataclass(frozen=True, repr=False)
class Upload:
    """A document on its way."""

    name: str
    title: str
    content: bytes
    document_type: str
    document_sub_type: str


class Dialect(ABC):
    """One way of writing the protocol. `headers` go with every request."""

    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @abstractmethod
    def collection(self, of: Collection) -> str:
        """The path of all of them."""

    @abstractmethod
    def one(self, of: Collection, number: str) -> str:
        """The path that changes one of them."""

    @abstractmethod
    def reading(self, of: Collection, number: str) -> str:
        """The path that reads one of them, a record with its documents."""

    @abstractmethod
    def search(self, of: Collection, name: str, value: str) -> str:
        """The path that finds those whose property `name` has this value, records with their documents."""

    @abstractmethod
    def rows(self, body: dict[str, Any]) -> tuple[list[Any], bool]:
        """The entries of a list, and whether there are more. Raises `UnreadableError`."""

    @abstractmethod
    def number(self, value: object) -> str:
        """An id, in the one spelling by which two can be compared. Raises `UnreadableError`."""

    @abstractmethod
    def upload(self, record: str, document: Upload) -> Request:
        """The request that puts a document on a record."""

    @abstractmethod
    def faults(self, body: dict[str, Any]) -> tuple[Fault, ...] | None:
        """The faults of a refusal; None for a body that is no refusal of this dialect."""

    @abstractmethod
    def is_missing(self, faults: tuple[Fault, ...] | None) -> bool:
        """Whether a 404 is the protocol's own, and not that of a wrong address."""

    @property
    @abstractmethod
    def tag_name(self) -> str:
        """The member that repeats an ETag in a body."""

    def tag(self, reply: Reply, body: Mapping[str, Any]) -> str:
        """The ETag of what was read, to be given back as it is (RFC 9110, 8.8.3). `*` is none: it would fit anything.

        Raises `UnreadableError`.
        """
        found = reply.headers.get("etag") or body.get(self.tag_name)
        if not isinstance(found, str) or not _TAG.fullmatch(found):
            raise UnreadableError
        return found

    def named(self, head: dict[str, Any], place: str) -> tuple[Fault, ...]:
        """The faults of a refusal's head and of its details, each about the property that `place` names."""
        details = head.get("details")
        every = [head, *(details if isinstance(details, list) else [])]
        return tuple(self._named(each, each.get(place)) for each in every if isinstance(each, dict))

    def _named(self, entry: Mapping[str, Any], place: object) -> Fault:
        """An entry of a list is named by its place behind the property, which is not ours to repeat."""
        stem = place.partition("[")[0] if isinstance(place, str) else ""
        return self.vocabulary.codes.ours(entry.get("code")), self.vocabulary.properties.ours(stem)
