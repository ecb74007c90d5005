"""The only module that names concrete adapters and stores. One function per process, from its settings to its parts."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from uuid import uuid4

from celery import Celery
from flask import Flask
from sqlalchemy import Engine

from service.adapters.authority import AuthorityAdapter
from service.adapters.egress import here
from service.adapters.http import CALL_SECONDS
from service.adapters.profiles import Profile
from service.adapters.registry import connector, document_sink, needs
from service.adapters.shared.typed_fields import typed_fields
from service.adapters.webhooks import WebhookSender
from service.api import training
from service.api.aggregates import hub_application
from service.api.casework import casework_application
from service.api.openapi import routes as openapi
from service.api.receipt_signer import ReceiptSigner
from service.api.services import Services
from service.bank_holidays import is_working_day
from service.central.facts import FactDoor
from service.clock import LondonClock
from service.configuration import policy_of, profiles, reminders_of, synthetic_of
from service.documents import TypstDocuments
from service.domain.receipts import KEYS_FILE
from service.domain.reviews import Calendar
from service.errors import ConfigFault, ConfigurationFault
from service.keyring import key_ring
from service.letting_in import let_people_in
from service.live import LiveProfiles, Made
from service.live.mapped import KnownMappings
from service.ports import Claimer, Wakeup
from service.sending import publication
from service.settings import Settings
from service.signing_in import feeds, front, given, sign_in, token_reader
from service.store.audit_trail import AuditTrail
from service.store.casework import CaseworkStore
from service.store.changes import ChangeFeedRows
from service.store.clients import ClientRows
from service.store.engine import answers, make_engine
from service.store.manifests import ManifestStore
from service.store.manual import ConfirmationRows, ManualPackStore
from service.store.orders import OfficerOrderStore
from service.store.profile_versions import ProfileVersionRows
from service.store.restore import Tide, recognise_first
from service.store.trail_reading import AccessRows
from service.store.training_desk import TrainingStore, TrainingTrail
from service.store.vault import KeyedVault
from service.store.webhooks import WebhookRows
from service.tasks.beside import beside
from service.tasks.broker import make_celery
from service.tasks.chore import Chore
from service.tasks.dispatcher import Dispatcher
from service.tasks.jobs import register
from service.tasks.tide import TideWatch
from service.tasks.wakeup import CeleryWakeup, Found, NoWakeup
from service.tasks.watcher import Watcher
from service.usecases.copies import CopyMaker
from service.usecases.deliver import Deliverer, Lane
from service.usecases.evaluation import Extractor
from service.usecases.feedback import FeedbackDesk
from service.usecases.know import Knower
from service.usecases.manifest import ManifestMaker
from service.usecases.orders.desk import OrderDesk
from service.usecases.orders.preview import Previewer
from service.usecases.outcome import Pace
from service.usecases.package import Packer
from service.usecases.packs import PackDesk, PackOpener
from service.usecases.raise_reviews import ReviewRaiser
from service.usecases.receive import Receiver
from service.usecases.recheck import TrainingRechecker
from service.usecases.release_hold import HoldReleaser
from service.usecases.supervision import SupervisionDesk
from service.usecases.webhooks.tell import Teller
from service.watching import Eyes, Seen, read_eyes, sender_of

logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # it logs file names and server text
logging.getLogger("urllib3").setLevel(logging.ERROR)  # it logs addresses, and Mosaic's hold person ids

LEASE_LEAST = int(CALL_SECONDS) + 15
SYNTHETIC_SECONDS = 60.0
"""Between two looks whether a synthetic record is due, or has arrived and is to be withdrawn."""


def casework_app(settings: Settings) -> Flask:
    """The web process of the casework side."""
    known, vault, eyes = profiles(settings.config_dir), _vault(settings), read_eyes(settings)
    receipts = ReceiptSigner.from_file(given(settings.keys_dir) / KEYS_FILE, vault.open)
    engine = recognise_first(make_engine(settings.database_url), Tide(settings.tide_file))
    casework = CaseworkStore(engine, FactDoor)
    now = LiveProfiles(known, ProfileVersionRows(engine))
    wakeup, names = _wakeup(settings), Made(now, lambda profile: profile.name)
    packer, typed = Packer(casework, vault, TypstDocuments()), Made(now, _typed_by_hand)
    policies = Made(now, policy_of)
    seen = Seen(policies, Made(now, synthetic_of))
    orders = OrderDesk(OfficerOrderStore(engine), wakeup)
    services = Services(
        orders=orders,
        previews=Previewer(orders, vault, KnownMappings(now, ProfileVersionRows(engine))),
        packs=PackDesk(ManualPackStore(engine), PackOpener(packer, typed, names), Made(now, typed_fields), wakeup),
        receiver=Receiver(casework, vault, wakeup),
        releaser=HoldReleaser(casework, wakeup),
        copies=CopyMaker(casework, vault, TypstDocuments(), names),
        feedback=FeedbackDesk(casework, vault),
        extractor=Extractor(casework, vault),
        supervision=SupervisionDesk(casework, vault),
        knower=Knower(casework, vault),
        receipts=receipts,
        manifests=ManifestMaker(ManifestStore(engine)),
        changes=ChangeFeedRows(engine),
        webhooks=WebhookRows(engine),
        access=AccessRows(engine),
        casework=casework,
        policies=policies,
        case_systems=Made(now, lambda profile: profile.case_system),
        clock=LondonClock(),
        digest=vault.content_digest,
        find_client=ClientRows(engine).get,
        database_answers=partial(answers, engine),
        health=eyes.desk(engine, seen),
        metrics_token=eyes.metrics_token,
    )
    app = _closing(_served(services, settings, engine, known), engine)
    return _watched(app, _watchers(settings.alarm_seconds, services, engine, eyes, seen))


def _served(services: Services, settings: Settings, engine: Engine, known: Iterable[str]) -> Flask:
    """With its sign-in, and the council's part of the training register."""
    app = casework_application(services, sign_in(settings, engine), front(settings))
    let_people_in(app, settings, engine, hub=False)
    desk = TrainingStore(engine, AuditTrail)
    training.register(app, training.Training(desk, services.clock.today, frozenset(known), for_hub=False))
    return openapi.register(app, wanted=settings.publish_openapi)


def hub_app(settings: Settings) -> Flask:
    """The Hub's web process: central credentials, the trainers' if given, and the public key; nothing else."""
    today, engines = LondonClock().today, [make_engine(settings.database_url)]
    published = publication(settings.config_dir, engines[0])
    app = hub_application(published, token_reader(settings), today, front(settings), feeds(engines[0]))
    let_people_in(app, settings, engines[0], hub=True)
    if settings.training_database_url:
        engines.append(make_engine(settings.training_database_url, pool_size=2))
        desk, authorities = TrainingStore(engines[-1], TrainingTrail), frozenset(profiles(settings.config_dir))
        training.register(app, training.Training(desk, today, authorities, for_hub=True))
    return _closing(openapi.register(app, wanted=settings.publish_openapi), *engines)


def _closing(app: Flask, *engines: Engine) -> Flask:
    """Whoever built an application inside a longer-lived process can let go of its connections again."""

    def close() -> None:
        for engine in engines:
            engine.dispose()

    app.extensions["wise_bridge_close"] = close
    return app


def _watchers(seconds: float, services: Services, engine: Engine, eyes: Eyes, seen: Seen) -> list[Watcher]:
    """A worker that is gone cannot say so: the web looks as well, each process from threads of its own.

    Where nobody looks for alarms, nobody would be told that a synthetic record is late, and none is sent.
    """
    if not seconds:
        return []
    watch = eyes.watch(engine, seen, lambda: getattr(services.receiver.wakeup, "failed", 0))
    sender = sender_of(services.receiver, services.knower, engine, seen)
    return [Watcher(watch.look, seconds), Watcher(sender.look, SYNTHETIC_SECONDS, "synthetic")]


def _watched(app: Flask, watchers: list[Watcher]) -> Flask:
    """Started now, and stopped before anything they use is let go."""
    let_go = app.extensions["wise_bridge_close"]

    def close() -> None:
        for each in watchers:
            each.stop()
        let_go()

    app.extensions["wise_bridge_close"] = close
    for each in watchers:
        each.start()
    return app


def celery_app(settings: Settings) -> Celery:
    """Celery, without tasks: enough to send and to beat."""
    return make_celery(settings.broker_url, sweep_seconds=settings.sweep_seconds)


def worker_dispatcher(settings: Settings, threads: int) -> Dispatcher:
    """Every authority's adapter with its credentials, and the dispatcher over them."""
    require_lease(settings.lease_seconds, rehearsal=here().loopback)
    eyes, tide = read_eyes(settings), Tide(settings.tide_file)
    engine = recognise_first(make_engine(settings.database_url, pool_size=min(threads, 8) + 4), tide)
    casework = CaseworkStore(engine, FactDoor)
    now = LiveProfiles(profiles(settings.config_dir), ProfileVersionRows(engine))
    lanes, policies = make_lanes(now, os.environ, engine), Made(now, policy_of)
    deliverer, found = make_deliverer(settings, casework, lanes), Found()
    rechecker = TrainingRechecker(casework, _vault(settings), HoldReleaser(casework, found), policies, lanes)
    calendar = Calendar(is_working_day, around_the_clock=here().loopback)
    raiser = ReviewRaiser(casework, found, LondonClock().now, lanes, Made(now, reminders_of), calendar)
    teller = make_teller(settings, make_engine(settings.database_url, pool_size=4), policies)
    chores = [
        Chore("holds_released", rechecker.look, settings.sweep_seconds),
        Chore("reviews_raised", raiser.raise_due, settings.reviews_seconds),
        Chore("restore_under_way", TideWatch(lambda: tide.look(engine)).look, settings.sweep_seconds),
        Chore("webhooks_begun", teller.look, settings.sweep_seconds),
        Chore("webhooks_forgotten", teller.forget, 3600.0),
    ]
    if settings.alarm_seconds:
        seen = Seen(policies, Made(now, synthetic_of))
        chores.append(Chore("alarms", eyes.watch(engine, seen).look, settings.alarm_seconds))
    dispatcher = Dispatcher(deliverer, casework, lanes, chores=chores, seconds=settings.sweep_seconds, threads=threads)
    found.tell = dispatcher.look_now
    return dispatcher


def listening_app(settings: Settings, dispatcher: Dispatcher) -> Celery:
    """Celery as a worker's ear: what it hears, the dispatcher is told."""
    app = celery_app(settings)
    register(app, dispatcher)
    return app


def require_lease(seconds: int, *, rehearsal: bool) -> None:
    """A worker that was frozen in the middle of a call may go on with it until the call's own deadline.

    Whoever took the delivery over meanwhile must not: a lease outlasts a call. Rehearsals may be hasty. Raises
    `ConfigurationFault`.
    """
    if seconds < LEASE_LEAST and not rehearsal:
        detail = "is shorter than a call to a case system may take, so that two workers could send one record."
        fix = f"Give {LEASE_LEAST} or more."
        raise ConfigurationFault([ConfigFault("environment", None, "WISE_LEASE_SECONDS", detail, fix)])


def make_deliverer(settings: Settings, casework: CaseworkStore, lanes: Mapping[str, Lane]) -> Deliverer:
    """The delivering use case with real keys and documents, as a worker of its own."""
    packer = Packer(casework, _vault(settings), TypstDocuments())
    return Deliverer(casework, packer, lanes, Claimer(uuid4(), timedelta(seconds=settings.lease_seconds)))


def make_teller(settings: Settings, engine: Engine, authorities: Iterable[str]) -> Teller:
    """Tells senders. Give it connections of its own: a receiver that is slow must not cost a delivery its turn."""
    return Teller(WebhookRows(engine), _vault(settings), WebhookSender(), authorities, beside)


def _wakeup(settings: Settings) -> Wakeup:
    return CeleryWakeup(celery_app(settings)) if settings.broker_url else NoWakeup()


def make_lanes(now: LiveProfiles, environ: Mapping[str, str], engine: Engine) -> Mapping[str, Lane]:
    """One lane per authority in use. Every profile's faults are told at once.

    An authority that is not in use is prepared without credentials, and no other is held up by it.
    """
    besides = {"confirmations": partial(ConfirmationRows, engine)}
    return Made(now, lambda profile: _lane(profile, environ, besides) if profile.in_use else None)


def _lane(profile: Profile, environ: Mapping[str, str], besides: Mapping[str, Callable[[str], object]]) -> Lane:
    """`besides` are makers of what a connector may need besides its link, for one authority."""
    beside = profile.documents.elsewhere
    sink = document_sink(beside) if beside else None
    given = {name: besides[name](profile.authority) for name in needs(profile.connector)}
    adapter = AuthorityAdapter(profile, partial(connector(profile.connector), **given), environ, sink=sink)
    wait = profile.delivery
    pace = Pace(quiet=wait.quiet_seconds, poll=wait.poll_seconds, answer_within=wait.answer_within_minutes * 60)
    return Lane(adapter, profile.name, pace, wait.in_flight)


def _typed_by_hand(profile: Profile) -> AuthorityAdapter | None:
    """For its mapping, where people type; it hands nothing over here. No other credentials are looked up."""
    by_hand = profile.in_use and "confirmations" in needs(profile.connector)
    return AuthorityAdapter(profile, connector(profile.connector), os.environ) if by_hand else None


def _vault(settings: Settings) -> KeyedVault:
    return KeyedVault(key_ring(settings))
