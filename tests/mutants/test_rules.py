"""Each rule stands where the list of mutants says, so that code which moves takes the list with it."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.rules import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("mutant", [pytest.param(each, id=each.rule) for each in MUTANTS])
def test_a_rule_stands_where_it_is_said_to(mutant: Mutant) -> None:
    ast.parse(mutant.mutated())

    assert all((ROOT / test).exists() for test in mutant.tests)
