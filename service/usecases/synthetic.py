"""Sending synthetic records: one at a time, by the way every record takes, and back again once it has arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from service.domain.faults import Findings
from service.domain.london import london_date
from service.domain.policy import Policy
from service.domain.rules import Subject
from service.domain.synthetic import SENDER, Synthetic, name_of
from service.domain.synthetic_record import RECORD_TYPE, synthetic_record, synthetic_withdrawal
from service.errors import Conflict, Invalid
from service.ports import Record
from service.ports.synthetic import SyntheticBook, SyntheticStanding
from service.usecases.each import each_by_itself
from service.usecases.incoming import Incoming, canonical
from service.usecases.know import Knower
from service.usecases.receive import Receiver


@dataclass
class SyntheticSender:
    """Any number of processes may have one. `check` judges by structure and rules, as for any sender.

    `wanted` holds the authorities whose profiles ask for synthetic records, and no other.
    """

    receiver: Receiver
    knower: Knower
    check: Callable[[Subject], Findings]
    book: SyntheticBook
    policies: Mapping[str, Policy]
    wanted: Mapping[str, Synthetic]
    now: Callable[[], datetime]
    _refused: dict[str, str] = field(default_factory=dict)
    """The record of each authority that its rules refused last: one refusal is said once."""

    def look(self) -> int:
        """One round: how many records and withdrawals were taken in. Raises `SomeFailedError`."""
        return each_by_itself(self.wanted, self._tend)

    def _tend(self, authority: str) -> int:
        """Raises `Invalid` when the authority's own rules refuse the record; the trail says which."""
        synthetic, policy = self.wanted[authority], self.policies[authority]
        child_key = self.receiver.vault.child_key(authority, synthetic.child)
        record = self._next(self.book.standing(authority, child_key), synthetic, policy)
        if record is None or self._refused.get(authority) == record["submission_id"]:
            return 0
        return self._send(record, policy)

    def _next(self, standing: SyntheticStanding, synthetic: Synthetic, policy: Policy) -> Record | None:
        """Never a second one while one is under way: where nothing arrives, more of it would help nobody."""
        slot = synthetic.slot(self.now())
        if standing.under_way:
            return None
        if synthetic.withdraw and standing.to_withdraw:
            return synthetic_withdrawal(synthetic, policy, standing.to_withdraw)
        return None if standing.newest == name_of(slot) else synthetic_record(synthetic, policy, slot)

    def _send(self, record: Record, policy: Policy) -> int:
        """Another process may have been quicker, or the profile changed within the slot: then nothing more is sent."""
        subject = Subject(record, RECORD_TYPE, policy, london_date(self.now()))
        subject = replace(subject, known=self.knower.about(subject))
        findings = self.check(subject)
        if not findings.valid:
            self._refuse(record, findings, policy.authority)
        sent = sha256(canonical(record)).digest()
        try:
            received = self.receiver.accept(Incoming(record, findings, RECORD_TYPE, policy, SENDER, sent=sent))
        except Conflict:
            return 0
        return 0 if received.replayed else 1

    def _refuse(self, record: Record, findings: Findings, authority: str) -> None:
        self._refused[authority] = record["submission_id"]
        self.receiver.refuse(record, findings, record_type=RECORD_TYPE, authority=authority, client_id=SENDER)
        raise Invalid("The authority's rules refuse the synthetic record.", faults=findings.errors)
