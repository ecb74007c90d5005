"""All tests, one after another. What cannot be tried to its end is a finding as well: nothing is then released."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from service.central.audit.certainty import certainty
from service.central.audit.form import form
from service.central.audit.history import history
from service.central.audit.insiders import insiders
from service.central.audit.report import DOUBT, Finding, Report, Tried, Visible
from service.central.audit.small import Outcome, small_counts
from service.central.audit.solver import Deadline, Doubt
from service.central.audit.subject import Subject, subject_of
from service.central.catalogue.model import Catalogue
from service.central.published import Release
from service.domain.fact import Fact

SECONDS = 60.0
UNREADABLE = "a fact or the catalogue has a code that is not known"
UNFITTING = "the facts do not fit the figures and their relations"


def audit(
    catalogue: Catalogue,
    releases: Sequence[Release],
    facts: Sequence[Counter[Fact]],
    *,
    earlier: Sequence[Catalogue] | None = None,
    digest: str = "",
    seconds: float = SECONDS,
) -> Report:
    """Attacks the last of `releases`, made by `catalogue`; the others are already published, oldest first.

    `earlier[i]` is the catalogue that `releases[i]` was made by; left out, it is `catalogue` for all of them.
    `facts[i]` are the facts of the period of `releases[i]`, as they were when it was made. `digest` is the SHA-256 of
    the candidate's canonical JSON. After `seconds` of trying the audit gives up, which is a doubt. Raises ValueError
    unless there is a release, facts for each, in order of their quarters, and a catalogue for each earlier one.
    """
    if not releases or len(releases) != len(facts):
        raise ValueError("an audit needs at least one release, and the facts of each")
    catalogues = [*([catalogue] * (len(releases) - 1) if earlier is None else earlier), catalogue]
    if len(catalogues) != len(releases):
        raise ValueError("an audit needs the catalogue of each earlier release")
    quarters = [release.quarter for release in releases]
    if quarters != sorted(set(quarters)):
        raise ValueError("an audit needs the releases in order of their quarters, each once")
    audited = _Audit(catalogue, releases[-1], digest)
    try:
        audited.attack(subject_of(catalogues, releases, facts, Deadline.after(seconds)))
    except KeyError:
        audited.findings.append(Finding(DOUBT, UNREADABLE))
    except Doubt as doubt:
        audited.findings.append(Finding(DOUBT, str(doubt)))
    return audited.report()


class _Audit:
    """Gathers what the tests find."""

    def __init__(self, catalogue: Catalogue, release: Release, digest: str) -> None:
        self._catalogue, self._release, self._digest = catalogue, release, digest
        self.findings: list[Finding] = []
        self._outcomes: dict[str, Outcome] = {}
        self._size = (0, 0)
        self._singles, self._pairs = 0, 0

    def attack(self, subject: Subject) -> None:
        """Every test. Raises `Doubt` where even the facts cannot be set against the figures."""
        self.findings += form(subject)
        self._check_facts(subject)
        self._size = (len(subject.candidate.counts.names), len(subject.candidate.view.rows()))
        if not subject.candidate.view.fits(subject.candidate.true):
            subject.candidate.view.solver(subject.deadline).least({})
            raise Doubt(UNFITTING)
        self._try("T1", lambda: small_counts(subject))
        told = self._outcomes["T1"].told if "T1" in self._outcomes else set()
        self._try("T2", lambda: self._insiders(subject, told))
        self._try("T3", lambda: history(subject, told))
        self._try("T4", lambda: certainty(subject))

    def _insiders(self, subject: Subject, told: set[int]) -> Outcome:
        found = insiders(subject, told)
        self._singles, self._pairs = len(found.singles), found.pairs
        return found

    def _check_facts(self, subject: Subject) -> None:
        edition = subject.candidate
        self.findings += [Finding(DOUBT, fault) for fault in edition.truth.faults(edition.alive)]

    def _try(self, test: str, attack: Callable[[], Outcome]) -> None:
        try:
            outcome = attack()
        except Doubt as doubt:
            self.findings.append(Finding(DOUBT, f"{test}: {doubt}"))
        else:
            self._outcomes[test] = outcome
            self.findings += outcome.findings

    def report(self) -> Report:
        """What was found until now."""
        return Report(
            quarter=self._release.quarter,
            catalogue=self._catalogue.version,
            catalogue_digest=self._catalogue.digest,
            digest=self._digest,
            passed=not self.findings,
            findings=tuple(self.findings),
            tightest={test: each.tightest for test, each in self._outcomes.items() if each.tightest is not None},
            tried=Tried(*self._size, sum(each.attacks for each in self._outcomes.values()), self._singles, self._pairs),
            visible=tuple(_visible(self._release)),
        )


def _visible(release: Release) -> Iterator[Visible]:
    for table in release.tables:
        statuses = Counter(str(figure.status) for figure in table.figures)
        repeated = sum(figure.as_of != release.quarter for figure in table.figures)
        yield Visible(table.table, table.axes, dict(sorted(statuses.items())), repeated, table.reasons)
