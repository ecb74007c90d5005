"""A revoked client's token, and a revoked key's, are refused within seconds; and the look-up is remembered so long."""

from __future__ import annotations

from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from service.api.standing import SECONDS, Standing
from service.store.client_keys import ClientKeyRows
from service.store.clients import ClientRows
from service.store.engine import short_lived_engine
from tests.support.assertions import another_key, keyed_client, present, signed
from tests.support.bridge import Bridge

ONE, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")


class Clients:
    """Who stands, and how often that was asked."""

    def __init__(self) -> None:
        self.standing, self.asked = {("wb-a", ""), ("wb-a", "k")}, 0

    def stands(self, client_id: str, kid: str) -> bool:
        self.asked += 1
        return (client_id, kid) in self.standing


def token(bridge: Bridge, client_id: str, key: ECKey) -> str:
    return str(present(bridge, signed(client_id, key)).get_json()["access_token"])


def asked(bridge: Bridge, a_token: str) -> TestResponse:
    return bridge.casework.get("/v1/reviews", headers={"Authorization": f"Bearer {a_token}"})


def forget(bridge: Bridge) -> None:
    """As if the seconds had passed."""
    bridge.casework.application.extensions["wise_bridge_standing"]._known.clear()


def test_one_look_up_serves_for_some_seconds_and_no_longer() -> None:
    clients, now = Clients(), [100.0]
    standing = Standing(clients.stands, monotonic=lambda: now[0])
    assert all(standing.stands("wb-a", "k") for _ in range(100))
    assert clients.asked == 1
    clients.standing.clear()
    now[0] += SECONDS - 0.01
    assert standing.stands("wb-a", "k")
    now[0] += 0.02
    assert not standing.stands("wb-a", "k")
    assert (clients.asked, SECONDS) == (2, 5.0)


def test_only_so_many_are_remembered_and_each_key_by_itself() -> None:
    clients = Clients()
    standing = Standing(clients.stands)
    assert standing.stands("wb-a", "") and standing.stands("wb-a", "k") and not standing.stands("wb-a", "other")
    for number in range(1_500):
        standing.stands(f"wb-{number}", "")
    assert len(standing._known) == 1_000
    assert clients.asked == 1_503


def test_a_revoked_client_is_refused_with_the_token_it_has(bridge: Bridge) -> None:
    gone, stays = keyed_client(bridge, ONE), keyed_client(bridge, ONE)
    tokens = {client_id: token(bridge, client_id, ONE) for client_id in (gone, stays)}
    assert all(asked(bridge, each).status_code == 200 for each in tokens.values())
    with short_lived_engine(bridge.database.url("wise_owner")) as engine:
        ClientRows(engine).revoke(gone, by="Ann Example")
    forget(bridge)
    assert [asked(bridge, tokens[each]).status_code for each in (gone, stays)] == [401, 200]
    refused, unknown = asked(bridge, tokens[gone]).get_json(), asked(bridge, "x").get_json()
    assert {name for name in refused if refused[name] != unknown[name]} == {"trace_id"}


def test_a_revoked_keys_tokens_end_and_the_other_keys_do_not(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, ONE)
    another_key(bridge, client_id, OTHER)
    by_one, by_other = token(bridge, client_id, ONE), token(bridge, client_id, OTHER)
    assert (asked(bridge, by_one).status_code, asked(bridge, by_other).status_code) == (200, 200)
    with short_lived_engine(bridge.database.url("wise_owner")) as engine:
        ClientKeyRows(engine).revoke(client_id, ONE.thumbprint(), by="Ann Example")
    forget(bridge)
    assert (asked(bridge, by_one).status_code, asked(bridge, by_other).status_code) == (401, 200)
