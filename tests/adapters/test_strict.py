"""Strict reading of numbers: what is kept as evidence is a number we could send back."""

from __future__ import annotations

import pytest

from service.adapters.shared.strict import UnreadableError, whole


@pytest.mark.parametrize("number", [1, 10**18 - 1])
def test_a_number_of_theirs(number: int) -> None:
    assert whole(number) == number


@pytest.mark.parametrize("other", [True, 0, -1, 1.0, "1", None, 10**18, 10**40])
def test_what_is_none(other: object) -> None:
    with pytest.raises(UnreadableError):
        whole(other)
