"""Prepared people: everything the issuer says about somebody is written down before."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Person:
    """`login` is what `login_hint` names; `preferred_username` does as well. `more` adds claims as they are.

    `auth_age`: so many seconds ago somebody of this name signed in, when a sign-in is asked for now.
    """

    login: str
    sub: str
    name: str = ""
    email: str = ""
    preferred_username: str = ""
    tid: str = ""
    oid: str = ""
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    acr: str | None = None
    auth_age: int = 0
    more: dict[str, Any] = field(default_factory=dict)

    def profile(self, scopes: frozenset[str]) -> dict[str, Any]:
        """What the scopes ask for (OpenID Connect Core, 5.4); roles and groups as Entra ID names them."""
        said: dict[str, Any] = {"sub": self.sub}
        if "profile" in scopes:
            said |= {"name": self.name, "preferred_username": self.preferred_username}
        if "email" in scopes:
            said |= {"email": self.email}
        return {name: value for name, value in said.items() if value} | self.more


class People:
    """Who can sign in. Threads may share it."""

    def __init__(self, people: Iterable[Person] | None = None) -> None:
        self._lock = threading.Lock()
        self._by_login = {person.login: person for person in (_prepared() if people is None else people)}

    def all(self) -> list[Person]:
        with self._lock:
            return list(self._by_login.values())

    def find(self, hint: str) -> Person | None:
        """By login, or by the user name an organisation would use."""
        return next((each for each in self.all() if hint and hint in {each.login, each.preferred_username}), None)

    def put(self, person: Person) -> None:
        """Somebody new, or somebody changed."""
        with self._lock:
            self._by_login[person.login] = person

    def change(self, login: str, **changes: Any) -> Person:
        """What happens overnight: a role taken away, a new name. Fields of `Person`. `KeyError`: there is nobody."""
        with self._lock:
            self._by_login[login] = replace(self._by_login[login], **changes)
            return self._by_login[login]

    def remove(self, login: str) -> None:
        with self._lock:
            self._by_login.pop(login, None)


def _prepared() -> list[Person]:
    entries = YAML(typ="safe", pure=True).load((HERE / "people.yaml").read_text(encoding="utf-8"))
    return [person_of(entry) for entry in entries]


def person_of(entry: dict[str, Any]) -> Person:
    """From YAML or JSON, whose lists become tuples. `TypeError` for a field that there is not."""
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return Person(**given)
