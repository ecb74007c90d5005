"""The drills find what they are for: an identifier that is served, a fact that is none, a release of nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pytest

from service.central.formats.zipped import zipped
from service.domain.fact import Fact
from tests.intruder import drills
from tests.intruder.archives import unpacked
from tests.intruder.canaries import corpus, forms, searched
from tests.intruder.claims import Row
from tests.intruder.client import Client
from tests.intruder.cohort import RELEASES, cohort
from tests.intruder.harness import Open, Tell
from tests.intruder.leaky import BY_SEX, Served, Spec, nothing, published, serving
from tests.intruder.posting import everything
from tests.intruder.reading import Where
from tests.intruder.system import PEOPLE

CANARY = "Fictional Name, 999 000 0018"
SPECS = (Spec("sex", PEOPLE, (BY_SEX,)),)
EMPTY: dict[str, Counter[Row]] = {RELEASES[0]: Counter()}


def served_with(title: str) -> bytes:
    """All that a little Hub serves whose one table has this title."""
    bodies = published(EMPTY, SPECS, nothing)
    bodies[RELEASES[0], "sex"]["title"] = title
    with serving(Served(bodies)) as address, closing(Client(address, "one")) as client:
        return everything(client)


def test_an_identifier_that_is_served_is_found() -> None:
    before = served_with("By sex")
    assert searched([before], [CANARY])[1] == []
    tried, breaches = searched([served_with(f"By sex {CANARY}")], ["another one", CANARY], allowed=before)
    assert tried == 2 * len(forms(CANARY))
    assert {(each.test, each.place) for each in breaches} == {("T8", "canary 1")}


@pytest.mark.parametrize("form", range(len(forms("Zoë Fictional"))))
def test_an_identifier_is_found_in_every_form(form: int) -> None:
    hidden = b"before " + forms("Zoë Fictional")[form] + b" after"
    assert searched([hidden], ["Zoë Fictional"])[1]
    assert searched([hidden], ["Zoë Fictional"], allowed=hidden)[1] == []


def test_an_identifier_is_found_in_what_is_packed() -> None:
    assert searched([unpacked(zipped({"all.csv": CANARY.encode()}))], [CANARY])[1]


def test_there_are_identifiers_to_look_for() -> None:
    canaries = corpus()
    assert len(canaries) > 100
    assert all(len(form) >= len(canary) for canary in canaries for form in forms(canary)[:1])


def test_an_identifier_of_the_corpus_that_is_served_is_found() -> None:
    canaries = corpus()
    assert searched([served_with(canaries[7])], canaries[7:8])[1]


def test_a_door_that_takes_anything_is_found() -> None:
    made = cohort(16)
    tried, breaches = drills.schema(made, seed=1, tries=40, take=dict)
    assert tried == len(breaches) == 80
    assert {each.test for each in breaches} == {"T9"}


def test_a_door_that_tidies_up_what_it_is_given_is_found() -> None:
    """One that takes off white space would let a code with something behind it pass; unknown fields it refuses."""

    def tidies(**codes: Any) -> Fact:
        return Fact(**{name: each.strip() if isinstance(each, str) else each for name, each in codes.items()})

    _, breaches = drills.schema(cohort(16), seed=1, take=tidies)
    assert breaches
    assert "note" not in {each.place for each in breaches}


class Refusing:
    """A harness that publishes nothing, or the one table of a little Hub."""

    def __init__(self, refusal: str = "", value: int | None = None) -> None:
        self.universes: Mapping[str, Where] = {}
        self.tell: Tell = lambda _: None
        self.refusal, self.value = refusal, value

    def clear(self) -> None:
        """There is nothing."""

    def take_in(self, taken_back: Counter[Row], handed_over: Counter[Row]) -> None:
        """Nothing is kept."""

    def release(self, quarter: str) -> str:
        """As it was told."""
        return self.refusal

    @contextmanager
    def serving(self) -> Iterator[Open]:
        """Its one table."""
        bodies = published(EMPTY, SPECS, lambda _: self.value)
        with serving(Served(bodies)) as address:
            yield Open(address, "one", "other")


def test_a_release_of_no_facts_that_is_refused_proves_nothing() -> None:
    assert [each.test for each in drills.of_no_facts(Refusing("not today"))] == ["T10"]


def test_a_release_of_no_facts_with_a_figure_is_found() -> None:
    assert drills.of_no_facts(Refusing()) == []
    assert [each.what for each in drills.of_no_facts(Refusing(value=10))] == ["a release of no facts shows a figure"]
