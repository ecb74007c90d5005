"""Releases on their way: built and audited as by command, and read and decided in an approver's browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from service.central.releases.desk import ReleaseDesk
from service.central.releases.store import ReleaseRows
from tests.central.releases.conftest import TODAY
from tests.central.releases.made import Q4, maker
from tests.people.world import OURS, PUBLIC, Browser, Issuers
from tests.store.rows import rows
from tests.support.servers import Database

ANN = 'Ann "the builder" Example & Søn'
"""What has to be escaped in a page, and in the bytes of the ledger."""
PAGE = f"/approvals/{Q4}"
HTML = {"Accept": "text/html"}


@dataclass
class Releases:
    """Whoever builds and audits, by command."""

    database: Database
    rows: ReleaseRows

    def desk(self, **parts: Any) -> ReleaseDesk:
        return ReleaseDesk(self.rows, maker(**parts), lambda: TODAY)

    def audited(self, by: str = ANN, **parts: Any) -> None:
        desk = self.desk(**parts)
        desk.build(Q4, by=by)
        desk.audit(Q4)


def as_hubs(browser: Browser, world: Issuers, *roles: str, login: str = "amira") -> Browser:
    people = world.sims["hub"].world.people
    before = people.find(login)
    assert before is not None
    people.change(login, roles=roles)
    try:
        assert browser.sign_in("hub", login).status_code == 200
    finally:
        people.put(before)
    return browser


def read(browser: Browser) -> dict[str, str]:
    """The form that the page holds, as a browser would send it."""
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', browser.get(PAGE, **HTML).text))
    assert set(found) == {"build", "digest"}
    return found | {"read": "yes"}


def sent(browser: Browser, step: str, form: dict[str, str], headers: dict[str, str] = OURS) -> TestResponse:
    return browser.client.post(f"{PAGE}/{step}", base_url=PUBLIC, data=form, headers=headers | HTML)


def approvals(database: Database) -> list[dict[str, Any]]:
    return rows(database, "SELECT approved_by, way FROM central.build_approval")
