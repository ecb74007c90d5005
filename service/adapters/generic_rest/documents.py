"""Documents in a system of their own that speaks the same protocol: a record of ours there holds nothing else."""

from __future__ import annotations

from dataclasses import replace

from service.adapters.generic_rest.connection import open_rest
from service.adapters.generic_rest.content import plan_for
from service.adapters.generic_rest.filing import add_document, complete, open_record
from service.adapters.http import CALL_SECONDS
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Awaiting, Container, FiledDocument, Filing, Receipt


class RestDocuments:
    """One authority's document system. Holds no connection between calls; threads share the sign-in's token alone."""

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        self._rest = open_rest(link, seconds)
        self._link = link

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document on the person's file there, once under our reference, finished and restricted as the record is.

        `container` is the case system's and says nothing here. What a record corrects has another number here, so each
        document stands for itself.
        """
        bare = replace(filing, answers=(), replaces=None)
        plan = plan_for(bare, target_of(self._link.targets, bare), self._rest.dialect, documents_here=True)
        with self._rest.talk() as api:
            held = open_record(api, plan)
            if held.done is None:
                add_document(api, held.number, plan)
            receipt = held.done or complete(api, held.number, plan)
        return FiledDocument(_number(receipt), plan.document_sha256)


def _number(receipt: Receipt | Awaiting) -> str:
    if isinstance(receipt, Receipt) and receipt.document_number is not None:
        return receipt.document_number
    raise NeedsHuman(Reason.INTERNAL_FAULT, "document_without_number")
