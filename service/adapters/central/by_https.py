"""By HTTPS: PUT where nothing is yet; looked up by the digest that the server states, or by the bytes themselves."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from service.adapters.http import Conversation, HttpClient, Reply, Request, common_problem, unexpected
from service.domain.delivery import Reason
from service.domain.sending import Receipt
from service.errors import DeliveryProblem, NeedsHuman
from service.ports.sending import There

KINDS = {
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PLAIN_BYTES = ("application/octet-stream", "binary/octet-stream")
_ETAG = re.compile(r'(W/)?"[!#-~]{0,200}"')


class HttpsAddress:
    """`service.ports.sending.CentralAddress` below one address. A redirect is an answer, and is not followed."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def look(self, quarter: str, file: str, content: bytes) -> Receipt | There:
        """By HEAD with the digest of RFC 9530; where the server states none, by the bytes."""
        with self._client.conversation() as talk:
            return _look(talk, f"/{quarter}/{file}", content)

    def send(self, quarter: str, file: str, content: bytes) -> Receipt | There:
        """`If-None-Match: *`: the server itself refuses to replace a file."""
        path, kind = f"/{quarter}/{file}", KINDS[file.rpartition(".")[2]]
        headers = {"Accept": "*/*", "If-None-Match": "*", "Content-Digest": digest_field(content), "Content-Type": kind}
        put = Request("PUT", path, writes=True, content=content, headers=headers, accepts=())
        with self._client.conversation() as talk:
            reply = talk.ask(put)
            if reply.status in (200, 201, 204):
                return _receipt(reply, content)
            found = _look(talk, path, content) if reply.status == 412 else There.NOTHING
        if found is There.NOTHING:
            raise _problem(put, reply)
        return found


def digest_field(content: bytes) -> str:
    """As `Content-Digest` and `Repr-Digest` write it."""
    return f"sha-256=:{b64encode(sha256(content).digest()).decode()}:"


def _look(talk: Conversation, path: str, content: bytes) -> Receipt | There:
    head = Request("HEAD", path, writes=False, headers={"Want-Repr-Digest": "sha-256=10"}, accepts=("*/*",))
    reply = talk.ask(head)
    stated = _stated(reply)
    if reply.status == 200 and stated:
        return _receipt(reply, content) if stated == digest_field(content) else There.OTHER_BYTES
    if reply.status in (200, 405, 501):
        return _compared(talk, path, content)
    return _nothing_or_raise(head, reply)


def _stated(reply: Reply) -> str:
    """The SHA-256 among the digests of what is kept there, or nothing."""
    members = (each.strip() for each in reply.headers.get("repr-digest", "").split(","))
    return next((each for each in members if each.startswith("sha-256=")), "")


def _compared(talk: Conversation, path: str, content: bytes) -> Receipt | There:
    """A file that is longer than ours cannot be ours, and is not read to its end."""
    accepts = (*KINDS.values(), *PLAIN_BYTES)
    get = Request("GET", path, writes=False, accepts=accepts, longest=len(content))
    reply = talk.ask(get)
    if reply.status != 200:
        return _nothing_or_raise(get, reply)
    if reply.kind not in accepts:
        raise unexpected(get, "not_a_file")
    return _receipt(reply, content) if reply.content == content else There.OTHER_BYTES


def _nothing_or_raise(asked: Request, reply: Reply) -> There:
    if reply.status in (404, 410):
        return There.NOTHING
    raise _problem(asked, reply)


def _problem(asked: Request, reply: Reply) -> DeliveryProblem:
    """A refusal is for a person; 408 and 412 without a file say nothing about what was kept."""
    known = common_problem(asked, reply)
    if known is not None:
        return known
    note = f"status_{reply.status}"
    if 300 <= reply.status < 500 and reply.status not in (408, 412):
        return NeedsHuman(Reason.NOT_PERMITTED if reply.status == 403 else Reason.CONTENT_REFUSED, note)
    return unexpected(asked, note)


def _receipt(reply: Reply, content: bytes) -> Receipt:
    etag = reply.headers.get("etag", "")
    return {"status": reply.status, "size": len(content)} | ({"etag": etag} if _ETAG.fullmatch(etag) else {})
