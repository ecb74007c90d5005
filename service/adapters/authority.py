"""One authority's way in: its profile, its compiled mappings, and a connector when one is needed."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mapping import compile_mapping
from service.adapters.profiles import Profile, resolve
from service.adapters.registry import Connector
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, CaseSystem, DocumentSink, Record


class AuthorityAdapter:
    """`service.ports.Adapter` from a profile. Credentials are resolved here, in the process that delivers."""

    def __init__(self, profile: Profile, connector: Connector, environ: Mapping[str, str]) -> None:
        self.authority, self.profile_digest = profile.authority, profile.digest
        link = Link(
            connection=resolve(profile.connection, environ, file=profile.file),
            targets={kind: record.target for kind, record in profile.records.items()},
            task=profile.review.task,
        )
        self.case_system: CaseSystem = connector(link)  # a malformed key or address is told now, not by a delivery
        self.documents: DocumentSink | None = self.case_system
        self._mappings = {kind: compile_mapping(record.mapping) for kind, record in profile.records.items()}

    def answers(self, record: Record, reference: str) -> tuple[Answer, ...]:
        """The record as this authority's form answers."""
        mapping = self._mappings.get(record["record_type"])
        if mapping is None:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE, record["record_type"])
        return mapping.apply(record)
