"""The only module that names concrete adapters and stores. One function per process, from its settings to its parts."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

from celery import Celery
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from service.adapters.authority import AuthorityAdapter
from service.adapters.profiles import Profile
from service.adapters.registry import connector, document_sink, needs
from service.adapters.shared.typed_fields import typed_fields
from service.api import training
from service.api.aggregates import hub_application
from service.api.casework import casework_application
from service.api.services import Services
from service.api.tokens import TokenMaker, TokenReader, read_key
from service.central.aggregates import CentralAggregates
from service.central.facts import FactDoor
from service.clock import LondonClock
from service.configuration import policy_of, profiles
from service.documents import TypstDocuments
from service.errors import ConfigFault, ConfigurationFault
from service.live import LiveProfiles, Made
from service.ports import Wakeup
from service.settings import Settings
from service.store.audit_trail import AuditTrail
from service.store.casework import CaseworkStore
from service.store.clients import ClientRows
from service.store.engine import make_engine
from service.store.keys import KeyRing
from service.store.manual import ConfirmationRows, ManualPackStore
from service.store.profile_versions import ProfileVersionRows
from service.store.training_desk import TrainingStore, TrainingTrail
from service.store.vault import KeyedVault
from service.tasks.broker import make_celery
from service.tasks.jobs import register
from service.tasks.wakeup import CeleryWakeup
from service.tasks.watch import Collected, Heartbeat, Watch
from service.usecases.copies import CopyMaker
from service.usecases.deliver import Deliverer, Lane
from service.usecases.evaluation import Extractor
from service.usecases.feedback import FeedbackDesk
from service.usecases.know import Knower
from service.usecases.outcome import Pace
from service.usecases.package import Packer
from service.usecases.packs import PackDesk, PackOpener
from service.usecases.raise_reviews import ReviewRaiser
from service.usecases.receive import Receiver
from service.usecases.recheck import TrainingRechecker
from service.usecases.release_hold import HoldReleaser
from service.usecases.supervision import SupervisionDesk
from service.usecases.sweep import Sweeper

logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # it logs file names and server text
logging.getLogger("urllib3").setLevel(logging.ERROR)  # it logs addresses, and Mosaic's hold person ids


def casework_app(settings: Settings) -> Flask:
    """The web process of the casework side."""
    known = profiles(settings.config_dir)
    engine = make_engine(settings.database_url)
    casework = CaseworkStore(engine, FactDoor)
    now = LiveProfiles(known, ProfileVersionRows(engine))
    vault = _vault(settings)
    wakeup = CeleryWakeup(celery_app(settings))
    names = Made(now, lambda profile: profile.name)
    packer, typed = Packer(casework, vault, TypstDocuments()), Made(now, _typed_by_hand)
    services = Services(
        packs=PackDesk(ManualPackStore(engine), PackOpener(packer, typed, names), Made(now, typed_fields), wakeup),
        receiver=Receiver(casework, vault, wakeup),
        releaser=HoldReleaser(casework, wakeup),
        copies=CopyMaker(casework, vault, TypstDocuments(), names),
        feedback=FeedbackDesk(casework, vault),
        extractor=Extractor(casework, vault),
        supervision=SupervisionDesk(casework, vault),
        knower=Knower(casework, vault),
        casework=casework,
        policies=Made(now, policy_of),
        case_systems=Made(now, lambda profile: profile.case_system),
        clock=LondonClock(),
        digest=vault.content_digest,
        find_client=ClientRows(engine).get,
        database_answers=lambda: _answers(engine),
    )
    maker = TokenMaker(read_key(_given(settings.token_signing_key_file)), minutes=settings.token_minutes)
    app = casework_application(services, maker, _token_reader(settings))
    desk = TrainingStore(engine, AuditTrail)
    training.register(app, training.Training(desk, services.clock.today, frozenset(known), for_hub=False))
    return _closing(app, engine)


def hub_app(settings: Settings) -> Flask:
    """The Hub's web process: central credentials, the trainers' if given, and the public key; nothing else."""
    today, engines = LondonClock().today, [make_engine(settings.database_url)]
    app = hub_application(CentralAggregates(engines[0], today), _token_reader(settings))
    if settings.training_database_url:
        engines.append(make_engine(settings.training_database_url, pool_size=2))
        desk, authorities = TrainingStore(engines[-1], TrainingTrail), frozenset(profiles(settings.config_dir))
        training.register(app, training.Training(desk, today, authorities, for_hub=True))
    return _closing(app, *engines)


def _closing(app: Flask, *engines: Engine) -> Flask:
    """Whoever built an application inside a longer-lived process can let go of its connections again."""

    def close() -> None:
        for engine in engines:
            engine.dispose()

    app.extensions["wise_bridge_close"] = close
    return app


def celery_app(settings: Settings) -> Celery:
    """Celery, without tasks: enough to send and to beat."""
    return make_celery(
        settings.broker_url, sweep_seconds=settings.sweep_seconds, reviews_seconds=settings.reviews_seconds
    )


def worker_parts(settings: Settings, threads: int) -> tuple[Celery, Watch]:
    """Celery with its tasks and every authority's adapter with its credentials; and the watch for a silent broker."""
    app, heard, collected = celery_app(settings), Heartbeat(), Collected()
    engine = make_engine(settings.database_url, pool_size=2 * threads + 2)
    casework = CaseworkStore(engine, FactDoor)
    now = LiveProfiles(profiles(settings.config_dir), ProfileVersionRows(engine))
    lanes, policies = make_lanes(now, os.environ, engine), Made(now, policy_of)
    deliverer = make_deliverer(settings, casework, lanes)

    def looking(wakeup: Wakeup) -> tuple[Sweeper, ReviewRaiser]:
        rechecker = TrainingRechecker(casework, _vault(settings), HoldReleaser(casework, wakeup), policies, lanes)
        sweeper = Sweeper(casework, wakeup, lanes, rechecker)
        return sweeper, ReviewRaiser(casework, wakeup, LondonClock(), lanes)

    sweeper, raiser = looking(CeleryWakeup(app))
    register(app, deliverer=deliverer, sweeper=sweeper, raiser=raiser, heard=heard)
    watch = Watch(deliverer, *looking(collected), collected, heard, settings.sweep_seconds, threads)
    return app, watch


def make_deliverer(settings: Settings, casework: CaseworkStore, lanes: Mapping[str, Lane]) -> Deliverer:
    """The delivering use case with real keys and documents."""
    packer = Packer(casework, _vault(settings), TypstDocuments())
    return Deliverer(casework, packer, lanes, timedelta(seconds=settings.lease_seconds))


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
    return KeyedVault(KeyRing(_given(settings.keys_dir)))


def _token_reader(settings: Settings) -> TokenReader:
    return TokenReader(read_key(_given(settings.token_public_key_file)))


def _given(path: Path | None) -> Path:
    """`settings.load` has made sure of it for this process."""
    if path is None:
        raise ConfigurationFault([ConfigFault("environment", None, "path", "is not set.", "See the README.")])
    return path


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
