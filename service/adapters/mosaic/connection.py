"""Which way into a Mosaic a profile names. Faults stop the start-up, not the first delivery."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mosaic.rest.binding import RestBinding
from service.adapters.mosaic.settings import fault
from service.adapters.mosaic.soap.binding import SoapBinding
from service.adapters.mosaic.wire import Binding
from service.adapters.shared.link import Link
from service.errors import ConfigFault, ConfigurationFault

BINDINGS: Mapping[str, type[RestBinding] | type[SoapBinding]] = {"rest": RestBinding, "soap": SoapBinding}
"""The first is what a profile means that names none."""


def open_binding(link: Link, seconds: float) -> Binding:
    """The way in. Raises `ConfigurationFault` with every fault in the settings at once, and never a value."""
    name = link.connection.get("binding") or next(iter(BINDINGS))
    if name not in BINDINGS:
        raise ConfigurationFault([fault("binding", "Not a way into a Mosaic.", f"Give {' or '.join(BINDINGS)}.")])
    return BINDINGS[name](link, seconds, _of_another(name, link.connection))


def _of_another(name: str, connection: Mapping[str, str]) -> list[ConfigFault]:
    """Somebody who gives these believes that they do something."""
    others = [(other, setting) for other in BINDINGS if other != name for setting in BINDINGS[other].settings]
    return [
        fault(setting, f"This belongs to the binding {other}.", f"Remove it, or give binding: {other}.")
        for other, setting in others
        if setting in connection
    ]
