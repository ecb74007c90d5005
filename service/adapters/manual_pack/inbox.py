"""The packs handed over, with their store's troubles named as a delivery needs them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.domain.delivery import Reason
from service.errors import ConfigFault, ConfigurationFault, NothingSent, OutcomeUnknown, Unavailable
from service.ports.manual import Confirmations, Handed, NewPack

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def inbox_name(connection: Mapping[str, str]) -> str:
    """The name, which may stand in addresses and lists. Raises `ConfigurationFault`."""
    name = connection.get("inbox", "")
    if not _NAME.fullmatch(name):
        fault = "An inbox has a name of up to 64 letters, digits, dots, hyphens and underscores."
        fix = "Name it, such as complex-safeguarding-admin; it is no mail address."
        raise ConfigurationFault([ConfigFault("manual_pack connection", None, "connection.inbox", fault, fix)])
    return name


class Inbox:
    """What can be asked of it and put into it. Without a store nothing can."""

    def __init__(self, confirmations: Confirmations | None) -> None:
        self._confirmations = confirmations

    @property
    def is_there(self) -> bool:
        """Whether packs can be handed over at all."""
        return self._confirmations is not None

    def given(self, reference: str) -> Handed | None:
        """Reads only, so nothing was sent when it fails."""
        try:
            return self._store().given(reference)
        except Unavailable:
            raise NothingSent(Reason.UNREACHABLE, "packs") from None

    def put(self, pack: NewPack) -> None:
        """A commit whose answer is lost may have been one."""
        store = self._store()
        try:
            store.put(pack)
        except Unavailable:
            raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER, "packs") from None

    def _store(self) -> Confirmations:
        if self._confirmations is None:
            raise NothingSent(Reason.UNREACHABLE, "no_packs_here")
        return self._confirmations
