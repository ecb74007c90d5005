"""What every exception of urllib3 means to us: the one table.

Exceptions of this library carry the request, and with it a child's record. They are never chained to ours, never
logged, and only the word of this table goes on.
"""

from __future__ import annotations

import ssl
from enum import StrEnum

import urllib3.exceptions as u

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NothingSent, OutcomeUnknown


class Cause(StrEnum):
    """Where it broke. Whether the request may have arrived is not said here; the connection knows."""

    CONNECT = "no_connection"
    TLS = "tls_failed"
    CERTIFICATE = "certificate_not_trusted"
    SILENCE = "no_answer_in_time"
    BROKEN = "connection_broken"
    ANSWER = "answer_unreadable"
    ADDRESS = "address_unusable"
    DEADLINE = "deadline_passed"


CAUSES: dict[type[Exception], Cause] = {
    u.HTTPError: Cause.BROKEN,
    u.PoolError: Cause.CONNECT,
    u.RequestError: Cause.BROKEN,
    u.SSLError: Cause.TLS,
    u.ProxyError: Cause.CONNECT,
    u.DecodeError: Cause.ANSWER,
    u.ProtocolError: Cause.BROKEN,
    u.MaxRetryError: Cause.BROKEN,
    u.HostChangedError: Cause.ADDRESS,
    u.TimeoutStateError: Cause.BROKEN,
    u.TimeoutError: Cause.SILENCE,
    u.ReadTimeoutError: Cause.SILENCE,
    u.ConnectTimeoutError: Cause.CONNECT,
    u.NewConnectionError: Cause.CONNECT,
    u.NameResolutionError: Cause.CONNECT,
    u.EmptyPoolError: Cause.CONNECT,
    u.FullPoolError: Cause.CONNECT,
    u.ClosedPoolError: Cause.CONNECT,
    u.LocationValueError: Cause.ADDRESS,
    u.LocationParseError: Cause.ADDRESS,
    u.URLSchemeUnknown: Cause.ADDRESS,
    u.ResponseError: Cause.ANSWER,
    u.ResponseNotChunked: Cause.ANSWER,
    u.BodyNotHttplibCompatible: Cause.ANSWER,
    u.IncompleteRead: Cause.BROKEN,
    u.InvalidChunkLength: Cause.BROKEN,
    u.InvalidHeader: Cause.ANSWER,
    u.ProxySchemeUnknown: Cause.ADDRESS,
    u.ProxySchemeUnsupported: Cause.ADDRESS,
    u.HeaderParsingError: Cause.ANSWER,
    u.UnrewindableBodyError: Cause.BROKEN,
    OSError: Cause.BROKEN,
}

FAILURES: tuple[type[Exception], ...] = (u.HTTPError, u.ProxySchemeUnsupported, OSError)
"""What a call catches; everything of the table is one of these."""


def cause_of(error: Exception) -> Cause:
    """The word for an exception: its own line of the table, or its nearest ancestor's. One line has two words."""
    if isinstance(error, u.SSLError) and any(isinstance(each, ssl.SSLCertVerificationError) for each in error.args):
        return Cause.CERTIFICATE
    return next(CAUSES[kind] for kind in type(error).__mro__ if kind in CAUSES)


def problem_for(cause: Cause, *, sent: bool, writes: bool) -> DeliveryProblem:
    """Nothing left: try again. A read: try again. A write that may have arrived: look it up, never send blindly."""
    if not sent:
        untrusted = cause is Cause.CERTIFICATE
        return NothingSent(Reason.CERTIFICATE_NOT_TRUSTED if untrusted else Reason.UNREACHABLE, cause.value)
    if not writes:
        return NothingSent(Reason.UNAVAILABLE, cause.value)
    return OutcomeUnknown(Reason.NO_CLEAR_ANSWER, cause.value)
