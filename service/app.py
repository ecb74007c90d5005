"""Composition root of the two web processes, for gunicorn: `service.app:casework()` and `service.app:hub()`."""

from __future__ import annotations

from flask import Flask

from service import observability, settings, wiring
from service.no_dumps import forbid_dumps
from service.settings import Process


def casework() -> Flask:
    """The casework side."""
    forbid_dumps()
    observability.configure("casework")
    return wiring.casework_app(settings.load(Process.CASEWORK))


def hub() -> Flask:
    """The Hub's side."""
    forbid_dumps()
    observability.configure("hub")
    return wiring.hub_app(settings.load(Process.HUB))
