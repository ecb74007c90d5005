"""Which deliveries may be worked on now, as conditions shared by the sweep and the claim."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, or_

from service.domain.delivery import TERMINAL, State
from service.store.tables import delivery
from service.store.tables.delivery import WORKED_ON

_earlier = delivery.alias("earlier")

_IN_ORDER = ("record", "retraction")

BEHIND_EARLIER = and_(
    delivery.c.kind.in_(_IN_ORDER),
    delivery.c.state != State.IN_FLIGHT.value,
    exists().where(
        _earlier.c.authority == delivery.c.authority,
        _earlier.c.child_key == delivery.c.child_key,
        _earlier.c.kind.in_(_IN_ORDER),
        _earlier.c.id != delivery.c.id,
        or_(_earlier.c.seq < delivery.c.seq, _earlier.c.state == State.IN_FLIGHT.value),
        _earlier.c.state.not_in([state.value for state in TERMINAL]),
    ),
)
"""Order is kept per young person: an earlier record or retraction that is still open goes first.

So does a later one that is in flight already, when the earlier came to light after it, or was reopened.
"""

_HELD = delivery.c.state == State.IN_FLIGHT.value
CLAIMABLE = and_(
    delivery.c.state.in_(WORKED_ON),
    or_(and_(~_HELD, delivery.c.due_at <= func.now()), and_(_HELD, delivery.c.lease_until < func.now())),
)
"""Due, or left behind by a worker whose lease ended; on the database's clock.

The states stand by themselves, as in `ix_delivery_due`: what is due first is then found without reading all that waits.
"""
