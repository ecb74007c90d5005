"""The SFTP session of one call: the host's key before anything of ours, one deadline, and always closed.

No known_hosts, no trust on first use, no agent, no keys from disk: the profile names the host keys and carries ours.
Paramiko insists on strict key exchange by itself where the server knows it; the old ciphers are off.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import TypeVar

import paramiko

from service.adapters.egress import Deadline
from service.adapters.sftp.endpoint import Endpoint
from service.adapters.sftp.failures import FAILURES
from service.adapters.sftp.folder import Folder
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

T = TypeVar("T")

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
CALL_SECONDS = 60.0
OLD_CIPHERS = ["aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"]


def in_session(endpoint: Endpoint, seconds: float, work: Callable[[Folder], T]) -> T:
    """What `work` makes of the folder. A failure in it means "nothing sent": what nobody marked, nobody reads.

    A step that hands something over must say otherwise itself. The failure's text is the server's and stays here, so it
    ends inside the session: one that crosses the end of a `with` is dragged along by the problem raised there.
    """
    with session(endpoint, seconds) as folder, contextlib.suppress(*FAILURES):
        return work(folder)
    raise NothingSent(Reason.UNAVAILABLE, "session_broken")


@contextlib.contextmanager
def session(endpoint: Endpoint, seconds: float) -> Iterator[Folder]:
    """A signed-in session.

    Raises `NothingSent` when there is none to be had, and `NeedsHuman` for a host key that is not pinned, a refused
    sign-in, and a target that is not listed.
    """
    with Deadline(seconds) as deadline, _connection(endpoint, deadline) as connection:
        yield _folder(endpoint, connection, deadline)


@contextlib.contextmanager
def _connection(endpoint: Endpoint, deadline: Deadline) -> Iterator[paramiko.Transport]:
    """A transport over a watched socket; both closed at the end, even when the transport believes it is closed."""
    raw = _dial(endpoint, deadline)
    with contextlib.closing(raw):
        deadline.watch(raw)
        transport = paramiko.Transport(raw, disabled_algorithms={"ciphers": OLD_CIPHERS})
        with contextlib.closing(transport):
            yield transport


def _dial(endpoint: Endpoint, deadline: Deadline) -> socket.socket:
    with contextlib.suppress(OSError):
        return endpoint.egress.dial(endpoint.host, endpoint.port, deadline.left(CONNECT_SECONDS), scheme="sftp")
    raise NothingSent(Reason.UNREACHABLE, "no_connection")


def _folder(endpoint: Endpoint, transport: paramiko.Transport, deadline: Deadline) -> Folder:
    """Handshake, host key, sign-in, channel; in this order."""
    _limit(transport, deadline)
    problem: DeliveryProblem | None = None
    try:
        transport.start_client(timeout=deadline.left(CONNECT_SECONDS))
        _check_host_key(endpoint, transport)
        _sign_in(endpoint, transport)
        return _open(transport, deadline)
    except FAILURES:
        problem = NothingSent(Reason.UNREACHABLE, "no_session")
    raise problem


def _limit(transport: paramiko.Transport, deadline: Deadline) -> None:
    """Paramiko's own limits; by default it waits an hour for a channel."""
    transport.banner_timeout = transport.handshake_timeout = deadline.left(CONNECT_SECONDS)
    transport.auth_timeout = transport.channel_timeout = deadline.left(ANSWER_SECONDS)


def _check_host_key(endpoint: Endpoint, transport: paramiko.Transport) -> None:
    """Before sign-in: an impostor gets neither our signature nor a name."""
    if transport.get_remote_server_key().fingerprint not in endpoint.host_keys:
        raise NeedsHuman(Reason.HOST_KEY_CHANGED)


def _sign_in(endpoint: Endpoint, transport: paramiko.Transport) -> None:
    """Refused is for a person; a connection that ended during sign-in is not a refusal."""
    with contextlib.suppress(paramiko.AuthenticationException):
        transport.auth_publickey(endpoint.user, endpoint.private_key)
    if transport.is_authenticated():
        return
    if transport.is_active():
        raise NeedsHuman(Reason.SIGN_IN_REFUSED)
    raise NothingSent(Reason.UNREACHABLE, "ended_during_sign_in")


def _open(transport: paramiko.Transport, deadline: Deadline) -> Folder:
    channel = transport.open_session(timeout=deadline.left(ANSWER_SECONDS))
    channel.settimeout(deadline.left(ANSWER_SECONDS))
    channel.invoke_subsystem("sftp")
    return Folder(paramiko.SFTPClient(channel))
