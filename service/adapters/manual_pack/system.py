"""A case system that only people can reach: packs are handed over, and what was confirmed is asked for."""

from __future__ import annotations

from service.adapters.manual_pack.content import pack_of_filing, pack_of_retraction, pack_of_task, receipt_of
from service.adapters.manual_pack.inbox import Inbox, inbox_name
from service.adapters.shared.digests import sha256
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.identity import require_identity
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import (
    Ability,
    Absent,
    Awaiting,
    Container,
    FiledDocument,
    Filing,
    Finding,
    Partial,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
)
from service.ports.manual import Confirmations, Handed, NewPack


class ManualPack:
    """One authority's inbox. Keeps nothing of a record: the sheet is made from the sealed record when somebody looks.

    Without `confirmations` it can be looked at and described, and hands nothing over.
    """

    kind = "manual_pack"
    version = "1"
    abilities = frozenset(Ability) - {Ability.ASKS_WHO}

    def __init__(self, link: Link, *, confirmations: Confirmations | None = None) -> None:
        self._name, self._targets = inbox_name(link.connection), link.targets
        self._inbox = Inbox(confirmations)

    def verify_person(self, person: PersonReference) -> None:
        """Whoever types checks the person, and is told so first; here only that there is something to check by."""
        require_identity(person)

    def open_container(self, filing: Filing) -> Container:
        """Nothing is opened there before a person does. An earlier attempt's pack is found again."""
        form = str(target_of(self._targets, filing)["form"])
        pack = pack_of_filing(filing, self._name, form)
        earlier = self._inbox.given(pack.reference)
        return Container(pack.reference, done=_outcome(earlier, pack) if earlier else None, kept=pack)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document lies beside the sheet, and gets its number from whoever attaches it."""
        if not filing.document.content:
            raise NeedsHuman(Reason.DOCUMENT_REFUSED, "empty")
        return FiledDocument(None, sha256(filing.document.content))

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Awaiting:
        """Hand the pack over."""
        self._inbox.put(container.kept)
        return Awaiting()

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """Ask for an entry in the team's diary, unless an earlier attempt did."""
        return self._handed_over(pack_of_task(task, self._name))

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """Ask for a record to be withdrawn, unless an earlier attempt did."""
        return self._handed_over(pack_of_retraction(retraction, self._name))

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        """What a person confirmed; awaited while nobody has. Raises `NeedsHuman` with what kept them from it."""
        found = self._inbox.given(reference)
        return Absent() if found is None else _outcome(found)

    def check(self) -> tuple[Finding, ...]:
        """Whether packs can be handed over. What the form is like, only people can see."""
        why = "Only people reach this system. Let the person who types compare a sheet with the form."
        return self._inbox_found(), not_asked("forms and fields", why)

    def _inbox_found(self) -> Finding:
        what = "the inbox's packs"
        if not self._inbox.is_there:
            return not_asked(what, "They lie in the bridge's database, which only its own processes can ask.")
        return asked(what, lambda: self.look_up("WB-CONNECTION-CHECK"))

    def _handed_over(self, pack: NewPack) -> Receipt | Awaiting:
        earlier = self._inbox.given(pack.reference)
        if earlier is not None:
            return _outcome(earlier, pack)
        self._inbox.put(pack)
        return Awaiting()


def _outcome(found: Handed, meant: NewPack | None = None) -> Receipt | Awaiting:
    """`meant` is what would be handed over now: another kind, or about another record, is not the same thing."""
    if meant is not None and (found.pack.kind, found.pack.about_number) != (meant.kind, meant.about_number):
        raise NeedsHuman(Reason.CONTRADICTION, "another_pack_under_our_reference")
    if found.refused is not None:
        raise NeedsHuman(found.refused, "refused_by_a_person")
    return Awaiting() if found.confirmation is None else receipt_of(found.pack, found.confirmation)


CONNECTOR = ManualPack
