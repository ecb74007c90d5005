"""What the door lets nothing out to is counted, and stands in the trail once an hour: never the address itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.adapters.checkpoints import read_address
from service.adapters.egress import ALLOW_LOOPBACK, Surroundings
from service.adapters.master.kms import read_kms
from service.errors import Unavailable
from service.keyring import masters
from service.settings import Settings
from service.store.pulse import PulseRows
from service.store.refused import KMS, VAULT, WEBHOOK, MasterKeyRefused, refused
from service.store.tenant import act_for
from tests.audit.conftest import Scene
from tests.support.bridge import OLDHAM, STOCKPORT

OUTSIDE = Surroundings()
INNER = "169.254.169.254"
"""Where clouds keep what a machine may know of itself: never called, whatever anybody has named."""


def entries(scene: Scene) -> list[tuple[str, str, str, str, dict[str, Any]]]:
    """Each refusal: authority, actor, what, its number and the detail."""
    return scene.rows(
        "SELECT authority, actor, subject_type, subject_id, detail FROM casework.audit"
        " WHERE action = 'address_refused' ORDER BY id"
    )


def counted(scene: Scene) -> dict[str, int]:
    return dict(PulseRows(scene.engine("wise_intake")).of_bridge().refused_addresses)


def nowhere(scene: Scene) -> None:
    """Neither the trail nor the count holds an address."""
    kept = scene.rows("SELECT row_to_json(a)::text FROM casework.audit a")
    kept += scene.rows("SELECT row_to_json(r)::text FROM casework.refused_address r")
    assert kept and INNER not in json.dumps(kept)


def an_hour_passes(scene: Scene) -> None:
    scene.tamper("UPDATE casework.refused_address SET noted_at = noted_at - interval '1 hour'")
    scene.tamper("UPDATE casework.checkpoint_sending SET tried_at = now() - interval '31 seconds'")


def test_the_checkpoints_address(scene: Scene) -> None:
    way = read_address(f"https://{INNER}/checkpoints", surroundings=OUTSIDE)
    for authority in (STOCKPORT, OLDHAM):
        scene.add(1, authority)
    scene.sealer().look()
    scene.checkpointer(way).look()
    refusal = ("hub", "bridge", "checkpoints", "", {"reason": "address_never_allowed"})
    assert entries(scene) == [refusal], "two authorities' checkpoints, one address"
    assert counted(scene) == {"checkpoints": 2}
    an_hour_passes(scene)
    scene.checkpointer(way).look()
    assert entries(scene) == [refusal] * 2
    assert counted(scene) == {"checkpoints": 4}
    nowhere(scene)


def test_one_that_is_only_away_is_no_refusal(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_LOOPBACK, "1")
    scene.add(1)
    scene.sealer().look()
    scene.checkpointer(read_address("http://127.0.0.1:9/checkpoints")).look()
    assert (entries(scene), counted(scene)) == ([], {})


def vault(scene: Scene, tmp_path: Path, role: str) -> Any:
    token = tmp_path / "token"
    token.write_text("fictional")
    at = {"master_key_vault_url": f"https://{INNER}:8200", "master_key_vault_token_file": token}
    usual = {"broker_url": "", "config_dir": tmp_path, "keys_dir": None, "token_signing_key_file": None}
    more = {"token_public_key_file": None, "token_minutes": 10, "lease_seconds": 60, "sweep_seconds": 1.0}
    given: dict[str, Any] = {**usual, **more, **at, "reviews_seconds": 1.0}
    (master,) = masters(Settings(database_url=scene.database.url(role), **given))
    return master


@pytest.mark.parametrize("role", ["wise_intake", "wise_delivery", "wise_keeper"])
def test_the_master_keys_vault(role: str, scene: Scene, tmp_path: Path) -> None:
    master = vault(scene, tmp_path, role)
    for _ in range(3):
        with pytest.raises(Unavailable):
            master.unwrap(b"vault:v1:x", b"x")
    assert entries(scene) == [("hub", "bridge", "vault", "", {"reason": "address_never_allowed"})]
    assert counted(scene) == {"vault": 1}, "one process says it once a minute"
    nowhere(scene)


def test_the_master_keys_kms(scene: Scene, tmp_path: Path) -> None:
    credentials, arn = tmp_path / "credentials", "arn:aws:kms:eu-west-2:111122223333:key/fictional"
    credentials.write_text("[default]\naws_access_key_id = fictional\naws_secret_access_key = fictional\n")
    told = MasterKeyRefused(KMS, scene.database.url("wise_intake"))
    master = read_kms(arn, url=f"https://{INNER}", credentials_file=credentials, ca_file=None, refused=told)
    with pytest.raises(Unavailable):
        master.unwrap(b"x", b"x")
    assert counted(scene) == {"kms": 1}


def test_a_vault_stays_refused_where_it_cannot_be_noted(scene: Scene, tmp_path: Path) -> None:
    for role in ("wise_purge", "wise_central"):
        with pytest.raises(Unavailable):
            vault(scene, tmp_path, role).unwrap(b"vault:v1:x", b"x")
    MasterKeyRefused(VAULT, "")("address_never_allowed")
    MasterKeyRefused(VAULT, "postgresql+psycopg://nobody@127.0.0.1:9/none")("address_never_allowed")
    assert entries(scene) == []


def test_a_process_says_it_again_after_a_minute(scene: Scene) -> None:
    now = [0.0]
    told = MasterKeyRefused(VAULT, scene.database.url("wise_intake"), now=lambda: now[0])
    for moment in (0.0, 59.0, 61.0):
        now[0] = moment
        told("address_never_allowed")
    assert counted(scene) == {"vault": 2}


def test_a_webhook_is_its_authoritys_and_nobody_elses(scene: Scene) -> None:
    engine = scene.engine("wise_delivery")
    for authority, number in ((STOCKPORT, "1"), (STOCKPORT, "2"), (OLDHAM, "1"), (STOCKPORT, "1")):
        with engine.begin() as connection:
            act_for(connection, authority)
            connection.execute(select(refused(WEBHOOK, number, "address_outside_the_networks")))
            found = connection.exec_driver_sql("SELECT current_setting('wise.authority')").scalar()
            assert found == authority, "what it acts for afterwards is what it acted for before"
    detail = {"reason": "address_outside_the_networks"}
    assert entries(scene) == [
        (authority, "bridge", "webhook", number, detail)
        for authority, number in ((STOCKPORT, "1"), (STOCKPORT, "2"), (OLDHAM, "1"))
    ]
    assert counted(scene) == {"webhook": 4}


@pytest.mark.parametrize("what", ["webhook", "somewhere"])
def test_nothing_is_noted_for_nobody_or_for_what_is_unknown(what: str, scene: Scene) -> None:
    with pytest.raises(IntegrityError, match="violates"), scene.engine("wise_delivery").begin() as connection:
        connection.execute(select(refused(what, "1", "address_never_allowed")))
    with pytest.raises(IntegrityError, match="violates"), scene.engine("wise_keeper").begin() as connection:
        connection.execute(select(refused("checkpoints", INNER, "address_never_allowed")))
