"""The settings of a CareDirector, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.adapters.http import ClientCredentials, HttpClient
from service.adapters.shared.guid import guid
from service.adapters.shared.link import Link, Settings
from service.adapters.shared.web import open_web
from service.errors import ConfigFault

WHERE = "caredirector connection"
_TARGET = ("team", "form_template", "document_type", "document_sub_type")


def open_client(link: Link, seconds: float) -> HttpClient:
    """The client, or every fault in the settings at once. Its sign-in keeps the token for all threads."""
    return open_web(link, _faults(link), where=WHERE, seconds=seconds, auth=_sign_in(link.connection))


def _sign_in(connection: Mapping[str, str]) -> ClientCredentials:
    """The protocol takes the two fields and no third."""
    url = f"{connection['base_url'].rstrip('/')}/auth/token"
    return ClientCredentials(url, connection["client_id"], connection["client_secret"], in_body=True, grant_type="")


def _faults(link: Link) -> Iterator[ConfigFault]:
    for name in ("client_id", "client_secret"):
        if not link.connection[name] or not link.connection[name].isprintable():
            yield ConfigFault(WHERE, None, name, "Empty, or with a line end in it.", "Give it as it was issued.")
    optional = [name for name in ("restriction", "withdrawal_note_type") if link.connection.get(name)]
    yield from _id_faults(link.connection, optional, WHERE)
    for kind, target in link.targets.items():
        yield from _id_faults(target, _TARGET, f"caredirector target {kind}")
    yield from _id_faults(link.task, ["team"] if link.task else [], "caredirector task")


def _id_faults(settings: Settings, names: list[str] | tuple[str, ...], where: str) -> Iterator[ConfigFault]:
    for name in names:
        if guid(settings.get(name)) is None:
            fix = "Give the GUID that CareDirector shows, as 01234567-89ab-cdef-0123-456789abcdef."
            yield ConfigFault(where, None, name, "Not an id of CareDirector.", fix)
