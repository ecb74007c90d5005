"""How long a connection may take to open: what the address says, else three seconds."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from service.store.engine import make_engine


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(("query", "seconds"), [("", "3"), ("?connect_timeout=2", "2")])
def test_a_silent_server_is_given_up_after_what_the_address_says(silent: int, query: str, seconds: str) -> None:
    engine = make_engine(f"postgresql+psycopg://wise_intake:none@127.0.0.1:{silent}/wise{query}")
    waits = []

    def note(_dialect: object, _record: object, _args: object, params: dict[str, str]) -> None:
        waits.append(params["connect_timeout"])

    event.listen(engine, "do_connect", note)
    with pytest.raises(OperationalError, match="timeout"):
        engine.connect()
    assert waits == [seconds]
