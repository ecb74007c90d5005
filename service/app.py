"""Composition root of the two web processes, for gunicorn: `service.app:casework()` and `service.app:hub()`."""

from __future__ import annotations

from flask import Flask

from service import observability, settings, wiring
from service.settings import Process


def casework() -> Flask:
    """The casework side."""
    observability.configure("casework")
    return wiring.casework_app(settings.load(Process.CASEWORK))


def hub() -> Flask:
    """The Hub's side."""
    observability.configure("hub")
    return wiring.hub_app(settings.load(Process.HUB))
