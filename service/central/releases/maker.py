"""What makes a release, composed in one place: catalogues, protection, the audit that attacks it, and a last look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from service.central.catalogue.model import Catalogue
from service.central.published import Release
from service.central.releases.building import Protect
from service.domain.fact import Fact


class Report(Protocol):
    """What the audit answers."""

    @property
    def passed(self) -> bool:
        """Whether nothing was found, and nothing is in doubt."""


class Auditing(Protocol):
    """`service.central.audit.audit`."""

    def __call__(
        self,
        catalogue: Catalogue,
        releases: Sequence[Release],
        facts: Sequence[Counter[Fact]],
        *,
        earlier: Sequence[Catalogue] | None = None,
        digest: str,
    ) -> Report:
        """Attacks the last release with all of them; the facts judge what was found.

        `earlier` are the catalogues of all releases but the last; left out, theirs is `catalogue` too.
        """


@dataclass(frozen=True)
class Maker:
    """`catalogue` is the one in force; `catalogues` has by its version every one that a release was made by.

    `markers` finds what looks like an identifier in outgoing bytes.
    """

    catalogue: Catalogue
    catalogues: Mapping[str, Catalogue]
    protect: Protect
    audit: Auditing
    as_json: Callable[[Any], Mapping[str, Any]]
    as_text: Callable[[Any], str]
    markers: Callable[[bytes], Sequence[object]]
