"""What has been stored, in memory. One lock serves all, so that a look and the change it allows are one."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from simulators.lcs_rest.model import Document, Form, Task, Withdrawal

Held = Form | Task | Withdrawal


class Memory:
    """Forms by number, tasks and withdrawals in order. Callers hold `lock` around whatever belongs together."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.forms: dict[int, Form] = {}
        self.tasks: list[Task] = []
        self.withdrawals: list[Withdrawal] = []
        self.form_ids, self.record_ids, self.document_ids = count(880123), count(900417), count(77812)
        self.task_ids, self.withdrawal_ids = count(31009), count(70012)

    def record(self, record_id: int) -> list[Form]:
        """The complete versions of a record, oldest first; empty when there is no such record."""
        versions = [form for form in self.forms.values() if form.status == "COMPLETE" and form.record_id == record_id]
        return sorted(versions, key=lambda form: form.version)

    def withdrawal(self, record_id: int) -> Withdrawal | None:
        return next((found for found in self.withdrawals if found.record_id == record_id), None)

    def document(self, document_id: int) -> tuple[Form, Document] | None:
        every = ((form, document) for form in self.forms.values() for document in form.documents)
        return next((found for found in every if found[1].document_id == document_id), None)

    def under(self, reference: str) -> list[Held]:
        """Everything under one reference: forms, then tasks, then withdrawals."""
        with self.lock:
            every: Sequence[Held] = [*self.forms.values(), *self.tasks, *self.withdrawals]
            return [held for held in every if held.reference == reference]


def now() -> str:
    """This moment as the page writes times."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
