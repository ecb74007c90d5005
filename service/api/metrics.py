"""`/metrics` in Prometheus' text format, for the operator's own monitoring and nobody else.

With a token file, only with that token. Without one, only from this very machine, and not through a proxy that says it
is one: a proxy on this machine that keeps silent about it makes every caller local, so behind one the token is needed.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, current_app, request

from service.api.guard import unguarded
from service.api.openapi import Answer, tells
from service.api.openapi.shapes import TEXT
from service.domain.alarms import LanePulse
from service.domain.delivery import KEEPING
from service.domain.delivery.breaker import Hold
from service.errors import NotSignedIn
from service.usecases.health import Pulses

blueprint = Blueprint("metrics", __name__)
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Metric:
    """One metric with its samples."""

    name: str
    kind: str
    help: str
    samples: Iterable[tuple[Labels, float]]


def register(app: Flask, pulses: Callable[[], Pulses], token: bytes) -> None:
    """`token` empty: from this machine only."""
    app.extensions["wise_bridge_metrics"] = (pulses, token)
    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
@unguarded
@tells({200: Answer("Every metric.", {"text/plain": TEXT})}, problems=(401, 503))
def metrics() -> Response:
    """Guarded by its own means: a monitor has no client of an authority."""
    pulses, token = current_app.extensions["wise_bridge_metrics"]
    if not (_has_token(token) if token else _is_local()):
        raise NotSignedIn("Metrics are for the operator: send the token of WISE_METRICS_TOKEN_FILE as a bearer token.")
    return Response("".join(written(_metrics(pulses()))), content_type=_TYPE)


def _has_token(token: bytes) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token)


def _is_local() -> bool:
    try:
        local = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return local and not any(name in request.headers for name in _PROXIED)


def written(metrics: Iterable[Metric]) -> Iterator[str]:
    """As Prometheus reads it. Labels are codes and states of ours; what would need escaping cannot be in them."""
    for metric in metrics:
        yield f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} {metric.kind}\n"
        for labels, value in metric.samples:
            inside = ",".join(f'{name}="{text}"' for name, text in labels.items())
            yield f"{metric.name}{{{inside}}} {value:g}\n" if inside else f"{metric.name} {value:g}\n"


def _metrics(pulses: Pulses) -> Iterator[Metric]:
    bridge, lanes = pulses.bridge, list(pulses.lanes.values())
    yield _gauge("open_deliveries", "Deliveries that are not at an end, by state.", _open(lanes))
    yield _gauge("oldest_open_seconds", "How long the oldest delivery has been in a state.", _oldest(lanes))
    for name, meaning, value in _OF_LANES:
        samples = [
            ({"authority": lane.authority}, float(found)) for lane in lanes if (found := value(lane)) is not None
        ]
        yield _gauge(name, meaning, samples)
    yield _gauge("workers", "Workers seen within the last minute.", [({}, bridge.workers)])
    seen = (bridge.now - bridge.seen_at).total_seconds()
    yield _gauge("worker_seen_seconds", "Since any worker was last seen.", [({}, max(0.0, seen))])
    yield _gauge("alarm_channels_failing", "Channels that alarms cannot be told through.", [({}, len(bridge.channels))])
    meaning = "Wake-ups that did not reach the broker."
    yield Metric("wise_bridge_wakeups_failed_total", "counter", meaning, [({}, bridge.wakeups_failed)])
    meaning = "Sign-ins and requests that were refused for what was presented with them, of both sides."
    refusals = [({"reason": each.reason}, float(each.total)) for each in bridge.refusals]
    yield Metric("wise_bridge_sign_in_failures_total", "counter", meaning, refusals)
    meaning = "Times that nothing was sent to an address, because it may not be called. Not those of case systems."
    addresses = [({"what": what}, float(total)) for what, total in sorted(bridge.refused_addresses.items())]
    yield Metric("wise_bridge_refused_addresses_total", "counter", meaning, addresses)


def _gauge(name: str, meaning: str, samples: Iterable[tuple[Labels, float]]) -> Metric:
    return Metric(f"wise_bridge_{name}", "gauge", meaning, samples)


def _open(lanes: Iterable[LanePulse]) -> Iterator[tuple[Labels, float]]:
    """Every open state of every lane, also those with nothing in them: a series that ends looks like an outage."""
    for lane in lanes:
        for state in KEEPING:
            count = sum(each.count for each in lane.waiting if each.state is state)
            yield {"authority": lane.authority, "state": state.value}, count


def _oldest(lanes: Iterable[LanePulse]) -> Iterator[tuple[Labels, float]]:
    for lane in lanes:
        for state in KEEPING:
            since = [each.oldest for each in lane.waiting if each.state is state]
            age = (lane.now - min(since)).total_seconds() if since else 0.0
            yield {"authority": lane.authority, "state": state.value}, max(0.0, age)


_OF_LANES: tuple[tuple[str, str, Callable[[LanePulse], float | None]], ...] = (
    ("breaker_open", "1 while the lane's breaker is open.", lambda lane: lane.opened_at is not None),
    ("lane_held", "1 while a person has paused or stopped the lane.", lambda lane: lane.hold is not Hold.NONE),
    ("in_flight", "Deliveries that a worker holds.", lambda lane: lane.in_flight),
    ("in_use", "1 where the authority's profile is in use.", lambda lane: lane.in_use),
    ("sweep_age_seconds", "Since the lane was last swept.", lambda lane: (lane.now - lane.swept_at).total_seconds()),
    (
        "conservation_difference",
        "Deliveries accepted and missing, or there and not accepted; absent while the books cannot be read.",
        lambda lane: lane.difference,
    ),
    (
        "records_without_fact",
        "Standing records that are not counted: their fact was refused.",
        lambda lane: lane.uncounted,
    ),
    ("legal_holds", "Legal holds in force: no body that they are about is shredded.", lambda lane: lane.legal_holds),
)
