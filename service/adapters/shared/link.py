"""All that a connector gets to know of one authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.egress import Egress

Settings = Mapping[str, str | int]


@dataclass(frozen=True, repr=False)
class Link:
    """Where and as whom, with credentials; what each record and a task become there.

    `documents_here` is false when this authority keeps documents in a system of their own, or nowhere. Without
    `egress` a connector may call the address of its own connection, where that is a public one, and no other.
    """

    connection: Mapping[str, str]
    targets: Mapping[str, Settings]
    task: Settings
    documents_here: bool = True
    egress: Egress | None = None
