"""One reader of the service and what a hostile system answers: `python -m tests.attacks.hostile READER WHERE…`.

In a process of its own, whose memory nothing else has filled. WHERE is an address for what is read over HTTP, and a
file for what is read by SFTP or is a description. Tells for each how it ended, its own seconds and the KiB it grew by.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from zeep.exceptions import ExternalReferenceForbidden

from service.adapters.generic_rest.system import RestCaseSystem
from service.adapters.generic_sftp.answers import reader
from service.adapters.lcs.answers import ANSWERS
from service.adapters.mosaic.soap.binding import SoapBinding
from service.adapters.mosaic.soap.description import Description, LoadRefusedError
from service.adapters.shared.exchange.looking import Reader
from service.adapters.shared.link import Link
from service.adapters.shared.strict import UnreadableError
from service.errors import DeliveryProblem
from service.ports import Absent
from tests.support.memory import begin, grown_since

Read = Callable[[], None]
REFERENCE = "WB-0001"
TARGET = {"form_type": "WISE", "document_type": "ASSESS", "document_sub_type": "WISE"}


def soap(url: str) -> Read:
    """A look-up over SOAP."""
    connection = {"soap_url": url, "user": "bridge", "password": "fictional password of the bridge"}

    def look_up() -> None:
        with SoapBinding(Link(connection, {}, {}), 20.0).talk() as wire:
            wire.steps(REFERENCE)

    return look_up


def rest(dialect: str) -> Callable[[str], Read]:
    """A look-up in plain JSON or OData."""

    def at(url: str) -> Read:
        connection = {"base_url": url, "dialect": dialect, "sign_in": "api_key", "api_key": "fictional-0123456789"}
        link = Link(connection, {"wise_assessment": TARGET}, {"task_type": "REVIEW", "team": "REVIEW"})
        return lambda: _of_nobody(RestCaseSystem(link).look_up(REFERENCE))

    return at


def _of_nobody(found: object) -> None:
    """A sound answer says that there is nothing; who believes more has believed a hostile one."""
    if not isinstance(found, Absent):
        raise TypeError("it was taken for a record")


def answers(reader: Reader) -> Callable[[str], Read]:
    """An answer's file, at most as much of it as the folder's reader takes."""

    def at(path: str) -> Read:
        def read_it() -> None:
            with Path(path).open("rb") as file:
                data = file.read(reader.limit + 1)
            reader.acknowledgement(data, REFERENCE)

        return read_it

    return at


def wsdl(path: str) -> Read:
    """A description, in place of our own; its bytes are there before, as ours are."""
    content = Path(path).read_bytes()
    return lambda: _described(content)


def _described(content: bytes) -> None:
    Description(content)


def careless(path: str) -> Read:
    """Believes everything and takes all of it: what the measure must see."""
    return lambda: _taken(Path(path).read_bytes())


def _taken(content: bytes) -> None:
    if not content:
        raise ValueError


READERS: Mapping[str, Callable[[str], Read]] = {
    "SOAP": soap,
    "OData": rest("odata"),
    "plain JSON": rest("plain"),
    "WSDL": wsdl,
    "LCS answers": answers(ANSWERS),
    "answers by SFTP": answers(reader("json")),
    "a careless reader": careless,
}


def tried(make: Callable[[str], Read], where: str) -> dict[str, object]:
    """How it ended: in a refusal of ours, in something else, or in belief."""
    read = make(where)
    before, began = begin(), time.process_time()
    try:
        read()
        ended = "believed"
    except (DeliveryProblem, UnreadableError, LoadRefusedError, ExternalReferenceForbidden) as refused:
        ended = f"refused: {getattr(refused, 'reason', '') or type(refused).__name__}"
    except Exception as error:  # noqa: BLE001 - to be told
        ended = f"broke: {type(error).__name__}"
    return {"ended": ended, "seconds": time.process_time() - began, "grown": grown_since(before)}


if __name__ == "__main__":
    chosen = READERS[sys.argv[1]]
    sys.stdout.write(json.dumps({place: tried(chosen, place) for place in sys.argv[2:]}) + "\n")
