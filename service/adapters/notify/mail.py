"""Alarms by electronic mail: one message for all that is to be told at once.

`smtps` speaks TLS from the first byte; `smtp` must be able to start it, unless the mail server is on this very machine.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

from service.adapters.egress import Deadline
from service.adapters.notify.words import headline, paragraph
from service.domain.telling import Notice
from service.errors import ConfigFault, ConfigurationFault
from service.ports.alarms import ChannelFailed

SECONDS = 10.0
"""For one answer."""
ALTOGETHER = 30.0
"""For the whole conversation: a server that drips its answers is let go of."""
_PORTS = {"smtp": 25, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_HOW = "Write it as smtps://user@host:465, with the password in the file that WISE_ALARM_SMTP_PASSWORD_FILE names."


@dataclass(frozen=True, repr=False)
class MailServer:
    """Where mail is given up, and as whom."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = ""


class MailChannel:
    """`service.ports.alarms.Channel`."""

    name = "mail"

    def __init__(
        self,
        server: MailServer,
        sender: str,
        recipients: Sequence[str],
        *,
        seconds: float = SECONDS,
        altogether: float = ALTOGETHER,
    ) -> None:
        self._server, self._sender, self._recipients = server, sender, list(recipients)
        self._seconds, self._altogether = seconds, altogether

    def tell(self, notices: Sequence[Notice]) -> None:
        """All or none. Taken by the mail server is all that can be known here."""
        if not notices:
            return
        taken = False
        try:
            with self._conversation() as connection:
                connection.send_message(self._message(notices), self._sender, self._recipients)
                taken = True
        except OSError as error:  # which smtplib's own are, too
            if not taken:  # how it says goodbye afterwards changes nothing
                raise ChannelFailed(_trouble(error)) from None

    def _message(self, notices: Sequence[Notice]) -> EmailMessage:
        message = EmailMessage()
        first = headline(notices[0])
        message["Subject"] = first if len(notices) == 1 else f"{first} (and {len(notices) - 1} more)"
        message["From"], message["To"] = self._sender, ", ".join(self._recipients)
        message["Date"], message["Auto-Submitted"] = formatdate(), "auto-generated"
        message["Message-ID"] = f"<{notices[0].id}.{len(notices)}@{self._sender.rpartition('@')[2]}>"
        message.set_content("\n\n".join(paragraph(each) for each in notices) + "\n")
        return message

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        server = self._server
        with Deadline(self._altogether) as deadline, _Connection(server, deadline, self._seconds) as connection:
            if not server.tls and server.host not in _HERE:
                connection.starttls(context=_context())
            if server.user:
                connection.login(server.user, server.password)
            yield connection


_TROUBLE: tuple[tuple[type[OSError], str], ...] = (
    (smtplib.SMTPRecipientsRefused, "recipients_refused"),
    (smtplib.SMTPAuthenticationError, "sign_in_refused"),
    (smtplib.SMTPException, "mail_refused"),
    (ssl.SSLError, "tls_failed"),
)


def _trouble(error: OSError) -> str:
    return next((said for kind, said in _TROUBLE if isinstance(error, kind)), "unreachable")


class _Connection(smtplib.SMTP):
    """Watched from outside: a timeout alone counts only the silence between two bytes."""

    def __init__(self, server: MailServer, deadline: Deadline, seconds: float) -> None:
        self._server, self._deadline = server, deadline
        super().__init__(server.host, server.port, timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        self._deadline.watch(plain)
        return _context().wrap_socket(plain, server_hostname=host) if self._server.tls else plain


def _context() -> ssl.SSLContext:
    """The machine's own list of authorities; names are checked. Not the library's default, which may write keys."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    return context


def read_mail(url: str, password_file: Path | None, sender: str, recipients: str) -> MailChannel:
    """`url` as smtps://user@host:465; `recipients` with commas. Raises `ConfigurationFault` with everything wrong."""
    faults, server = _server(url, password_file)
    to = [each.strip() for each in recipients.split(",") if each.strip()]
    addresses = {"WISE_ALARM_MAIL_FROM": [sender], "WISE_ALARM_MAIL_TO": to}
    for name, given in addresses.items():
        if not given or not all(_ADDRESS.fullmatch(each) for each in given):
            faults.append(_fault(name, "isn't a mail address.", "Write it as operations@example.org."))
    if faults:
        raise ConfigurationFault(faults)
    return MailChannel(server, sender, to)


def _server(url: str, password_file: Path | None) -> tuple[list[ConfigFault], MailServer]:
    faults, parts, port = [], urlsplit(url), None
    try:
        port = parts.port
    except ValueError:
        faults.append(_fault("WISE_ALARM_SMTP_URL", "has no usable port.", _HOW))
    if parts.scheme not in _PORTS or not parts.hostname:
        faults.append(_fault("WISE_ALARM_SMTP_URL", "isn't the address of a mail server.", _HOW))
    if parts.password is not None:
        faults.append(_fault("WISE_ALARM_SMTP_URL", "holds a password.", "Put it into WISE_ALARM_SMTP_PASSWORD_FILE."))
    password = _password(password_file)
    if parts.username and not password:
        faults.append(_fault("WISE_ALARM_SMTP_PASSWORD_FILE", "names no file with a password in it.", _HOW))
    user = unquote(parts.username or "")
    port = port or _PORTS.get(parts.scheme, 0)
    return faults, MailServer(parts.hostname or "", port, parts.scheme == "smtps", user, password)


def _password(file: Path | None) -> str:
    try:
        return file.read_text("utf-8").strip() if file else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _fault(name: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault("environment", None, name, detail, fix)
