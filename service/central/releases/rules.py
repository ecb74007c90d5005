"""Whether a release may be built, audited, approved or published now. Each rule refuses in a sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date

from service.central.catalogue.dates import release_day
from service.central.catalogue.model import Catalogue
from service.central.releases.chain import faults_of
from service.central.releases.kept import Audit, Entered, Standing
from service.domain.london import in_words, london_date
from service.errors import NotPossible

DIGITS = 12
"""Of a digest, as many as are shown."""


def require_due(catalogue: Catalogue, quarter: str, today: date) -> None:
    """The quarter is one, and its release day has come, which is never before the quarter is over."""
    try:
        day = release_day(catalogue, quarter)
    except ValueError:
        raise NotPossible("That is no quarter. Write it as 2026Q3.") from None
    if today < day:
        raise NotPossible(f"{quarter} is not due yet. It can be built from {in_words(day)} on.")


def require_open(ledger: Sequence[Entered], quarter: str) -> None:
    """Neither this quarter nor a later one was published."""
    found = next((each for each in ledger if each.quarter == quarter), None)
    if found is not None:
        raise NotPossible(
            f"{quarter} was published as number {found.number} on {in_words(london_date(found.published_at))}. "
            "A published release is never made again."
        )
    if ledger and ledger[-1].quarter > quarter:
        raise NotPossible(
            f"{ledger[-1].quarter} is published, and {quarter} is earlier. Made now, it would tell what changed since."
        )


def require_authorities(catalogue: Catalogue, missing: Collection[str]) -> None:
    """Only listed authorities are missing, and not all of them."""
    listed = set(catalogue.authorities)
    if not set(missing) <= listed:
        raise NotPossible(f"--missing takes codes of the catalogue's authorities: {', '.join(sorted(listed))}.")
    if set(missing) == listed:
        raise NotPossible("All authorities are missing, so there is nothing to release.")


def require_name(by: str) -> str:
    """A name that can stand in the ledger: without blanks around it, and in one spelling, so that one is not two."""
    name = unicodedata.normalize("NFKC", " ".join(by.split()))
    if not name or len(name) > 100 or not name.isprintable():
        raise NotPossible("--by takes the name of a person, of at most 100 characters.")
    return name


def require_built(standing: Standing | None, quarter: str) -> Standing:
    """There is a build of the quarter."""
    if standing is None:
        raise NotPossible("There is no build of this quarter. Begin with `wise-bridge release build QUARTER --by …`.")
    return standing


def require_passed(standing: Standing) -> Audit:
    """The audit of the build passed."""
    quarter = standing.build.quarter
    if standing.audit is None:
        raise NotPossible(f"{quarter} is not audited yet. Next: wise-bridge release audit {quarter}")
    if not standing.audit.passed:
        raise NotPossible(
            f"The audit of {quarter} did not pass, so it can be neither approved nor published. "
            f"Read it with `wise-bridge release show {quarter}`."
        )
    return standing.audit


def require_read(standing: Standing, digest: str) -> None:
    """What is approved is what was read: another build may have been made since."""
    if len(digest) < DIGITS or not standing.build.digest.startswith(digest):
        raise NotPossible(
            f"The newest build of {standing.build.quarter} does not have this digest. Read it again with "
            "`wise-bridge release show`, and give at least the first twelve digits that stand there."
        )


def require_second(standing: Standing, by: str) -> None:
    """Whoever approves did not build it, and nobody approved it before."""
    if standing.approved_by is not None:
        raise NotPossible(f"{standing.build.quarter} is approved already.")
    if standing.build.built_by.casefold() == by.casefold():
        raise NotPossible("A release is approved by somebody else than who built it.")


def require_whole(standing: Standing) -> None:
    """Approved, and every digest is that of its bytes."""
    if standing.approved_by is None:
        quarter = standing.build.quarter
        raise NotPossible(f"{quarter} is not approved yet. Next: wise-bridge release approve {quarter} --by …")
    faults = list(faults_of(standing))
    if faults:
        raise NotPossible(f"{standing.build.quarter} is not what was approved: {'; '.join(faults)}. Build it again.")
