"""One authority's way in: its profile, its compiled mappings, and a connector when one is needed."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mapping import compile_mapping
from service.adapters.profiles import Profile, resolve
from service.adapters.registry import Connector, SinkMaker
from service.adapters.shared.link import Link
from service.adapters.vault import VaultReader
from service.domain.delivery import Reason
from service.errors import ConfigFault, ConfigurationFault, NeedsHuman
from service.ports import Ability, Answer, CaseSystem, DocumentSink, Record


class AuthorityAdapter:
    """`service.ports.Adapter` from a profile. Credentials are resolved here, in the process that delivers.

    `sink` makes the document system that the profile names beside the case system. Raises `ConfigurationFault`: a
    malformed key or address is told now, not by a delivery.
    """

    def __init__(
        self, profile: Profile, connector: Connector, environ: Mapping[str, str], *, sink: SinkMaker | None = None
    ) -> None:
        self.authority, self.profile_digest = profile.authority, profile.digest
        own, other = _links(profile, environ)
        self.case_system: CaseSystem = connector(own)
        self.documents = _documents(profile, self.case_system, other, sink)
        self._mappings = {kind: compile_mapping(record.mapping) for kind, record in profile.records.items()}

    def answers(self, record: Record, reference: str) -> tuple[Answer, ...]:
        """The record as this authority's form answers."""
        mapping = self._mappings.get(record["record_type"])
        if mapping is None:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE, record["record_type"])
        return mapping.apply(record, reference)


def _links(profile: Profile, environ: Mapping[str, str]) -> tuple[Link, Link]:
    """To the case system, and to the document system beside it, which is empty where there is none."""
    found: list[Mapping[str, str]] = []
    faults: list[ConfigFault] = []
    vault, kept = VaultReader(environ), profile.documents
    for section, written in (("connection", profile.connection), ("documents.connection", kept.connection)):
        try:
            found.append(resolve(written, environ, file=profile.file, section=section, vault=vault))
        except ConfigurationFault as fault:
            faults.extend(fault.faults)
    if faults:
        raise ConfigurationFault(faults)
    targets = {kind: record.target for kind, record in profile.records.items()}
    return (
        Link(found[0], targets, profile.review.task, documents_here=kept.here, egress=profile.egress),
        Link(found[1], dict.fromkeys(targets, kept.target), {}, egress=profile.egress),
    )


def _documents(profile: Profile, case_system: CaseSystem, link: Link, sink: SinkMaker | None) -> DocumentSink | None:
    if profile.documents.here:
        _require_room(profile, case_system)
        return case_system
    if not profile.documents.elsewhere:
        return None
    if sink is None:
        fault = "There is no connector for this document system."
        raise ConfigurationFault([ConfigFault(profile.file, None, "documents.in", fault, "Name another one.")])
    return sink(link)


def _require_room(profile: Profile, case_system: CaseSystem) -> None:
    """Without a place for it a record would be filed, and its document nowhere, unseen."""
    if Ability.TAKES_DOCUMENTS not in case_system.abilities:
        fault = "This link to the case system takes no documents."
        raise ConfigurationFault([ConfigFault(profile.file, None, "documents.in", fault, "Say where they are kept.")])
