"""ID tokens and logout tokens: the claims as they should be, then what the variants make of them."""

import secrets
from collections.abc import Callable
from typing import Any

from .clients import Client
from .grants import Grant, Session
from .keys import encoded, left_half
from .people import Person
from .variants import CLAIMS, ID_TOKEN, LOGOUT_TOKEN, SIGNATURE
from .world import World

EVENT = "http://schemas.openid.net/event/backchannel-logout"
HOUR, DAY = 3600, 86400
Claims = dict[str, Any]


def id_token(world: World, client: Client, grant: Grant, access: str) -> str:
    """OpenID Connect Core, 2 and 3.1.3.6; Entra ID's v2.0 claims in its form."""
    now, session = int(world.clock.now()), grant.session
    claims: Claims = {
        "iss": world.issuer,
        "aud": client.id,
        "iat": now,
        "exp": now + world.token_seconds,
        "auth_time": session.auth_time,
        "nonce": grant.nonce,
        "at_hash": left_half(access),
        "sid": session.sid,
    }
    claims |= session.person.profile(grant.scopes) | _standing(session.person)
    if world.shape.is_entra:
        claims |= _of_entra(world, session.person, now)
    kept = {name: value for name, value in claims.items() if value is not None}
    return _signed(world, client, kept, "JWT", ID_TOKEN)


def logout_token(world: World, client: Client, session: Session) -> str:
    """OpenID Connect Back-Channel Logout 1.0, 2.4."""
    now = int(world.clock.now())
    claims: Claims = {
        "iss": world.issuer,
        "sub": session.person.sub,
        "aud": client.id,
        "iat": now,
        "exp": now + 120,
        "jti": secrets.token_urlsafe(16),
        "events": {EVENT: {}},
        "sid": session.sid,
    }
    return _signed(world, client, claims, "logout+jwt", LOGOUT_TOKEN)


def _standing(person: Person) -> Claims:
    """What a council decides by. A person without roles or groups has no such claim, as in Entra ID."""
    listed = {"roles": list(person.roles), "groups": list(person.groups), "amr": list(person.amr)}
    return {name: value for name, value in listed.items() if value} | {"acr": person.acr}


def _of_entra(world: World, person: Person, now: int) -> Claims:
    """Microsoft's ID token claims reference, v2.0. `aio`, `rh` and `uti` are for Microsoft alone."""
    opaque = {name: encoded(secrets.token_bytes(16)) for name in ("aio", "rh", "uti")}
    home = person.tid or world.shape.tenant
    issuer = world.host + world.shape.issuer.replace(world.shape.tenant or "", home or "")
    return {"iss": issuer, "ver": "2.0", "tid": home, "oid": person.oid or None, "nbf": now, **opaque}


def _signed(world: World, client: Client, claims: Claims, typ: str, place: str) -> str:
    for name in world.met(place, CLAIMS):
        _CHANGES[name](claims, world.clients.another_than(client.id))
    alg = "RS256" if world.shape.is_entra else client.alg
    return world.keys.signed(claims, alg, typ, world.met(place, SIGNATURE))


def _set(name: str, value: Any) -> Callable[[Claims, str], None]:
    return lambda claims, _: claims.update({name: value})


def _drop(*names: str) -> Callable[[Claims, str], None]:
    def change(claims: Claims, _: str) -> None:
        for name in names:
            claims.pop(name, None)

    return change


def _move(name: str, seconds: int) -> Callable[[Claims, str], None]:
    """So far from the moment the token was made."""
    return lambda claims, _: claims.update({name: claims["iat"] + seconds})


def _both(claims: Claims, other: str) -> None:
    claims["aud"] = [claims["aud"], other]


def _azp(claims: Claims, other: str) -> None:
    _both(claims, other)
    claims["azp"] = other


def _overage(claims: Claims, _: str) -> None:
    claims.pop("groups", None)
    claims["_claim_names"] = {"groups": "src1"}
    claims["_claim_sources"] = {"src1": {"endpoint": "https://graph.example/users/getMemberObjects"}}


_CHANGES: dict[str, Callable[[Claims, str], None]] = {
    "iss_other": _set("iss", "https://another-issuer.example"),
    "iss_missing": _drop("iss"),
    "aud_other": lambda claims, other: claims.update(aud=other),
    "aud_many": _both,
    "azp_other": _azp,
    "sub_missing": _drop("sub"),
    "sub_number": _set("sub", 1234),
    "nonce_other": _set("nonce", "another-nonce"),
    "nonce_missing": _drop("nonce"),
    "nonce_added": _set("nonce", "a-nonce"),
    "tid_other": _set("tid", "7e570000-0000-4000-8000-00000000cccc"),
    "tid_missing": _drop("tid"),
    "exp_past": lambda claims, _: claims.update(exp=claims["iat"] - HOUR, iat=claims["iat"] - 2 * HOUR),
    "exp_missing": _drop("exp"),
    "exp_text": lambda claims, _: claims.update(exp=str(claims["exp"])),
    "iat_future": _move("iat", HOUR),
    "iat_old": _move("iat", -DAY),
    "iat_missing": _drop("iat"),
    "nbf_future": _move("nbf", HOUR),
    "auth_time_old": _move("auth_time", -DAY),
    "auth_time_missing": _drop("auth_time"),
    "amr_missing": _drop("amr", "acr"),
    "at_hash_other": _set("at_hash", left_half("another-access-token")),
    "groups_overage": _overage,
    "events_missing": _drop("events"),
    "subject_missing": _drop("sub", "sid"),
}
