"""One authority's way in: its profile, its compiled mappings, and a connector when one is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.adapters.mapping import compile_mapping
from service.adapters.profiles import Profile, resolve
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, CaseSystem, Record

Settings = Mapping[str, str | int]
Connector = Callable[[Mapping[str, str], Mapping[str, Settings], Settings], CaseSystem]


class AuthorityAdapter:
    """`service.ports.Adapter` from a profile. Credentials are resolved here, in the process that delivers."""

    def __init__(self, profile: Profile, connector: Connector, environ: Mapping[str, str]) -> None:
        self.authority, self.profile_digest = profile.authority, profile.digest
        self._connection = resolve(profile.connection, environ, file=profile.file)
        self._connector, self._task = connector, profile.review.task
        self._targets = {kind: record.target for kind, record in profile.records.items()}
        self._mappings = {kind: compile_mapping(record.mapping) for kind, record in profile.records.items()}
        self.connect().close()  # a malformed key or address is told at start-up, not by the first delivery

    def connect(self) -> CaseSystem:
        """A case system for one delivery."""
        return self._connector(self._connection, self._targets, self._task)

    def answers(self, record: Record, reference: str) -> tuple[Answer, ...]:
        """The record as this authority's form answers."""
        mapping = self._mappings.get(record["record_type"])
        if mapping is None:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE, record["record_type"])
        return mapping.apply(record)
