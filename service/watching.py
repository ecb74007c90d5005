"""What looks after alarms, health, metrics and synthetic records, from settings to parts: a part of the wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine

from service.adapters.notify import read_mail, read_webhook
from service.api.schemas.check import check_subject
from service.clock import LondonClock
from service.domain.editions import read_authorities
from service.domain.policy import Policy
from service.domain.synthetic import Synthetic
from service.errors import ConfigFault, ConfigurationFault
from service.ports.alarms import Channel
from service.settings import Settings
from service.store.alarms import AlarmRows
from service.store.pulse import PulseRows
from service.store.synthetic import SyntheticRows
from service.usecases.alarms import AlarmWatch
from service.usecases.health import HealthDesk
from service.usecases.know import Knower
from service.usecases.receive import Receiver
from service.usecases.synthetic import SyntheticSender

_TOKEN_MIN = 16


@dataclass(frozen=True, repr=False)
class Seen:
    """What the profiles that hold now say of the authorities: their policies, and who wants synthetic records."""

    policies: Mapping[str, Policy]
    synthetics: Mapping[str, Synthetic]


@dataclass(frozen=True, repr=False)
class Eyes:
    """What the settings say, read before anything is opened."""

    every: timedelta
    channels: Sequence[Channel]
    metrics_token: bytes

    def watch(self, engine: Engine, seen: Seen, wakeups_failed: Callable[[], int] = lambda: 0) -> AlarmWatch:
        """One process's part in looking for alarms and telling them."""
        pulse, in_use = PulseRows(engine, synthetics=seen.synthetics), partial(_in_use, seen.policies)
        return AlarmWatch(AlarmRows(engine), pulse, self.channels, in_use, self.every, wakeups_failed)

    def desk(self, engine: Engine, seen: Seen) -> HealthDesk:
        """For the health addresses and the metrics."""
        pulse = PulseRows(engine, synthetics=seen.synthetics)
        return HealthDesk(pulse, AlarmRows(engine), partial(_in_use, seen.policies))


def sender_of(receiver: Receiver, knower: Knower, engine: Engine, seen: Seen) -> SyntheticSender:
    """Sends synthetic records through the same parts as a council's own records take."""
    return SyntheticSender(
        receiver, knower, check_subject, SyntheticRows(engine), seen.policies, seen.synthetics, LondonClock().now
    )


def read_eyes(settings: Settings) -> Eyes:
    """Raises `ConfigurationFault` for a channel or a token that cannot be used."""
    return Eyes(timedelta(seconds=settings.alarm_seconds), _channels(settings), _metrics_token(settings))


def _channels(settings: Settings) -> list[Channel]:
    made: list[Channel] = []
    if settings.alarm_webhook_url:
        made.append(read_webhook(settings.alarm_webhook_url, settings.alarm_webhook_secret_file))
    if settings.alarm_smtp_url:
        smtp, password = settings.alarm_smtp_url, settings.alarm_smtp_password_file
        made.append(read_mail(smtp, password, settings.alarm_mail_from, settings.alarm_mail_to))
    return made


def _in_use(policies: Mapping[str, Policy]) -> dict[str, bool]:
    """Every authority there is: one whose profile was dropped by mistake may still have records waiting."""
    now = dict(policies)
    return {code: code in now and now[code].in_use for code in sorted({*read_authorities(), *now})}


def _metrics_token(settings: Settings) -> bytes:
    """Empty when there is none. A file that was named must hold one: without it, everybody here could read."""
    if settings.metrics_token_file is None:
        return b""
    try:
        token = settings.metrics_token_file.read_bytes().strip()
    except OSError:
        token = b""
    if len(token) < _TOKEN_MIN:
        fix = "Put 16 or more characters into it: openssl rand -hex 24"
        fault = ConfigFault("environment", None, "WISE_METRICS_TOKEN_FILE", "names no file with a token in it.", fix)
        raise ConfigurationFault([fault])
    return token
