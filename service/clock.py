"""The day in London, from this machine's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime

from service.domain.london import london_date


class LondonClock:
    """`service.ports.Clock`."""

    def today(self) -> date:
        """Today's date in Europe/London."""
        return london_date(self.now())

    def now(self) -> datetime:
        """This moment."""
        return datetime.now(UTC)
