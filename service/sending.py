"""The wiring's part for what leaves for the Hub: what is pulled, and the courier that sends the same bytes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from celery import Celery
from sqlalchemy import Engine

from service.adapters.central import Credentials, read_central_address
from service.central.catalogue import read_all
from service.central.formats.publication import Publication
from service.central.releases.served import PublishedReleases
from service.central.sending.files import PublishedFiles
from service.central.sending.rows import SendingRows
from service.domain.sending import address_digest
from service.errors import ConfigFault, ConfigurationFault
from service.settings import Settings
from service.store.engine import make_engine
from service.tasks.broker import CENTRAL_LOOK, CENTRAL_QUEUE, make_celery
from service.tasks.courier import Rounds
from service.tasks.failures import say_failed
from service.usecases.courier import Courier

LEASE = timedelta(minutes=5)
"""Longer than two calls to the address, a look-up and a sending, may take together."""
UNHEARD_SECONDS = 600


def publication(config_dir: Path, engine: Engine) -> Publication:
    """What was published, as files: the one function for pulling and for sending."""
    return Publication(PublishedReleases(engine), [*read_all(config_dir / "catalogue").values()])


def courier(settings: Settings) -> Rounds:
    """The courier of the one address. Raises `ConfigurationFault` before anything is looked for."""
    given = Credentials(
        _text(settings.central_token_file, "WISE_CENTRAL_TOKEN_FILE"),
        _text(settings.central_sftp_key_file, "WISE_CENTRAL_SFTP_KEY_FILE"),
        settings.central_sftp_host_key,
    )
    networks = [each.strip() for each in settings.central_networks.split(",") if each.strip()]
    address = read_central_address(settings.central_url, given, networks)
    engine = make_engine(settings.database_url, pool_size=2)
    rows = SendingRows(engine, address_digest(settings.central_url), LEASE)
    files = PublishedFiles(publication(settings.config_dir, engine))
    return Rounds(Courier(rows, files, address), seconds=settings.sweep_seconds)


def listening_app(settings: Settings, rounds: Rounds) -> Celery:
    """Celery as the courier's ear."""
    app = make_celery(settings.broker_url, sweep_seconds=settings.sweep_seconds, queue=CENTRAL_QUEUE)
    app.task(rounds.look_now, name=CENTRAL_LOOK)
    return app


def wake(broker_url: str) -> None:
    """Raises nothing: the broker may be away, and then the courier finds the row by itself."""
    app = make_celery(broker_url, sweep_seconds=UNHEARD_SECONDS, queue=CENTRAL_QUEUE)
    try:
        app.send_task(CENTRAL_LOOK, retry=False, expires=UNHEARD_SECONDS)
    except Exception as error:  # noqa: BLE001 - every broker has errors of its own
        say_failed("wake_courier", error)


def _text(path: Path | None, name: str) -> str:
    """The file's text without the line's end; nothing where no file is named."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        fault = ConfigFault("environment", None, name, "names no file that can be read.", "Give its path.")
    raise ConfigurationFault([fault])
