"""The wiring's part for the process that keeps house: it seals the trail, and brings its checkpoints outside."""

from __future__ import annotations

from datetime import timedelta

from service.adapters.checkpoints import FolderWay, read_address, read_signer
from service.api.scopes import HUB
from service.configuration import profiles
from service.domain.editions import read_authorities
from service.errors import ConfigFault, ConfigurationFault
from service.ports.trail import Way
from service.settings import Settings
from service.store.checkpoints import CheckpointRows
from service.store.engine import make_engine
from service.store.trail import ChainRows
from service.tasks.chore import Chore
from service.tasks.keeper import Keeper
from service.usecases.checkpoints import Checkpointer
from service.usecases.sealing import Sealer


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
    signer, known = read_signer(key), sorted({*read_authorities(), *profiles(settings.config_dir), HUB})
    engine = make_engine(settings.database_url, pool_size=4)
    sealer = Sealer(ChainRows(engine), lambda: known)
    every = timedelta(seconds=settings.checkpoint_seconds)
    checkpointer = Checkpointer(CheckpointRows(engine), signer, ways, lambda: known, every)
    chores = [
        Chore("audit_sealed", sealer.look, settings.sweep_seconds),
        Chore("checkpoints", checkpointer.look, settings.sweep_seconds),
    ]
    return Keeper(chores, engine.dispose)
