"""A master key in the AWS Key Management Service: it never leaves there.

    POST /   X-Amz-Target: TrentService.Encrypt   {"KeyId": …, "Plaintext": base64, "EncryptionContext": {…}}
                                                  -> {"KeyId": …, "CiphertextBlob": base64}
    POST /   X-Amz-Target: TrentService.Decrypt   {"KeyId": …, "CiphertextBlob": base64, "EncryptionContext": {…}}
                                                  -> {"KeyId": …, "Plaintext": base64}

The key is symmetric, and named by its ARN, so that nobody can give another one by moving an alias. What a wrapped key
is bound to is the encryption context: authenticated, and to be read in the KMS's own trail. The KMS rotates its key by
itself; what an earlier one wrapped it still opens.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from service.adapters.egress import Egress
from service.adapters.http import HttpClient, Reply, Request, Tls
from service.adapters.master.address import Refused, fault, tell_nobody, trust, way_to
from service.adapters.master.aws_credentials import AwsCredentials, read_credentials
from service.adapters.master.kms_words import AWAY, why
from service.domain.delivery import Reason
from service.errors import ConfigFault, ConfigurationFault, DeliveryProblem, Unavailable

Signed = Callable[[str, Mapping[str, str], bytes, AwsCredentials, str], dict[str, str]]
"""As `service.adapters.master.aws_signing.signed`."""

SECONDS = 3.0
CONTEXT = "wise-bridge"
"""The one name in the encryption context; its value is what the key is bound to, as text."""
KIND = "application/x-amz-json-1.1"
ACCEPTS = (KIND, "application/json", "text/html")
"""Amazon's own clients do not look at an answer's kind, and other KMS with this interface give it wrongly."""
LONGEST = 64 * 1024
_ARN = re.compile(r"arn:(?P<partition>aws[a-z-]*):kms:(?P<region>[a-z0-9-]+):[0-9]{12}:key/(?P<id>[0-9A-Za-z-]{1,64})")
_KEY, _URL = "WISE_MASTER_KEY_KMS_KEY", "WISE_MASTER_KEY_KMS_URL"
_CREDENTIALS, _CA = "WISE_MASTER_KEY_KMS_CREDENTIALS_FILE", "WISE_MASTER_KEY_KMS_CA_FILE"


@dataclass(frozen=True, repr=False)
class KmsKey:
    """`KeyProvider` over one key of a KMS. `arn` names it, `url` is where its region's KMS is asked."""

    arn: str
    region: str
    url: str
    credentials_file: Path
    egress: Egress
    signed: Signed
    tls: Tls | None = None
    seconds: float = SECONDS
    refused: Refused = tell_nobody

    @property
    def name(self) -> str:
        """`kms:` and the key's own id. Not its region: replicas of a multi-region key have one id and open alike."""
        return f"kms:{self.arn.rpartition('/')[2]}"

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """The KMS's own bytes. `bound` is text in UTF-8. Raises `Unavailable`."""
        return self._asked("Encrypt", "CiphertextBlob", bound, Plaintext=_text(key))

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Raises `Unavailable`."""
        return self._asked("Decrypt", "Plaintext", bound, CiphertextBlob=_text(wrapped))

    def client(self) -> HttpClient:
        """Holds no connection. Raises `ConfigurationFault` for certificates that cannot be used."""
        return HttpClient(self.url, {}, seconds=self.seconds, egress=self.egress, tls=self.tls)

    def _asked(self, verb: str, wanted: str, bound: bytes, **what: str) -> bytes:
        body = json.dumps({"KeyId": self.arn, "EncryptionContext": {CONTEXT: bound.decode()}} | what).encode()
        status, said = self._answer(verb, body)
        if status != 200:
            raise Unavailable(why(status, said.get("__type")))
        if said.get("KeyId") != self.arn:
            raise Unavailable(AWAY)  # whatever it holds, our key was not what made it
        return _bytes(said.get(wanted))

    def _answer(self, verb: str, body: bytes) -> tuple[int, Mapping[str, object]]:
        """Status and what was said; 0 and nothing where nobody answered."""
        headers, reply, refused = self._headers(verb, body), None, ""
        request = Request("POST", "/", writes=False, headers=headers, content=body, accepts=ACCEPTS, longest=LONGEST)
        try:
            with self.client().conversation() as talk:
                reply = talk.ask(request)
        except DeliveryProblem as problem:  # left here, so that none of the library hangs on ours: it holds a key
            refused = problem.note if problem.reason is Reason.ADDRESS_NOT_ALLOWED else ""
        if refused:
            self.refused(refused)
        return (reply.status, _object(reply)) if reply else (0, {})

    def _headers(self, verb: str, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": KIND, "X-Amz-Target": f"TrentService.{verb}"}
        return self.signed(f"{self.url}/", headers, body, read_credentials(self.credentials_file), self.region)


def read_kms(
    arn: str, *, url: str, credentials_file: Path | None, ca_file: Path | None, refused: Refused = tell_nobody
) -> KmsKey:
    """From settings; an empty `url` is that of the key's region. Raises `ConfigurationFault` with every fault.

    Asks nobody.
    """
    faults: list[ConfigFault] = []
    found = _ARN.fullmatch(arn)
    if found is None:
        faults.append(
            fault(_KEY, "isn't a key's ARN.", "Write it like arn:aws:kms:eu-west-2:111122223333:key/…; no alias.")
        )
    there = (url or (_usual(found) if found else "")).rstrip("/")
    egress = way_to(there)
    if egress is None and (url or found):
        faults.append(fault(_URL, "isn't an address that can be used.", "Give https://host:port and nothing else."))
    if credentials_file is None:
        faults.append(fault(_CREDENTIALS, "is not set.", "Name a file in AWS's form; nothing else is looked for."))
    tls, signer = trust(ca_file, _CA, faults), _signer(faults)
    if faults or found is None or egress is None or credentials_file is None or signer is None:
        raise ConfigurationFault(faults)
    made = KmsKey(arn, found["region"], there, credentials_file, egress, signer, tls, refused=refused)
    made.client()  # certificates that cannot be used are told now
    return made


def _usual(found: re.Match[str]) -> str:
    """AWS's own address for the region. Partitions but the common one have other domains, which are not guessed."""
    return f"https://kms.{found['region']}.amazonaws.com" if found["partition"] == "aws" else ""


def _signer(faults: list[ConfigFault]) -> Signed | None:
    try:
        from service.adapters.master.aws_signing import signed  # noqa: PLC0415 - its library is there where it is wanted
    except ImportError:
        faults.append(fault(_KEY, "needs botocore, which isn't installed.", "Install requirements/kms.txt."))
        return None
    return signed


def _object(reply: Reply) -> Mapping[str, object]:
    """Empty for whatever is no JSON object."""
    if reply.body is not None:
        return reply.body
    try:
        said = json.loads(reply.content or b"")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: object) -> bytes:
    try:
        found = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        found = b""
    if not found:
        raise Unavailable(AWAY)
    return found
