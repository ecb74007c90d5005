"""What one of our records becomes in a case system."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.shared.link import Settings
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Filing


def target_of(targets: Mapping[str, Settings], filing: Filing) -> Settings:
    """The settings of the profile for this kind of record."""
    target = targets.get(filing.record_type)
    if target is None:
        raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "record_type")
    return target
