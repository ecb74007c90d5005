"""The door: writes a fact in the caller's transaction, as a role that may insert here and read nothing back."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from service.central.tables import fact as table
from service.domain.fact import FIELDS, Fact

_WRITE = insert(table).inline()


class FactDoor:
    """`service.ports.FactSink`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hand_over(self, fact: Fact) -> None:
        """Writes the codes, and checks once more that they are all there is."""
        self._write(fact, 1)

    def take_back(self, fact: Fact) -> None:
        """Writes its opposite. Nobody here could find the first one: a fact has no id."""
        self._write(fact, -1)

    def _write(self, fact: Fact, weight: int) -> None:
        if type(fact) is not Fact:
            raise TypeError("only a Fact crosses to the central side")
        codes = {name: getattr(fact, name) for name in FIELDS}
        self._connection.execute(_WRITE, codes | {"weight": weight})
