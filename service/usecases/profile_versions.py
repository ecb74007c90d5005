"""What officers and operators do to versions of profiles: each step with who did it, nothing by one person alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.profile_states import STAFF_REF, ProfileState
from service.errors import NotPossible
from service.ports import Finding, Standing
from service.ports.profile_versions import Bundle, ProfileVersions


@dataclass(frozen=True)
class VersionDesk:
    """Drafting, checking, approving, putting live, rolling back."""

    versions: ProfileVersions

    def draft(self, bundle: Bundle, *, by: str, note: str) -> int:
        """A new version of the authority's profile; its number."""
        _require_person(by)
        live = self.versions.live().get(bundle.authority)
        if live is not None and self.versions.bundle(bundle.authority, live).digest == bundle.digest:
            raise NotPossible(f"Version {live} is live and says the same.")
        return self.versions.draft(bundle, by=by, note=note)

    def checked(self, authority: str, number: int, findings: Sequence[Finding], *, by: str, despite: bool) -> None:
        """The version is checked, with what was found. What is wrong stops it, unless somebody says "despite"."""
        _require_person(by)
        wrong = [each.what for each in findings if each.standing is Standing.WRONG]
        if wrong and not despite:
            raise NotPossible(f"Not taken as checked. Wrong: {', '.join(wrong)}. Mend it, or say --despite.")
        told = [{"what": each.what, "standing": each.standing.value, "detail": each.detail} for each in findings]
        self.versions.move(authority, number, ProfileState.CHECKED, by=by, findings=told)

    def approved(self, authority: str, number: int, *, by: str) -> None:
        """A second person has looked at it."""
        _require_person(by)
        self.versions.move(authority, number, ProfileState.APPROVED, by=by)

    def live(self, authority: str, number: int, *, by: str) -> None:
        """From the next look of the running processes on, it holds."""
        _require_person(by)
        self.versions.move(authority, number, ProfileState.LIVE, by=by)

    def rolled_back(self, authority: str, *, by: str, reason: str) -> int | None:
        """The version before, or the file; needs no second person, because going back is the safe way."""
        _require_person(by)
        return self.versions.roll_back(authority, by=by, reason=reason)


def _require_person(by: str) -> None:
    if not STAFF_REF.fullmatch(by):
        raise NotPossible("--by is a staff reference: 2 to 40 letters, digits, dots and dashes.")
