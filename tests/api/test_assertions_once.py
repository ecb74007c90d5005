"""An assertion is good once, whoever races with it and in however many processes; and is forgotten when worthless."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from joserfc.jwk import ECKey

from service.store.engine import short_lived_engine
from service.store.sign_in import SignInRows
from tests.api.test_client_keys import said
from tests.store.rows import rows
from tests.support.assertions import TYPE, keyed_client, present, signed
from tests.support.bridge import Bridge

EC = ECKey.generate_key("P-256")


def test_an_assertion_is_good_once(bridge: Bridge) -> None:
    client_id, another = keyed_client(bridge, EC), keyed_client(bridge, EC)
    once = signed(client_id, EC, jti="the-same")
    assert present(bridge, once).status_code == 200
    assert "used before" in said(present(bridge, once))
    assert "used before" in said(present(bridge, signed(client_id, EC, jti="the-same")))
    assert present(bridge, signed(another, EC, jti="the-same")).status_code == 200, "another client's own"


def test_an_assertion_with_faults_is_not_used_up(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, EC)
    assert present(bridge, signed(client_id, EC, jti="1", aud="x")).status_code == 401
    assert present(bridge, signed(client_id, EC, jti="1")).status_code == 200


def test_of_fifty_that_race_with_one_assertion_one_gets_a_token(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, EC)
    once, together = signed(client_id, EC), Barrier(50)
    app = bridge.casework.application
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": once}

    def race(_number: int) -> int:
        together.wait()
        return app.test_client().post("/oauth/token", data=form).status_code

    with ThreadPoolExecutor(50) as threads:
        answers = sorted(threads.map(race, range(50)))
    assert answers.count(200) == 1, answers
    assert set(answers) <= {200, 401, 503}, "503: the pool of connections was taken"
    assert present(bridge, once).status_code == 401


def test_processes_that_race_share_one_memory(bridge: Bridge) -> None:
    """Engines of their own, as processes have."""
    together, until = Barrier(8), time.time() + 60

    def race(_number: int) -> bool:
        with short_lived_engine(bridge.database.url("wise_intake")) as engine:
            store = SignInRows(engine)
            store.stands("wb-x", "")  # connected before the race
            together.wait()
            return store.use("wb-x", "one", until)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(race, range(8))) == 1


def test_used_assertions_are_forgotten_a_few_at_a_time_once_they_are_worthless(bridge: Bridge) -> None:
    with bridge.database.as_admin() as admin:
        admin.execute(
            "INSERT INTO casework.assertion_used SELECT 'wb-x', sha256(n::text::bytea), now() - interval '1 hour'"
            " FROM generate_series(1, 30) n"
        )
        admin.execute("INSERT INTO casework.assertion_used VALUES ('wb-x', sha256('new'), now() - interval '1 minute')")
    with short_lived_engine(bridge.database.url("wise_intake")) as engine:
        left = []
        for number in range(3):
            assert SignInRows(engine).use("wb-y", str(number), time.time() + 60)
            left += rows(bridge.database, "SELECT count(*) AS n FROM casework.assertion_used WHERE client_id = 'wb-x'")
        assert not SignInRows(engine).use("wb-y", "late", time.time() - 3600), "a clock that is an hour behind"
    assert [each["n"] for each in left] == [11, 1, 1]
