"""Who signs in at the Hub, signs out or is refused stands in its trail; its process writes none of it by itself."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from service.domain.people import Role
from service.store.engine import make_engine
from service.store.staff import CENTRAL, StaffSessions
from service.store.trail import ChainRows
from service.usecases.sealing import Sealer
from tests.people.world import OURS, PUBLIC, Browser, Issuers
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT, Bridge


def entries(bridge: Bridge) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Of the Hub's chain: actor, action, whom it is about, detail."""
    found = rows(
        bridge.database,
        "SELECT actor, action, subject_type || ':' || subject_id AS about, detail FROM casework.audit"
        " WHERE authority = 'hub' ORDER BY id",
    )
    return [tuple(each.values()) for each in found]


def signed_in(reference: str, roles: str = "analyst", way: str = "issuer") -> tuple[str, str, str, dict[str, Any]]:
    who = f"person:{reference}"
    return who, "person_signed_in", who, {"way": way, "roles": roles}


def test_signing_in_and_out(hubs: Browser, bridge: Bridge) -> None:
    hubs.sign_in("hub", "amira")
    who = hubs.me()["reference"]
    assert entries(bridge) == [signed_in(who)]
    for _ in range(2):
        assert hubs.client.post("/sign-out", base_url=PUBLIC, headers=OURS).status_code == 200
    person = f"person:{who}"
    assert entries(bridge) == [signed_in(who), (person, "person_signed_out", person, {})]


def test_signing_in_again_and_being_signed_out_by_the_issuer(hubs: Browser, bridge: Bridge, world: Issuers) -> None:
    hubs.sign_in("hub", "amira")
    hubs.sign_in("hub", "amira")
    who = hubs.me()["reference"]
    assert entries(bridge) == [signed_in(who)] * 2, "a session that another takes the place of is no sign-out"
    engine = make_engine(bridge.database.url("wise_central"))
    StaffSessions(engine, CENTRAL).end_of_issuer(authority="hub", reference=who, issuer_session="")
    engine.dispose()
    person = f"person:{who}"
    assert entries(bridge)[2:] == [(person, "person_signed_out_by_issuer", person, {})]
    assert hubs.me() is None


def test_who_is_barred_does_not_stand_there_as_signed_in(hubs: Browser, bridge: Bridge) -> None:
    hubs.sign_in("hub", "amira")
    who = hubs.me()["reference"]
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE central.staff SET barred_at = now()")
    assert hubs.sign_in("hub", "amira").status_code == 403
    person = f"person:{who}"
    assert entries(bridge) == [signed_in(who), (person, "sign_in_refused", person, {"reason": "barred"})]


def test_refusals_once_a_minute_for_each_reason(hubs: Browser, bridge: Bridge) -> None:
    for _ in range(3):
        assert hubs.get("/sign-in/back?state=x&code=y", Accept="text/html").status_code == 403
    feed = {"Authorization": "Bearer feed_0123456789ab_" + "x" * 43}
    assert hubs.get("/v1/aggregates", **feed).status_code == 401
    stranger = [
        ("stranger", "sign_in_refused", "client:", {"reason": each}) for each in ("state_wrong", "feed_key_refused")
    ]
    assert entries(bridge) == stranger
    assert rows(bridge.database, "SELECT sum(total)::int AS all FROM central.sign_in_failure") == [{"all": 4}]
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE central.sign_in_failure SET noted_at = noted_at - interval '1 minute'")
    hubs.get("/sign-in/back?state=x&code=y", Accept="text/html")
    assert entries(bridge) == [*stranger, stranger[0]]


def test_a_councils_machine_that_tries_the_hub_is_named(hubs: Browser, bridge: Bridge) -> None:
    assert hubs.get("/v1/aggregates", **bridge.headers(STOCKPORT)).status_code == 403
    ((actor, action, about, detail),) = entries(bridge)
    assert (action, detail) == ("sign_in_refused", {"reason": "scope_missing"})
    assert actor.startswith("wb-") and about == f"client:{actor}"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT casework.enter('hub', 'person:x', 'person_signed_in', 'person', 'x', '{}')",
        "SELECT casework.refuse_address('vault', '', 'address_never_allowed')",
        "SELECT 1 FROM casework.audit",
        "INSERT INTO central.staff_session (digest) VALUES ('')",
        "SELECT central.approver_of('x')",
        "SELECT content FROM central.build",
        "SELECT central.shape_of(content) FROM central.build",
    ],
)
def test_the_hubs_process_can_write_no_entry_of_its_own(statement: str, bridge: Bridge) -> None:
    engine = make_engine(bridge.database.url("wise_central"))
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_what_is_refused_cannot_be_used_to_write_at_will(bridge: Bridge) -> None:
    """A client id and a reason come from the process: neither can carry words, nor name another authority's chain."""
    engine = make_engine(bridge.database.url("wise_central"))
    with engine.begin() as connection:
        connection.execute(text("SELECT central.refuse_sign_in('two words', 'other_site')"))
    with pytest.raises(Exception, match="ck_sign_in_failure_reason"), engine.begin() as connection:
        connection.execute(text("SELECT central.refuse_sign_in('wb-1', 'Some words.')"))
    engine.dispose()
    assert entries(bridge) == [("stranger", "sign_in_refused", "client:", {"reason": "other_site"})]


def test_it_is_sealed_in_the_hubs_chain(hubs: Browser, bridge: Bridge) -> None:
    engine = make_engine(bridge.database.url("wise_central"))
    StaffSessions(engine, CENTRAL).begin(
        "new", "", authority="hub", reference="hub-1", roles=(Role.ANALYST,), way="link"
    )
    engine.dispose()
    assert entries(bridge) == [signed_in("hub-1", way="link")]
    keeper = make_engine(bridge.database.url("wise_keeper"))
    assert Sealer(ChainRows(keeper), lambda: ["hub"]).look() == 1
    keeper.dispose()
    assert rows(bridge.database, "SELECT authority, position FROM casework.audit_link") == [
        {"authority": "hub", "position": 1}
    ]
