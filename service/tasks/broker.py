"""The Celery application and its settings, each for a reason measured in the reliability study."""

from __future__ import annotations

from typing import Any

from celery import Celery

LOOK, SWEEP = "wise.look", "wise.sweep"
QUEUE = "wise"
CENTRAL_LOOK, CENTRAL_QUEUE = "wise.central.look", "wise-central"
"""For the courier, which hears of no authority: its message says "look now" and nothing else."""
_VISIBILITY = 300


def make_celery(broker_url: str, *, sweep_seconds: float, queue: str = QUEUE) -> Celery:
    """An application that sends ids as JSON and keeps no results."""
    app = Celery("wise-bridge", broker=broker_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        result_serializer="json",
        task_ignore_result=True,
        task_default_queue=queue,
        task_acks_late=True,
        task_reject_on_worker_lost=False,  # the sweep does it again; the broker would loop for ever on a poison task
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,  # events would carry arguments
        task_send_sent_event=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport(broker_url),
        task_default_queue_type="quorum" if _is_amqp(broker_url) else None,
        enable_utc=True,
        timezone="UTC",
        beat_schedule={
            SWEEP: {"task": SWEEP, "schedule": sweep_seconds, "options": {"expires": max(sweep_seconds * 3, 5)}},
        },
    )
    return app


def _is_amqp(broker_url: str) -> bool:
    return broker_url.startswith(("amqp:", "amqps:"))


def _transport(broker_url: str) -> dict[str, Any]:
    """A process that wakes a worker does not wait for the broker to come back, nor for one that says nothing."""
    if _is_amqp(broker_url):
        return {"max_retries": 0, "connect_timeout": 1, "confirm_publish": True, "confirm_timeout": 1}
    return {
        "visibility_timeout": _VISIBILITY,
        "max_retries": 0,
        "socket_connect_timeout": 1,
        "socket_timeout": 2,  # longer than the second a worker polls
        "socket_keepalive": True,
    }
