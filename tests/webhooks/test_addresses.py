"""Where messages may go: somebody typed the address in, so it may be a way to reach what only the bridge can reach."""

from __future__ import annotations

import socket
import threading

import pytest

from service.adapters.egress import Surroundings
from service.adapters.webhooks import WebhookSender, read_address
from service.adapters.webhooks.address import egress_for
from service.errors import ConfigurationFault, NeedsHuman
from tests.webhooks.receiver import Receiver

OUTSIDE, REHEARSAL = Surroundings(), Surroundings(loopback=True)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.stockport.example/wise?sig=abc", "https://hooks.stockport.example"),
        ("https://Hooks.Stockport.example:8443/", "https://hooks.stockport.example:8443"),
    ],
)
def test_of_an_address_the_host_alone_is_shown(url: str, shown: str) -> None:
    assert read_address(url, (), OUTSIDE) == shown


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.stockport.example/wise",
        "https://user:pw@hooks.stockport.example/",
        "https://hooks.stockport.example/#part",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://10.0.0.1/",
        "https://hooks.stockport.example:5432/",
        "https://hooks.stockport.example:0/",
        "https://hooks.stockport.example:99999/",
        "ftp://hooks.stockport.example/",
        "file:///etc/passwd",
        "https:///wise",
        "https://hooks.stockport.example/a b",
        "https://hooks.stockport.example/\n",
        "https://hooks.stockport.example/" + "a" * 2000,
        "//hooks.stockport.example",
        "",
    ],
)
def test_what_is_not_to_be_called_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationFault) as refused:
        read_address(url, (), OUTSIDE)
    assert not url or url not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/x", "https://127.0.0.1:8000/x", "http://localhost:8000/"])
def test_this_machine_may_be_called_in_a_rehearsal_only(url: str) -> None:
    assert read_address(url, (), REHEARSAL) == url.rsplit("/", 1)[0]
    with pytest.raises(ConfigurationFault):
        read_address(url, (), OUTSIDE)


def test_an_inner_address_needs_its_network() -> None:
    url = "https://10.20.3.4/wise"
    assert read_address(url, ["10.20.0.0/16"], OUTSIDE) == "https://10.20.3.4"
    for networks in ((), ["10.30.0.0/16"], ["0.0.0.0/0"], ["169.254.0.0/16"], ["nonsense"]):
        with pytest.raises(ConfigurationFault):
            read_address(url, networks, OUTSIDE)


@pytest.mark.parametrize("leads_to", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_name_is_judged_by_where_it_leads_each_time(leads_to: str) -> None:
    """A name that was public when the webhook was made, and leads inside when it is called."""
    egress = egress_for("https://hooks.stockport.example/wise", (), OUTSIDE)
    turned = type(egress)(egress.rules, egress.surroundings, lambda _host, _seconds: [leads_to])
    with pytest.raises(NeedsHuman):
        turned.dial("hooks.stockport.example", 443, 1.0, scheme="https")


def test_what_may_not_be_called_is_an_answer_to_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WISE_BRIDGE_ALLOW_LOOPBACK")
    answer = WebhookSender()("http://127.0.0.1:9/x", (), {}, b"{}")
    assert (answer.status, answer.note) == (None, "address_never_allowed")


def test_nobody_there_is_an_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = WebhookSender()(f"http://127.0.0.1:{taken.getsockname()[1]}/x", (), {}, b"{}")
    assert (answer.status, answer.note) == (None, "no_connection")


def test_one_that_answers_drop_by_drop_is_left_at_the_deadline() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        over = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                while not over.wait(0.05):
                    try:
                        connection.send(b"H")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        answer = WebhookSender(seconds=0.5)(f"http://127.0.0.1:{server.getsockname()[1]}/x", (), {}, b"{}")
        over.set()
        dripping.join()
    assert answer.status is None


def test_path_query_body_and_headers_arrive_as_they_are(receiver: Receiver) -> None:
    body = '{"reference":"WB-Ä"}'.encode()
    headers = {"webhook-id": "msg_1", "Content-Type": "application/json"}
    answer = WebhookSender()(receiver.url.replace("stockport", "a%2Fb"), (), headers, body)
    assert answer.status == 204
    (heard,) = receiver.heard
    assert (heard.path, heard.body, heard.id) == ("/hooks/a%2Fb?key=in-the-address", body, "msg_1")
    assert heard.headers["user-agent"] == "wise-bridge"
