"""An officer has seen it in the case system, and gives its number there: who looked, and when, is the evidence."""

from __future__ import annotations

from service.domain.faults import Fault
from service.domain.orders import Action
from service.errors import Invalid
from service.ports.orders import Grounds, Item, Officer, OrderTransaction, Seen
from service.usecases.orders.desk import Doing, OrderDesk, close, order, order_one


def mark_delivered(
    desk: OrderDesk, authority: str, reference: str, officer: Officer, grounds: Grounds, *, seen: Seen
) -> Item:
    """Raises `NotThere`, `NotPossible`, or `Invalid` for a number that cannot be the one of this record."""
    said = {"record_number": seen.record_number, "document_number": seen.document_number}
    asked = order(Action.EVIDENCE, officer, grounds, **said, seen_by=seen.by, seen_at=seen.at)

    def keep(tx: OrderTransaction, doing: Doing) -> None:
        _require_fitting(tx, doing.item, seen.record_number)
        tx.orders.add(doing.asked)
        tx.items.mark_delivered(doing.item, seen, doing.asked.id)
        close(tx, doing)

    return order_one(desk, authority, reference, asked, act=keep)


def _require_fitting(tx: OrderTransaction, item: Item, number: str) -> None:
    """A withdrawal is proven by the record's own number; two young people's records never have the same one."""
    if item.kind == "retraction" and item.retracts and tx.items.number_of(item.retracts) not in (None, number):
        raise _wrong_number("This is not the number of the record that was withdrawn.", "Check which one was opened.")
    if item.kind == "record" and tx.items.is_of_another(item, number):
        raise _wrong_number("Another young person's record has this number.", "Read the number off the record again.")


def _wrong_number(detail: str, fix: str) -> Invalid:
    return Invalid("Nothing was marked as delivered.", faults=[Fault("/record_number", "OR-1", detail, fix)])
