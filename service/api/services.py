"""What the routes of the casework side are given by the wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import current_app

from service.api.receipt_signer import ReceiptSigner
from service.domain.policy import Policy
from service.ports import Casework, Clock
from service.ports.changes import ChangeFeed
from service.ports.trail import AccessTrail
from service.ports.webhooks import WebhookStore
from service.usecases.copies import CopyMaker
from service.usecases.evaluation import Extractor
from service.usecases.feedback import FeedbackDesk
from service.usecases.health import HealthDesk
from service.usecases.know import Knower
from service.usecases.manifest import ManifestMaker
from service.usecases.orders.desk import OrderDesk
from service.usecases.orders.preview import Previewer
from service.usecases.packs import PackDesk
from service.usecases.receive import Receiver
from service.usecases.release_hold import HoldReleaser
from service.usecases.supervision import SupervisionDesk


class SignInClient(Protocol):
    """A machine that may sign in with a secret, in a sandbox."""

    @property
    def client_id(self) -> str:
        """Its id."""

    @property
    def authority(self) -> str:
        """The one authority it acts for, or the Hub."""

    @property
    def scopes(self) -> list[str]:
        """What it may do."""

    def secret_matches(self, secret: str) -> bool:
        """Whether this is its secret."""


@dataclass(frozen=True)
class Services:
    """The use cases and what little else a route needs."""

    receiver: Receiver
    knower: Knower
    releaser: HoldReleaser
    copies: CopyMaker
    feedback: FeedbackDesk
    extractor: Extractor
    supervision: SupervisionDesk
    packs: PackDesk
    orders: OrderDesk
    previews: Previewer
    receipts: ReceiptSigner
    manifests: ManifestMaker
    changes: ChangeFeed
    webhooks: WebhookStore
    access: AccessTrail
    casework: Casework
    policies: Mapping[str, Policy]
    case_systems: Mapping[str, str]
    clock: Clock
    digest: Callable[[str, bytes], bytes]
    find_client: Callable[[str], SignInClient | None]
    database_answers: Callable[[], bool]
    health: HealthDesk
    metrics_token: bytes


def services() -> Services:
    """This application's services."""
    found: Services = current_app.extensions["wise_bridge"]
    return found
