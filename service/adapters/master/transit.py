"""A master key in the Transit engine of HashiCorp Vault or OpenBao: it never leaves there.

    POST /v1/<mount>/encrypt/<key>   {"plaintext": base64, "associated_data": base64}
                                     -> {"data": {"ciphertext": "vault:v1:…"}}
    POST /v1/<mount>/decrypt/<key>   {"ciphertext": "vault:v1:…", "associated_data": base64}
                                     -> {"data": {"plaintext": base64}}

The key is of type aes256-gcm96. The token comes from a file that is read each time, so that whoever renews it, say an
agent, needs no restart here. Vault replaces its key by itself (`rotate`); what an earlier one wrapped it still opens.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.adapters.egress import Egress
from service.adapters.http import HttpClient, Request, Tls
from service.adapters.master.address import Refused, fault, tell_nobody, trust, way_to
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem, Unavailable

SECONDS = 3.0
_AWAY = "The master key's Vault does not do what it is asked."
_NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_URL, _TOKEN = "WISE_MASTER_KEY_VAULT_URL", "WISE_MASTER_KEY_VAULT_TOKEN_FILE"


@dataclass(frozen=True, repr=False)
class TransitKey:
    """`KeyProvider` over one key of a Vault. `mount` and `key` are its names there."""

    url: str
    mount: str
    key: str
    token_file: Path
    egress: Egress
    tls: Tls | None = None
    seconds: float = SECONDS
    refused: Refused = tell_nobody

    @property
    def name(self) -> str:
        """`vault:` and where it is in the Vault. Not the address: a Vault may move."""
        return f"vault:{self.mount}/{self.key}"

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """Vault's own text, as bytes."""
        return self._asked("encrypt", "ciphertext", plaintext=_text(key), associated_data=_text(bound)).encode()

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Raises `Unavailable`."""
        ciphertext = wrapped.decode("ascii", "replace")
        answer = self._asked("decrypt", "plaintext", ciphertext=ciphertext, associated_data=_text(bound))
        try:
            return base64.b64decode(answer, validate=True)
        except ValueError:
            raise Unavailable(_AWAY) from None

    def client(self, headers: Mapping[str, str]) -> HttpClient:
        """Holds no connection. Raises `ConfigurationFault` for certificates that cannot be used."""
        return HttpClient(self.url, headers, seconds=self.seconds, egress=self.egress, tls=self.tls)

    def _asked(self, verb: str, wanted: str, **what: str) -> str:
        client, found, refused = self.client(self._headers()), None, ""
        try:
            with client.conversation() as talk:
                reply = talk.ask(Request("POST", f"/v1/{self.mount}/{verb}/{self.key}", writes=False, json=what))
            data = reply.body.get("data") if reply.status == 200 and reply.body else None
            found = data.get(wanted) if isinstance(data, dict) else None
        except DeliveryProblem as problem:  # left here, so that none of the library hangs on ours: it holds a key
            refused = problem.note if problem.reason is Reason.ADDRESS_NOT_ALLOWED else ""
        if refused:
            self.refused(refused)
        if not isinstance(found, str) or not found:
            raise Unavailable(_AWAY)
        return found

    def _headers(self) -> dict[str, str]:
        try:
            token = self.token_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            raise Unavailable("The token for the master key's Vault cannot be read.") from None
        if not token or not token.isprintable() or " " in token:
            raise Unavailable("The token for the master key's Vault cannot be used.")
        return {"X-Vault-Token": token, "X-Vault-Request": "true"}


def read_transit(
    url: str,
    token_file: Path | None,
    *,
    mount: str,
    key: str,
    ca_file: Path | None,
    refused: Refused = tell_nobody,
) -> TransitKey:
    """From settings. Raises `ConfigurationFault` with every fault; asks nobody."""
    faults, egress = [], way_to(url)
    if egress is None:
        faults.append(fault(_URL, "isn't an address that can be used.", "Give https://host:port and nothing else."))
    if token_file is None:
        faults.append(fault(_TOKEN, "is not set.", "Name a file that holds the token alone."))
    named = (("WISE_MASTER_KEY_VAULT_MOUNT", mount), ("WISE_MASTER_KEY_VAULT_KEY", key))
    for setting, given in named:
        if not _NAME.fullmatch(given):
            faults.append(fault(setting, "isn't a name of Vault's.", "Give it without a slash at either end."))
    tls = trust(ca_file, "WISE_MASTER_KEY_VAULT_CA_FILE", faults)
    if faults or egress is None or token_file is None:
        raise ConfigurationFault(faults)
    made = TransitKey(url.rstrip("/"), mount, key, token_file, egress, tls, refused=refused)
    made.client({})  # certificates that cannot be used are told now
    return made


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
