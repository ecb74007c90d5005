"""Scenario 24: a case system's key is changed, its certificate is not its own, and a sender's client is revoked."""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass

import requests

from tests.faults.impostors import IMPOSTORS, Impostor, forge
from tests.faults.ledger import ACKNOWLEDGED, Credentials, Ledger
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import WORKER
from tests.faults.release import scopes
from tests.faults.told import Told, alarms_told
from tests.faults.towns import KEY_VARIABLE, Town
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "credentials and certificates"
SOON = 60.0
"""Seconds within which somebody has to be told."""
TOKEN_MINUTES = 1
NEW_KEY = f"{KEY_VARIABLE}_NEW"

_OPENED = "SELECT opened_at IS NOT NULL FROM casework.lane WHERE authority = %s"
_REVOKE = "UPDATE casework.client SET revoked_at = now() WHERE client_id = %s"


@dataclass(frozen=True)
class Numbers:
    """Records of each part; seconds between two looks for alarms; whether minutes are really waited for."""

    records: int
    look: float
    waited: bool
    patience: float


@scenario(
    24,
    NAME,
    short=Numbers(records=8, look=1, waited=False, patience=90),
    full=Numbers(records=200, look=15, waited=True, patience=300),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """One authority's case system takes another key only; another's shows an expired certificate, then one for another
    host, both signed by whom its profile trusts; then a sender's client is revoked while it sends.

    Passes when the lane is closed and somebody told within a minute, while another authority's records go on; when the
    system with the false certificate hears not one request; when a revoked client is given no token from then on, and
    is refused when its last one ends; and when all that was accepted is delivered once the worker has the new key and
    the true certificate is back. The short form looks at the token's own end instead of waiting for it. There is no
    command that revokes a client, so its row is changed; nor one that gives an authority another key, so that is not
    tried.
    """
    first, second, sealed = world.plain[0], world.plain[1], world.towns[-1]
    with (
        Trial(world, "S24") as trial,
        alarms_told(world, every=numbers.look, WISE_TOKEN_MINUTES=str(TOKEN_MINUTES)) as told,
    ):
        trial.warm_up(first.code, second.code, sealed.code)
        try:
            _new_key(trial, told, first, second, numbers)
            for impostor in IMPOSTORS:
                _false_certificate(trial, told, sealed, impostor, numbers)
        finally:
            _as_it_was(world, first)
        _revoked(trial, second, numbers)
        trial.heal()
        trial.settle(numbers.patience)
        verdict = trial.verdict()
        delivered = verdict.states["delivered"]
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        return trial.outcome(NAME, f"{verdict.accepted} records, 1 key, {len(IMPOSTORS)} certificates", verdict)


def _new_key(trial: Trial, told: Told, town: Town, other: Town, numbers: Numbers) -> None:
    """Changed there first; then, as its officer would, in the profile and in the worker's environment."""
    world, key = trial.world, secrets.token_hex(16)
    world.partners.receiver.ask(do="key", authority=town.code, key=key)
    trial.send(trial.desk.papers([town.code, other.code], 2 * numbers.records))
    took = told.wait("connection_refused", town.code, SOON)
    trial.remarks.append(f"the old key told after {took:.0f} s")
    world.wait(lambda: _arrived(trial, other) == numbers.records + 1, numbers.patience, "the other authority's")
    trial.expect(_arrived(trial, town) == 1, "something was filed with the old key")
    world.partners.environment[NEW_KEY] = key
    _refer(world, town, f"env:{KEY_VARIABLE}", f"env:{NEW_KEY}")
    trial.must_settle(numbers.patience)
    told.wait("connection_refused", town.code, numbers.look + SOON, "cleared")


def _arrived(trial: Trial, town: Town) -> int:
    """How many of this scenario's are finished there."""
    return sum(key.startswith(f"{town.code}/{trial.desk.prefix}") for key in trial.arrived().finished)


def _refer(world: World, town: Town, before: str, after: str) -> None:
    """Credentials are resolved at the worker's start."""
    file = world.stack.config_dir / "authorities" / f"{town.slug}.yaml"
    file.write_text(file.read_text().replace(before, after))
    world.restart(WORKER, besides=world.processes.besides.get(WORKER, {}))


def _false_certificate(trial: Trial, told: Told, town: Town, impostor: Impostor, numbers: Numbers) -> None:
    world = trial.world
    false = forge(impostor, world.partners.certificate, world.stack.folder)
    world.partners.receiver.ask(do="certificate", **false)
    heard, before = sum(world.rates(town).values()), len(told.of("connection_refused", town.code))
    trial.send(trial.desk.papers([town.code], numbers.records))
    took = world.wait(lambda: world.sql(_OPENED, town.code) == [(True,)], SOON, f"{impostor.name}: the lane closed")
    took += world.wait(
        lambda: len(told.of("connection_refused", town.code)) > before, SOON, f"{impostor.name}: the alarm"
    )
    trial.remarks.append(f"{impostor.name} told after {took:.0f} s")
    after = sum(world.rates(town).values())
    trial.expect(after == heard, f"{impostor.name}: {after - heard} requests were sent there")
    _true_certificate(world)
    trial.must_settle(numbers.patience)
    world.wait(lambda: world.sql(_OPENED, town.code) == [(False,)], numbers.patience, "the lane open again")
    told.wait("connection_refused", town.code, numbers.look + SOON, "cleared")


def _true_certificate(world: World) -> None:
    trusted = world.partners.certificate
    world.partners.receiver.ask(do="certificate", certificate=str(trusted), key=str(trusted.with_suffix(".key")))


def _as_it_was(world: World, town: Town) -> None:
    world.partners.receiver.ask(do="key", authority=town.code, key=world.partners.environment[KEY_VARIABLE])
    _true_certificate(world)
    _refer(world, town, f"env:{NEW_KEY}", f"env:{KEY_VARIABLE}")


def _revoked(trial: Trial, town: Town, numbers: Numbers) -> None:
    """A second client of that authority, whose records count like all others."""
    world = trial.world
    client = world.stack.client(town.code, "to be revoked", scopes(town.code))
    theirs = Ledger(world.ledger.url, accepted=world.ledger.accepted, asked=world.ledger.asked)
    theirs.sign_in(town.code, client)
    sent = [theirs.insist(paper) for paper in trial.desk.papers([town.code], numbers.records)]
    trial.expect(all(sent), "the client was not let in before it was revoked")
    life = _life(_sign_in(world, client).json()["access_token"])
    world.sql(_REVOKE, client.client_id)
    trial.expect(_sign_in(world, client).status_code == 401, "a revoked client was given a token")
    trial.expect(life <= 60 * TOKEN_MINUTES, f"a token is good for {life:.0f} s")
    if numbers.waited:
        took = _refused_in_the_end(trial, theirs, town)
        trial.remarks.append(f"revoked client refused after {took:.0f} s")
    theirs.close()


def _sign_in(world: World, client: Credentials) -> requests.Response:
    return requests.post(
        f"{world.stack.casework_url}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(client.client_id, client.secret),
        timeout=30,
    )


def _life(token: str) -> float:
    """Seconds until it ends, as it says itself."""
    claims = token.split(".")[1]
    return float(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]) - time.time()


def _refused_in_the_end(trial: Trial, ledger: Ledger, town: Town) -> float:
    """With the token it had: one record after the other, until none is taken; each that was is delivered."""
    began = time.monotonic()
    while ledger.insist(trial.desk.paper(town.code), seconds=0.5):
        if time.monotonic() - began > 60 * TOKEN_MINUTES + 5:
            trial.expect(False, "a revoked client is still let in")
            break
        time.sleep(1)
    status, _ = ledger.once(trial.desk.paper(town.code))
    trial.expect(status not in ACKNOWLEDGED, "a revoked client was let in again")
    return time.monotonic() - began
