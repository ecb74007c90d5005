"""The way of a release: built, audited, approved by a second person, published; then never changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.central.counting import CannotCount
from service.central.protection.problem import ProtectionDoubt
from service.central.releases import rules
from service.central.releases.building import Tell, build
from service.central.releases.canonical import (
    canonical,
    digest_of,
    facts_from_bytes,
    facts_to_bytes,
    from_bytes,
    to_bytes,
)
from service.central.releases.chain import faults_of, first_fault
from service.central.releases.history import History
from service.central.releases.kept import Audit, Build, Entered, Standing
from service.central.releases.layout import Ground
from service.central.releases.maker import Maker
from service.central.releases.past import past_of
from service.central.releases.store import MEANWHILE, ReleaseRows
from service.errors import NotPossible


def _silent(_: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class ReleaseDesk:
    """Every step refuses with `NotPossible`, in which case nothing was changed. `today` is London's day."""

    rows: ReleaseRows
    maker: Maker
    today: Callable[[], date]

    def build(self, quarter: str, *, by: str, missing: Sequence[str] = (), tell: Tell = _silent) -> Standing:
        """Makes a quarter's release from the facts there are now, and keeps it. The newest build counts."""
        name = rules.require_name(by)
        rules.require_due(self.maker.catalogue, quarter, self.today())
        rules.require_authorities(self.maker.catalogue, missing)
        ledger = self.rows.ledger()
        rules.require_open(ledger, quarter)
        made = self._made(quarter, ledger, tuple(sorted(set(missing))), name, tell)
        self.rows.keep(made)
        return self.standing(quarter)

    def _made(self, quarter: str, ledger: Sequence[Entered], missing: tuple[str, ...], by: str, tell: Tell) -> Build:
        try:
            facts = self.rows.facts(quarter, missing)
            past = past_of(ledger, self.maker.catalogues)
            history = History(past, self.maker.catalogue)
            ground = Ground(self.maker.catalogue, quarter, facts, missing, history)
            content, kept = to_bytes(build(ground, self.maker.protect, tell)), facts_to_bytes(facts)
        except (CannotCount, ProtectionDoubt) as error:
            raise NotPossible(f"Nothing was built. {error}") from error
        return Build(
            quarter=quarter,
            catalogue=self.maker.catalogue.version,
            catalogue_digest=self.maker.catalogue.digest,
            after=len(ledger),
            content=content,
            digest=digest_of(content),
            facts=kept,
            facts_digest=digest_of(kept),
            built_by=by,
        )

    def audit(self, quarter: str) -> Audit:
        """Attacks the newest build, with all that was published before, and keeps the report. A build has one audit."""
        ledger, standing = self.rows.ledger(), self.standing(quarter)
        if standing.audit is not None:
            return standing.audit
        rules.require_open(ledger, quarter)
        if standing.build.after != len(ledger):
            raise NotPossible(MEANWHILE)
        catalogue = self.maker.catalogues.get(standing.build.catalogue)
        if catalogue is None or catalogue.digest != standing.build.catalogue_digest:
            raise NotPossible(f"The catalogue was changed since {quarter} was built. Build it again.")
        past = past_of(ledger, self.maker.catalogues)
        releases = [*(each.release for each in past), from_bytes(standing.build.content)]
        facts = [*(each.facts for each in past), facts_from_bytes(standing.build.facts)]
        earlier = [each.catalogue for each in past]
        report = self.maker.audit(catalogue, releases, facts, earlier=earlier, digest=standing.build.digest)
        content = canonical(self.maker.as_json(report))
        audit = Audit(report.passed, content, digest_of(content), self.maker.as_text(report))
        audit = replace(audit, looked=self._is_sound(replace(standing, audit=audit)))
        self.rows.keep_audit(standing, audit)
        return audit

    def _is_sound(self, standing: Standing) -> bool:
        """What `publish` looks for in bytes that nobody can change: every digest, and nothing like an identifier."""
        return next(faults_of(standing), None) is None and not self.maker.markers(standing.build.content)

    def approve(self, quarter: str, *, by: str, digest: str) -> Standing:
        """A second person says that the audited build may be published. `digest`: of the build that they have read."""
        name = rules.require_name(by)
        standing = self.standing(quarter)
        rules.require_read(standing, digest)
        rules.require_open(self.rows.ledger(), quarter)
        rules.require_passed(standing)
        rules.require_second(standing, name)
        self.rows.approve(standing.id, name)
        return self.standing(quarter)

    def publish(self, quarter: str, *, by: str) -> int:
        """Enters the approved build in the ledger; its number. From then on the Hub is served these bytes."""
        name = rules.require_name(by)
        standing = self.standing(quarter)
        rules.require_due(self.maker.catalogue, quarter, self.today())
        rules.require_open(self.rows.ledger(), quarter)
        rules.require_passed(standing)
        rules.require_whole(standing)
        if self.maker.markers(standing.build.content):
            raise NotPossible(f"{quarter} holds something that looks like an identifier. Nothing was published.")
        return self.rows.publish(standing, name)

    def verify(self) -> str | None:
        """The first thing that is wrong in the ledger, or None."""
        return first_fault(self.rows.ledger())

    def standing(self, quarter: str) -> Standing:
        """The newest build of a quarter, and how far it has come."""
        return rules.require_built(self.rows.newest(quarter), quarter)
