"""The wiring's part for the process that keeps house: it seals the trail, brings checkpoints out, shreds, forgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from service.adapters.checkpoints import FolderWay, read_address, read_shred_list, read_signer, write_shred_list
from service.api.scopes import HUB
from service.configuration import profiles
from service.domain.editions import read_authorities
from service.errors import ConfigFault, ConfigurationFault
from service.live import LiveProfiles, Made
from service.ports.trail import Way
from service.settings import Settings
from service.store.checkpoints import CheckpointRows
from service.store.ends import RecordRows, TrailEnds
from service.store.engine import make_engine
from service.store.profile_versions import ProfileVersionRows
from service.store.retention import BodyRows
from service.store.trail import ChainRows
from service.tasks.chore import Chore
from service.tasks.keeper import Keeper
from service.usecases.checkpoints import Checkpointer
from service.usecases.ends import Forgetter, TrailCutter
from service.usecases.purge import Purger
from service.usecases.sealing import Sealer
from service.usecases.shred_list import read, written

PURGE_SECONDS = 3600.0
"""What is due goes within the hour, also where the keeper is started anew every day."""
SHRED_LIST = "shredded.json"
"""Beside the checkpoints: a list that a backup of the database brought back would be of no use."""


def keeper(settings: Settings) -> Keeper:
    """Every chore of the house. Raises `ConfigurationFault` before anything is begun."""
    folder, key = settings.checkpoint_dir, settings.audit_signing_key_file
    if folder is None or not folder.is_dir():
        fault = ConfigFault("environment", None, "WISE_CHECKPOINT_DIR", "names no folder.", "Make it, or mount it.")
        raise ConfigurationFault([fault])
    if key is None:
        fault = ConfigFault("environment", None, "WISE_AUDIT_SIGNING_KEY_FILE", "is not set.", "See the README.")
        raise ConfigurationFault([fault])
    ways: list[Way] = [FolderWay(folder)]
    if settings.checkpoint_url:
        ways.append(read_address(settings.checkpoint_url))
    signer, known = read_signer(key), _with_a_trail(settings.config_dir)
    engine = make_engine(settings.database_url, pool_size=4)
    sealer = Sealer(ChainRows(engine), lambda: known)
    every = timedelta(seconds=settings.checkpoint_seconds)
    checkpointer = Checkpointer(CheckpointRows(engine), signer, ways, lambda: known, every)
    chores = [
        Chore("audit_sealed", sealer.look, settings.sweep_seconds),
        Chore("checkpoints", checkpointer.look, settings.sweep_seconds),
    ]
    if not settings.purge_database_url:
        return Keeper(chores, engine.dispose)
    shredding = make_engine(settings.purge_database_url, pool_size=2)
    chores += [
        Chore("bodies_shredded", shredder(shredding, settings.config_dir, folder), PURGE_SECONDS),
        Chore("records_forgotten", make_forgetter(shredding, settings.config_dir).look, PURGE_SECONDS),
        Chore("trail_cut", make_cutter(shredding, settings.config_dir).look, PURGE_SECONDS),
    ]

    def close() -> None:
        engine.dispose()
        shredding.dispose()

    return Keeper(chores, close)


def make_purger(engine: Engine, config_dir: Path) -> Purger:
    """With the windows of the profiles that hold now. Raises `ConfigurationFault`."""
    return Purger(BodyRows(engine), _windows(engine, config_dir))


def make_forgetter(engine: Engine, config_dir: Path) -> Forgetter:
    """For the authorities whose bodies are shredded. Raises `ConfigurationFault`."""
    return Forgetter(RecordRows(engine), _windows(engine, config_dir))


def make_cutter(engine: Engine, config_dir: Path) -> TrailCutter:
    """For everybody who has a trail. Raises `ConfigurationFault`."""
    known = _with_a_trail(config_dir)
    return TrailCutter(TrailEnds(engine), lambda: known)


def _windows(engine: Engine, config_dir: Path) -> Mapping[str, int]:
    now = LiveProfiles(profiles(config_dir), ProfileVersionRows(engine))
    return Made(now, lambda profile: profile.retention.body_days)


def _with_a_trail(config_dir: Path) -> list[str]:
    """Every authority that was ever known here, and the Hub's clients."""
    return sorted({*read_authorities(), *profiles(config_dir), HUB})


def keep_list(purger: Purger, file: Path) -> None:
    """Adds to the list what is not in it. What a restored database has forgotten stays. Raises `NotOurList`."""
    before = read_shred_list(file)
    known = read(before) if before else []
    whole = {(each.authority, each.submission_id): each for each in (*known, *purger.shredded())}
    if before is None or len(whole) > len(known):
        write_shred_list(file, written(whole.values(), purger.bodies.now()))


def shredder(engine: Engine, config_dir: Path, folder: Path) -> Callable[[], int]:
    """The chore: it shreds what is due, and says so in the list, also when only some authorities' could be."""
    purger, file = make_purger(engine, config_dir), folder / SHRED_LIST

    def look() -> int:
        try:
            return purger.look()
        finally:
            keep_list(purger, file)

    return look
