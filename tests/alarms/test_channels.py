"""Both channels over real connections: what arrives, how it is protected, and what is said when it does not."""

from __future__ import annotations

import email
import email.policy
import ssl
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from service.adapters.egress import Surroundings
from service.adapters.notify import MailChannel, read_mail, read_webhook
from service.adapters.notify.mail import MailServer
from service.domain.alarm_kinds import Kind
from service.domain.telling import Notice, Word
from service.errors import ConfigurationFault
from service.ports.alarms import ChannelFailed
from tests.alarms.facts import NOW, ago, alarm
from tests.alarms.mail_server import Post, mail_server
from tests.alarms.receiver import SECRET, receiver

NOTICE = Notice(alarm(), Word.RAISED, 1)
OTHER = Notice(alarm(Kind.NO_SWEEP, authority=None), Word.STILL, 2)
SENDER, TO = "bridge@example.org", "night@example.org, day@example.org"
ADDRESS = "127.0.0.2"  # loopback, yet not one of the names that may be spoken to without TLS


def file(folder: Path, text: str) -> Path:
    path = folder / "secret"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's context for ADDRESS, and the file that vouches for it."""
    key, folder = ec.generate_private_key(ec.SECP256R1()), tmp_path_factory.mktemp("mail")
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    built = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), ago(days=400), NOW.replace(year=2036)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ADDRESS))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(built.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context, folder / "certificate.pem"


def by_mail(post: Post, *, tls: bool = False, host: str = "127.0.0.1", **more: str) -> MailChannel:
    server = MailServer(host, post.port, tls, **more)
    return MailChannel(server, SENDER, ["night@example.org", "day@example.org"], seconds=2, altogether=4)


def trouble(tell: Callable[[], None]) -> str:
    with pytest.raises(ChannelFailed) as raised:
        tell()
    assert raised.value.__cause__ is None
    return raised.value.trouble


class TestWebhook:
    def test_each_alarm_comes_once_signed_and_to_the_whole_address(self, tmp_path: Path) -> None:
        with receiver() as received:
            read_webhook(received.url, file(tmp_path, SECRET)).tell([NOTICE, OTHER])
        assert received.types == [("alarm.raised", "breaker_open"), ("alarm.still", "no_sweep")]
        assert received.ids == [NOTICE.id, OTHER.id]
        assert set(received.paths) == {"/hooks/alarms?team=night"}

    @pytest.mark.parametrize("status", [400, 401, 410, 429, 500, 503, 301, 307])
    def test_anything_but_a_yes_is_a_failure_and_a_redirect_is_not_followed(self, tmp_path: Path, status: int) -> None:
        with receiver() as received:
            received.status = status
            channel = read_webhook(received.url, file(tmp_path, SECRET))
            assert trouble(lambda: channel.tell([NOTICE, OTHER])) == f"status_{status}"
        assert received.paths == ["/hooks/alarms?team=night"]

    def test_another_secret_is_refused_by_the_receiver(self, tmp_path: Path) -> None:
        with receiver() as received:
            channel = read_webhook(received.url, file(tmp_path, "whsec_" + "QUFB" * 10))
            assert trouble(lambda: channel.tell([NOTICE])) == "status_401"

    def test_nobody_there(self, tmp_path: Path) -> None:
        with receiver() as received:
            gone = received.url
        assert trouble(lambda: read_webhook(gone, file(tmp_path, SECRET)).tell([NOTICE])) == "unreachable"

    def test_this_machine_is_refused_outside_a_rehearsal(self, tmp_path: Path) -> None:
        channel = read_webhook("https://127.0.0.1/x", file(tmp_path, SECRET), surroundings=Surroundings())
        assert trouble(lambda: channel.tell([NOTICE])) == "address_not_allowed"

    def test_nothing_to_say_calls_nobody(self, tmp_path: Path) -> None:
        read_webhook("https://127.0.0.1:1/", file(tmp_path, SECRET)).tell([])

    @pytest.mark.parametrize(
        ("url", "secret", "names"),
        [
            ("http://alarms.example/x", SECRET, ["WISE_ALARM_WEBHOOK_URL"]),
            ("ftp://alarms.example", SECRET, ["WISE_ALARM_WEBHOOK_URL"]),
            ("https://user:word@alarms.example", SECRET, ["WISE_ALARM_WEBHOOK_URL"]),
            ("https://[", SECRET, ["WISE_ALARM_WEBHOOK_URL"]),
            ("https://alarms.example", "whsec_short", ["WISE_ALARM_WEBHOOK_SECRET_FILE"]),
            ("alarms", "", ["WISE_ALARM_WEBHOOK_URL", "WISE_ALARM_WEBHOOK_SECRET_FILE"]),
        ],
    )
    def test_what_cannot_work_is_told_at_start_up(
        self, tmp_path: Path, url: str, secret: str, names: list[str]
    ) -> None:
        with pytest.raises(ConfigurationFault) as raised:
            read_webhook(url, file(tmp_path, secret), surroundings=Surroundings())
        assert [each.field for each in raised.value.faults] == names
        assert "word" not in str(raised.value) and "alarms.example" not in str(raised.value)


class TestMail:
    def test_one_message_for_all_that_is_told_at_once(self) -> None:
        with mail_server() as post:
            by_mail(post).tell([NOTICE, OTHER])
        (raw,) = post.messages
        message = email.message_from_string(raw, policy=email.policy.default)
        assert message["Subject"].startswith("Alarm: Stockport (E08000007): ")
        assert message["Subject"].endswith("(and 1 more)")
        assert message["Auto-Submitted"] == "auto-generated"
        assert "Still: all authorities: " in message.get_content()
        assert post.recipients == ["night@example.org", "day@example.org"]

    @pytest.mark.parametrize("at_once", [True, False])
    def test_tls_from_the_first_byte_or_before_anything_is_said(
        self, certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, at_once: bool
    ) -> None:
        context, authority = certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        with mail_server(host=ADDRESS, context=context, at_once=at_once) as post:
            by_mail(post, tls=at_once, host=ADDRESS, user="bridge", password="of-a-test").tell([NOTICE])
        assert post.over_tls == [True]
        assert post.signed_in == [("bridge", "of-a-test")]
        assert at_once or post.commands.index("STARTTLS") < post.commands.index("AUTH")

    @pytest.mark.parametrize("at_once", [True, False])
    def test_a_certificate_nobody_vouches_for_ends_it(
        self, certificate: tuple[ssl.SSLContext, Path], at_once: bool
    ) -> None:
        with mail_server(host=ADDRESS, context=certificate[0], at_once=at_once) as post:
            channel = by_mail(post, tls=at_once, host=ADDRESS, user="bridge", password="of-a-test")
            assert trouble(lambda: channel.tell([NOTICE])) == "tls_failed"
        assert (post.messages, post.signed_in) == ([], [])

    def test_elsewhere_nothing_is_said_without_tls(self) -> None:
        with mail_server(host=ADDRESS) as post:
            channel = by_mail(post, host=ADDRESS, user="bridge", password="of-a-test")
            assert trouble(lambda: channel.tell([NOTICE])) == "mail_refused"
        assert (post.messages, post.signed_in) == ([], [])

    @pytest.mark.parametrize(
        ("mode", "said"), [("no_recipients", "recipients_refused"), ("wrong_password", "sign_in_refused")]
    )
    def test_refusals_have_names(self, mode: str, said: str) -> None:
        with mail_server(mode=mode) as post:
            assert trouble(lambda: by_mail(post, user="bridge", password="x").tell([NOTICE])) == said

    def test_a_server_that_drips_is_let_go_of(self) -> None:
        with mail_server(mode="drip") as post:
            channel = MailChannel(MailServer("127.0.0.1", post.port, tls=False), SENDER, [SENDER], altogether=0.5)
            assert trouble(lambda: channel.tell([NOTICE])) in ("unreachable", "mail_refused")

    def test_nobody_there(self) -> None:
        with mail_server() as post:
            pass
        assert trouble(lambda: by_mail(post).tell([NOTICE])) == "unreachable"

    def test_from_the_settings(self, tmp_path: Path) -> None:
        with mail_server() as post:
            url = f"smtp://bridge%40org@127.0.0.1:{post.port}"
            read_mail(url, file(tmp_path, "of-a-test\n"), SENDER, TO).tell([NOTICE])
        assert post.signed_in == [("bridge@org", "of-a-test")]
        assert post.recipients == ["night@example.org", "day@example.org"]

    @pytest.mark.parametrize(
        ("url", "sender", "to", "names"),
        [
            ("mail.example", SENDER, TO, ["WISE_ALARM_SMTP_URL"]),
            ("smtps://mail.example:x", SENDER, TO, ["WISE_ALARM_SMTP_URL"]),
            ("smtps://u:of-a-test@mail.example", SENDER, TO, ["WISE_ALARM_SMTP_URL", "WISE_ALARM_SMTP_PASSWORD_FILE"]),
            ("smtps://mail.example", "nobody", TO, ["WISE_ALARM_MAIL_FROM"]),
            ("smtps://mail.example", SENDER, "", ["WISE_ALARM_MAIL_TO"]),
            ("smtps://mail.example", SENDER, "a@example.org\nBcc: b@example.org", ["WISE_ALARM_MAIL_TO"]),
        ],
    )
    def test_what_cannot_work_is_told_at_start_up(self, url: str, sender: str, to: str, names: list[str]) -> None:
        with pytest.raises(ConfigurationFault) as raised:
            read_mail(url, None, sender, to)
        assert [each.field for each in raised.value.faults] == names
        assert "of-a-test" not in str(raised.value)
