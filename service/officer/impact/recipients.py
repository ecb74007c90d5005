"""Who is handed what, by every way that leads out of the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.adapters.profiles import Profile
from service.domain.audiences import Audience
from service.domain.webhooks import ENDPOINTS_MAX, TYPES
from service.officer.able import WITHOUT
from service.officer.connecting import Credential, abilities
from service.officer.impact.told import NOT_SET, hosts
from service.officer.targets import targets
from service.ports import Ability
from service.settings import Settings

KINDS: Mapping[str, str] = {
    "caredirector": "CareDirector, by REST",
    "eclipse": "OLM Eclipse, by REST",
    "generic_rest": "a case system of another kind, by REST or OData",
    "generic_sftp": "a case system of another kind, by files over SFTP",
    "lcs": "Liquidlogic LCS, by files over SFTP",
    "lcs_rest": "Liquidlogic LCS, by REST",
    "manual_pack": "no connection: people of the authority type in what they read from the bridge",
    "mosaic": "Access Mosaic, by REST or SOAP",
    "rest_inbox": "the authority's integration platform, by REST",
}
"""Every kind of connector, in words."""

WAYS: Mapping[str, str] = {
    "notify": "alarms to whoever runs the bridge",
    "webhooks": "changes told to the senders' systems",
    "central": "published releases to the central WISE team",
    "checkpoints": "signed checkpoints of the audit trail, to other storage: digests and counts",
    "issuers": "asks an organisation who of its own people signs in; sends nothing of a record",
    "master": "has the authorities' keys wrapped and unwrapped by a Vault or a cloud's KMS; sends nothing of a record",
    "vault": "asks the authority's Vault for credentials; sends nothing of a record",
}
"""Every other way out that is code: the folders and files in `service/adapters/` which open connections."""

READERS: Mapping[Audience, str] = {
    Audience.CASE_FILE: "the authority's own file, and whoever may open it there",
    Audience.YOUNG_PERSON: "the young person",
    Audience.FAMILY: "the family or carers, where it is safe and the young person agrees",
    Audience.PROFESSIONALS: "the professionals who work with the young person",
    Audience.SUPERVISION: "whoever supervises the worker; nothing about the young person",
}


@dataclass(frozen=True)
class Recipient:
    """`who` gets `what`, by which `way`, and `where` that is, or that it is not set up. `hosts`: as far as known."""

    who: str
    what: str
    way: str
    where: str
    hosts: tuple[str, ...] = ()


def recipients(profile: Profile, settings: Settings, known: Mapping[str, Credential]) -> tuple[Recipient, ...]:
    """All of them. `known` are the connection's addresses by key, as far as this terminal has them."""
    return (
        _case_system(profile, known),
        *_documents(profile, known),
        *_copies(),
        _reminders(profile),
        *_machines(settings),
        *_central(settings),
    )


def _case_system(profile: Profile, known: Mapping[str, Credential]) -> Recipient:
    kind = KINDS[profile.connector]
    what = "every field that a mapping sends, under the young person's own reference there"
    return Recipient(f"{profile.case_system} of {profile.name}", what, kind, *_where(known, "connection."))


def _documents(profile: Profile, known: Mapping[str, Credential]) -> Iterator[Recipient]:
    kept = profile.documents
    if kept.here:
        yield Recipient("the same case system", "the record as a PDF: the copy for the case file", "with it", "there")
    elif kept.elsewhere:
        where = _where(known, "documents.connection.")
        yield Recipient("a document system of its own", "the record as a PDF", KINDS[kept.elsewhere], *where)
    else:
        yield Recipient("nobody", "the record as a PDF is not kept outside the bridge", "none", "nowhere")


def _copies() -> Iterator[Recipient]:
    for audience, who in READERS.items():
        what = f"the copy {audience.value}: what docs/audiences.md allows, less what is held back"
        yield Recipient(who, what, "the authority fetches it and hands it over", "a client with documents:read")


def _reminders(profile: Profile) -> Recipient:
    able = abilities(profile.connector)
    task = ", ".join(f"{name} {value}" for name, value in profile.review.task.items()) or "nothing named"
    way = WITHOUT[Ability.RAISES_TASKS] if able is not None and Ability.RAISES_TASKS not in able else "as a task there"
    return Recipient(
        "the authority's work tray", "that a review is due: the young person's reference and a day", way, task
    )


def _machines(settings: Settings) -> Iterator[Recipient]:
    told = f"ids and states, no word of a record: {', '.join(TYPES.values())}"
    where = f"up to {ENDPOINTS_MAX} addresses (wise-bridge webhooks list)"
    yield Recipient(
        "the sender's system", "a signed receipt, and where its own records stand", "its answers", "the caller"
    )
    yield Recipient("the sender's system", told, WAYS["webhooks"], where)
    alarm = "kind, authority, count and age; nobody is named"
    channels = ((settings.alarm_webhook_url, "by webhook"), (settings.alarm_mail_to, "by mail"))
    for value, way in channels:
        yield Recipient("whoever runs the bridge", alarm, f"{WAYS['notify']}, {way}", *_set(value))
    yield Recipient("the trail's own storage", WAYS["checkpoints"], "by web, if set", *_set(settings.checkpoint_url))
    broker = "set" if settings.broker_url else NOT_SET
    yield Recipient("the broker", "the authority's ONS code: look now", "a message that may be lost", broker)


def _central(settings: Settings) -> Iterator[Recipient]:
    frozen = "frozen tables of a release: protected counts, never a fact or a record"
    yield Recipient("the regional Hub", frozen, "it pulls, with aggregates:read", "a client of the Hub")
    yield Recipient("the central WISE team", frozen, WAYS["central"], *_set(settings.central_url))


def _set(address: str) -> tuple[str, tuple[str, ...]]:
    found = hosts(address)
    return (", ".join(found) or "set", found) if address else (NOT_SET, ())


def _where(known: Mapping[str, Credential], section: str) -> tuple[str, tuple[str, ...]]:
    """The hosts, where this terminal knows them; else where they are written. Never another setting's value."""
    mine = {key: each for key, each in known.items() if key.startswith(section)}
    found = {key: each.value for key, each in mine.items() if each.value}
    shown = tuple(dict.fromkeys(f"{each.host}:{each.port}" for each in targets(found)))
    unknown = [each.written for key, each in mine.items() if _is_address(key) and each.value is None]
    return ", ".join((*shown, *(f"as {name} says" for name in unknown))) or "no address", shown


def _is_address(key: str) -> bool:
    return key.endswith((".host", "_url"))
