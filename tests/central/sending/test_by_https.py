"""A published release on its way by HTTP: the bytes that are pulled, once, and never over something else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from joserfc.jwk import ECKey

from service.adapters.central import Credentials, read_central_address
from service.adapters.egress import Surroundings
from service.api.aggregates import hub_application
from service.api.tokens import TokenMaker, TokenReader
from service.domain.sending import FILES, State, Why, for_a_person
from service.errors import NotPossible
from service.usecases.courier import Courier, Done
from tests.central.sending.conftest import ANN, BEN, Q, Scene, https_address
from tests.central.sending.http_place import TOKEN, HttpPlace, digest, http_place
from tests.store.rows import rows

ZIP = f"/from/bridge/{Q}/data-package.zip"
XLSX = f"/from/bridge/{Q}/tables.xlsx"


class HubClient:
    client_id, authority = "wb-hub", "hub"

    def get_client_id(self) -> str:
        return self.client_id


def pulled(scene: Scene) -> dict[str, bytes]:
    """Over the Hub's own application, as the role that serves it."""
    key = ECKey.generate_key("P-256")
    app = hub_application(scene.publication("wise_central"), TokenReader(key), lambda: date(2026, 11, 20))
    token = TokenMaker(key, minutes=10).access_token_generator(
        HubClient(), "client_credentials", None, "aggregates:read"
    )
    headers = {"Authorization": f"Bearer {token}"}
    answers = {name: app.test_client().get(f"/v1/releases/{Q}/{name}", headers=headers) for name in FILES}
    assert [each.status_code for each in answers.values()] == [200, 200]
    return {name: each.data for name, each in answers.items()}


def asked(scene: Scene, http: HttpPlace) -> Courier:
    scene.desk.ask(Q, http.url, by=ANN)
    return scene.courier(http.url, https_address(http))


def work(courier: Courier, times: int = 2) -> list[Done]:
    """So many attempts; each must have found something due."""
    done = [courier.work() for _ in range(times)]
    assert None not in done
    return [each for each in done if each]


def test_what_arrives_is_what_is_pulled(scene: Scene, http: HttpPlace) -> None:
    courier = asked(scene, http)
    assert {each.settled.state for each in work(courier)} == {State.SENT}
    assert courier.work() is None
    assert http.files == {f"/from/bridge/{Q}/{name}": content for name, content in pulled(scene).items()}
    shown = scene.shown()["data-package.zip"]
    assert shown.receipt == {"status": 201, "size": len(http.files[ZIP]), "etag": '"made-up"'}
    assert (shown.attempts, shown.asked_by, shown.sent_at is not None) == (1, ANN, True)
    (put, *_) = http.heads
    assert (put["if-none-match"], put["content-digest"]) in {("*", digest(each)) for each in http.files.values()}


def test_an_answer_that_was_lost_leaves_one_file_and_one_sending(scene: Scene, http: HttpPlace) -> None:
    courier = asked(scene, http)
    http.losing = 1
    first, *_ = work(courier)
    assert (first.settled.state, first.settled.why) == (State.UNKNOWN, Why.NO_CLEAR_ANSWER)
    work(courier, 1)
    assert {each.state for each in scene.shown().values()} == {State.SENT}
    assert sorted(http.puts) == [ZIP, XLSX]
    assert courier.work() is None


@pytest.mark.parametrize("states_digests", [True, False])
def test_a_look_up_compares_digests_or_bytes(scene: Scene, http: HttpPlace, states_digests: bool) -> None:
    http.states_digests, content = states_digests, pulled(scene)["data-package.zip"]
    address = https_address(http)
    http.files |= {ZIP: content}
    assert address.look(Q, "data-package.zip", content) == {"status": 200, "size": len(content)}
    http.files |= {ZIP: content + b"more"}
    assert address.look(Q, "data-package.zip", content) == "other_bytes"
    http.files |= {ZIP: content[:-1]}
    assert address.look(Q, "data-package.zip", content) == "other_bytes"
    assert address.look(Q, "tables.xlsx", content) == "nothing"
    assert http.puts == []


def test_other_bytes_under_the_name_stay_and_a_person_is_asked(scene: Scene, http: HttpPlace) -> None:
    http.files[ZIP] = b"somebody else's"
    work(asked(scene, http))
    shown = scene.shown()
    assert (shown["data-package.zip"].state, shown["data-package.zip"].why) == (
        State.NEEDS_HUMAN,
        Why.OTHER_BYTES_THERE,
    )
    assert shown["tables.xlsx"].state is State.SENT
    assert http.files[ZIP] == b"somebody else's"


def test_the_same_bytes_that_are_there_already_count_as_sent(scene: Scene, http: HttpPlace) -> None:
    http.files[ZIP] = pulled(scene)["data-package.zip"]
    work(asked(scene, http))
    assert {each.state for each in scene.shown().values()} == {State.SENT}


@pytest.mark.parametrize(
    ("status", "why"), [(400, Why.REFUSED), (403, Why.REFUSED), (301, Why.REFUSED), (401, Why.SIGN_IN_REFUSED)]
)
def test_a_refusal_waits_for_a_person_who_asks_again(scene: Scene, http: HttpPlace, status: int, why: Why) -> None:
    courier = asked(scene, http)
    http.says = status, {"Location": "/elsewhere"}
    work(courier)
    assert {(each.state, each.why, each.may_have_arrived) for each in scene.shown().values()} == {
        (State.NEEDS_HUMAN, why, False)
    }
    assert courier.work() is None
    http.says = None
    scene.desk.ask(Q, http.url, by=BEN)
    work(courier)
    assert {(each.state, each.asked_by) for each in scene.shown().values()} == {(State.SENT, BEN)}


def test_who_is_closed_for_a_while_is_left_alone_for_as_long_as_it_asks(scene: Scene, http: HttpPlace) -> None:
    courier = asked(scene, http)
    http.says = 503, {"Retry-After": "120"}
    for done in work(courier):
        assert (done.settled.state, done.settled.why) == (State.READY, Why.AWAY)
        assert done.settled.due_in.total_seconds() == 120
    assert courier.work() is None


def test_away_and_back(scene: Scene) -> None:
    with http_place() as place:
        courier = asked(scene, place)
    for done in work(courier):
        assert (done.settled.state, done.settled.why) == (State.READY, Why.NOT_REACHED)
        assert not done.settled.may_have_arrived
    with http_place(place.port, place):
        work(courier)
        assert len(place.files) == 2
    assert {(each.state, each.attempts) for each in scene.shown().values()} == {(State.SENT, 2)}


@pytest.mark.parametrize("arrived", [True, False])
def test_a_courier_that_ended_between_noting_and_answer(scene: Scene, http: HttpPlace, arrived: bool) -> None:
    """Its lease lapses; the next one looks before it sends."""
    gone, content = asked(scene, http), pulled(scene)
    claimed = gone.sendings.claim()
    assert claimed is not None
    assert gone.sendings.note_leaving(claimed)
    if arrived:
        http.files[f"/from/bridge/{Q}/{claimed.file}"] = content[claimed.file]
    scene.as_admin("UPDATE central.sending SET lease_until = now() - interval '1 second' WHERE state = 'in_flight'")
    work(scene.courier(http.url, https_address(http)))
    about_it = [method for method, path in http.asked if path.endswith(claimed.file)]
    assert about_it == (["HEAD"] if arrived else ["HEAD", "PUT"])
    assert {each.state for each in scene.shown().values()} == {State.SENT}
    assert not gone.sendings.note_leaving(claimed)


def test_who_has_lost_its_claim_sends_nothing(scene: Scene, http: HttpPlace) -> None:
    slow = asked(scene, http)
    claimed = slow.sendings.claim()
    assert claimed is not None
    scene.as_admin("UPDATE central.sending SET lease_until = now() - interval '1 second' WHERE state = 'in_flight'")
    assert not slow.sendings.note_leaving(claimed)
    work(scene.courier(http.url, https_address(http)))
    before = scene.shown()
    assert not slow.sendings.settle(claimed, for_a_person(Why.REFUSED, may_have_arrived=False))
    assert scene.shown() == before


def test_many_couriers_send_each_file_once(scene: Scene, http: HttpPlace) -> None:
    couriers = [asked(scene, http) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = [each for each in pool.map(lambda courier: courier.work(), couriers) if each]
    assert sorted(each.claimed.file for each in done) == sorted(FILES)
    assert sorted(http.puts) == [ZIP, XLSX]


def test_a_day_of_failures_is_for_a_person(scene: Scene, http: HttpPlace) -> None:
    courier = asked(scene, http)
    scene.as_admin("UPDATE central.sending SET attempts = 8, asked_at = now() - interval '25 hours'")
    assert {each.settled.why for each in work(courier)} == {Why.TOO_MANY_ATTEMPTS}
    assert http.asked == []


def test_other_bytes_than_were_asked_for_are_not_sent(scene: Scene, http: HttpPlace) -> None:
    courier = asked(scene, http)
    scene.as_admin(f"UPDATE central.sending SET digest = '{'0' * 64}'")
    assert {each.settled.why for each in work(courier)} == {Why.BYTES_CHANGED}
    assert http.asked == []


def test_only_what_is_published_is_sent_and_only_to_the_address_it_was_asked_for(scene: Scene, http: HttpPlace) -> None:
    with pytest.raises(NotPossible, match="no published release"):
        scene.desk.ask("2026Q4", http.url, by=ANN)
    scene.desk.ask(Q, "https://central.example/other/", by=ANN)
    assert scene.courier(http.url, https_address(http)).work() is None


def test_what_was_sent_is_not_sent_again_by_asking_again(scene: Scene, http: HttpPlace) -> None:
    courier = asked(scene, http)
    work(courier)
    before = scene.shown()
    scene.desk.ask(Q, http.url, by=BEN)
    assert courier.work() is None
    assert scene.shown() == before


def test_an_address_that_may_not_be_called_stands_in_the_trail_and_the_courier_reads_none_of_it(scene: Scene) -> None:
    url = "https://169.254.169.254/in/"
    scene.desk.ask(Q, url, by=ANN)
    address = read_central_address(url, Credentials(token=TOKEN), surroundings=Surroundings())
    done = work(scene.courier(url, address))
    assert {(each.settled.state, each.settled.why) for each in done} == {
        (State.NEEDS_HUMAN, Why.ADDRESS_NOT_ALLOWED),
    }
    found = rows(scene.database, "SELECT authority, subject_type, detail FROM casework.audit")
    assert found == [{"authority": "hub", "subject_type": "releases", "detail": {"reason": "address_never_allowed"}}]
    assert rows(scene.database, "SELECT total FROM casework.refused_address") == [{"total": 2}]
