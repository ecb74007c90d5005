"""What the wiring refuses before anything is delivered."""

from __future__ import annotations

import pytest

from service.errors import ConfigurationFault
from service.wiring import require_lease


def test_a_lease_outlasts_the_longest_call() -> None:
    """Or a worker that was frozen in the middle of one could go on beside whoever took over."""
    require_lease(75, rehearsal=False)
    require_lease(3, rehearsal=True)
    with pytest.raises(ConfigurationFault, match="WISE_LEASE_SECONDS: is shorter than a call"):
        require_lease(74, rehearsal=False)
