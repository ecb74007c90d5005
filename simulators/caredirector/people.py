"""The people of the fictional authority: numbers, dates of birth and cases. No name is kept, so none can leak."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

_SPACE = uuid5(NAMESPACE_URL, "https://caredirector.example/")


@dataclass(frozen=True)
class Case:
    """One case of a person; `number` is what people say."""

    number: str
    is_open: bool = True
    start: str = "2025-01-06"

    @property
    def id(self) -> str:
        return str(uuid5(_SPACE, f"case/{self.number}"))


@dataclass(frozen=True)
class Lock:
    """Somebody has the record open; `until` is a time like `2026-09-14T17:00:00Z`, or None where nobody knows."""

    by: str
    until: str | None = None


@dataclass(frozen=True)
class Person:
    """One person. `serial` tells two people under one number apart; `merged_to` is a number."""

    number: str
    date_of_birth: str | None
    cases: tuple[Case, ...] = ()
    estimated: bool = False
    merged_to: str | None = None
    restricted: bool = False
    hidden: bool = False
    lock: Lock | None = None
    serial: int = 0

    @property
    def id(self) -> str:
        return str(uuid5(_SPACE, f"person/{self.number}/{self.serial}"))


# fmt: off
_LOAD = (
    "2010-01-14", "2010-03-03", "2010-06-21", "2010-09-09", "2010-12-30", "2011-02-11", "2011-04-27",
    "2011-07-05", "2011-10-18", "2011-12-01", "2012-02-29", "2012-05-16", "2012-08-08", "2012-10-25",
    "2013-01-07", "2013-03-19", "2013-06-02", "2013-08-30", "2014-01-22", "2014-05-11",
)
# fmt: on


def _load() -> tuple[Person, ...]:
    numbers = enumerate(_LOAD, start=300)
    return tuple(Person(f"40{number}", born, (Case(f"C-500{number}"),)) for number, born in numbers)


TEST_PEOPLE = (
    Person("40211", "2010-05-02", (Case("C-500211"),)),
    Person("0040211", "2012-12-12", (Case("C-500231"),)),
    Person("40212", "2010-05-02", merged_to="40211"),
    Person("40213", "2011-01-01", (Case("C-500213"),), estimated=True),
    Person("40214", "2011-11-23", (Case("C-500214"),), restricted=True),
    Person("40215", "2012-08-19", (Case("C-500215"),), hidden=True),
    Person("40216", "2009-03-14", (Case("C-500216"),)),
    Person("40216", "2013-07-30", (Case("C-500226"),), serial=1),
    Person("40217", "2012-02-29", (Case("C-500217", is_open=False),)),
    Person("40218", "2011-06-06", (Case("C-500218"),), lock=Lock("Another user")),
    Person("40219", "2011-09-09", (Case("C-500219"), Case("C-500229", start="2025-03-03"))),
    Person("40220", None, (Case("C-500220"),)),
    *_load(),
)
