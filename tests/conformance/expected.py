"""Every bad day of the normalised taxonomy, and what may come of it: over HTTP, and in an exchange of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown

Allowed = tuple[type[DeliveryProblem], frozenset[Reason]]


def may(kind: type[DeliveryProblem], *reasons: Reason) -> Allowed:
    """A problem of this kind with one of these reasons."""
    return kind, frozenset(reasons)


@dataclass(frozen=True)
class Expected:
    """What may come of a fault in a call that only reads, and in one that writes."""

    reading: tuple[Allowed, ...]
    writing: tuple[Allowed, ...]
    slow: bool = False


_AWAY = may(NothingSent, Reason.UNAVAILABLE, Reason.UNREACHABLE, Reason.MAINTENANCE)
_NOBODY_KNOWS = may(OutcomeUnknown, Reason.NO_CLEAR_ANSWER, Reason.UNEXPECTED_ANSWER)
_SIGN_IN = (may(NeedsHuman, Reason.SIGN_IN_REFUSED),)
_DENIED = (may(NeedsHuman, Reason.NOT_PERMITTED, Reason.PERSON_NOT_FOUND),)
_SLOWER = (may(NothingSent, Reason.THROTTLED),)
_CLOSED = (may(NothingSent, Reason.MAINTENANCE, Reason.UNAVAILABLE),)

FAULTS: Mapping[str, Expected] = {
    "auth_expired": Expected(_SIGN_IN, _SIGN_IN),
    "denied": Expected(_DENIED, _DENIED),
    "throttled": Expected(_SLOWER, _SLOWER),
    "maintenance": Expected(_CLOSED, _CLOSED),
    "hang": Expected((_AWAY,), (_NOBODY_KNOWS,), slow=True),
    "drip": Expected((_AWAY,), (_NOBODY_KNOWS,), slow=True),
    "reset": Expected((_AWAY,), (_NOBODY_KNOWS,)),
    "reset_after_commit": Expected((), (_NOBODY_KNOWS,)),
    "away_after_commit": Expected((), (_NOBODY_KNOWS,)),
    "login_page": Expected((_AWAY,), (_NOBODY_KNOWS,)),
    "html_fault": Expected((_AWAY,), (_NOBODY_KNOWS,)),
    "redirect": Expected((_AWAY,), (_NOBODY_KNOWS,)),
    "huge": Expected((_AWAY,), (_NOBODY_KNOWS,), slow=True),
    "garbage": Expected((_AWAY,), (_NOBODY_KNOWS,)),
}
"""Over HTTP. A call that was refused before it had any effect says so; a write without a clear answer is unknown."""

_OTHER_KEY = (may(NeedsHuman, Reason.HOST_KEY_CHANGED),)
_FORBIDDEN = (_AWAY, may(NeedsHuman, Reason.NOT_PERMITTED))
_NO_ANSWER_TO_US = (_AWAY, may(NeedsHuman, Reason.UNEXPECTED_ANSWER))

FILE_FAULTS: Mapping[str, Expected] = {
    "auth_expired": Expected(_SIGN_IN, _SIGN_IN),
    "host_key_changed": Expected(_OTHER_KEY, _OTHER_KEY),
    "denied": Expected(_FORBIDDEN, _FORBIDDEN),
    "unmounted": Expected((_AWAY,), (_AWAY,)),
    "hang": Expected((_AWAY,), (_AWAY,), slow=True),
    "reset": Expected((_AWAY,), (_AWAY,)),
    "disk_full": Expected((), (_AWAY,)),
    "short_write": Expected((), (_AWAY,)),
    "drip": Expected((_AWAY,), (), slow=True),
    "huge": Expected(_NO_ANSWER_TO_US, ()),
    "hang_at_marker": Expected((), (_NOBODY_KNOWS,), slow=True),
    "reset_at_marker": Expected((), (_NOBODY_KNOWS,)),
    "reset_after_commit": Expected((), (_NOBODY_KNOWS,)),
}
"""In an exchange of files. Nothing before the marker gets its name has an effect, so nothing was sent; at the marker
nobody knows, whether it got its name (`reset_after_commit`) or not. A missing share must not look like a missing file.
`denied` is permission denied; `drip` and `huge` are an answer that comes byte by byte, or has no end.
"""

ANSWERS_AMISS = ("garbage", "login_page")
"""What lies under the name of an answer, for good: one cut short, a web page."""

BY_TRANSPORT: Mapping[str, Mapping[str, Expected]] = {"http": FAULTS, "files": FILE_FAULTS}
