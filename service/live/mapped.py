"""Profiles for their mappings only, now and as they once were: no credential is resolved, and nothing can be sent."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mapping import compile_mapping
from service.adapters.profiles import Profile
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NeedsHuman
from service.live.bundles import profile_from
from service.live.following import LiveProfiles, Made
from service.ports import Answer, Record
from service.ports.orders import Mapped
from service.ports.profile_versions import ProfileVersions


class MappedProfile:
    """`service.ports.orders.Mapped`."""

    def __init__(self, profile: Profile) -> None:
        self.profile_digest = profile.digest
        self._mappings = {kind: compile_mapping(record.mapping) for kind, record in profile.records.items()}

    def answers(self, record: Record, reference: str) -> tuple[Answer, ...]:
        """As `service.ports.Adapter` does."""
        mapping = self._mappings.get(record["record_type"])
        if mapping is None:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE, record["record_type"])
        return mapping.apply(record, reference)


class KnownMappings:
    """`service.ports.orders.Mappings`: what holds now, and what the kept versions of profiles say."""

    def __init__(self, now: LiveProfiles, versions: ProfileVersions) -> None:
        self._now: Mapping[str, MappedProfile] = Made(now, MappedProfile)
        self._versions = versions

    def now(self, authority: str) -> Mapped | None:
        """The one that holds."""
        return self._now.get(authority)

    def then(self, authority: str, digest: str) -> Mapped | None:
        """The one of that digest: the one that holds, or a version. A file that was changed since is not kept."""
        now = self._now.get(authority)
        if now is not None and now.profile_digest == digest:
            return now
        kept = [each.bundle for each in self._versions.every(authority) if each.bundle.digest == digest]
        try:
            return MappedProfile(profile_from(kept[0])) if kept else None
        except ConfigurationFault:
            return None  # it was read by an older release, and no longer is
