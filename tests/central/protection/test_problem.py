import pytest

from service.central.protection import Problem, ProtectionDoubt


def test_every_fault_is_told_at_once_by_key_and_not_by_count() -> None:
    with pytest.raises(ProtectionDoubt) as told:
        Problem(
            {"all": 777, "a": 123, "b": 456, "c": -88},
            (("all", ("a", "b")),),
            at_most=(("b", "a"),),
            shares={"a": (7, 8)},
            fixed={"b": 13},
        )
    text = str(told.value)
    for fault in ("all is not the sum", "b exceeds a", "shares of a do not add up", "c is below zero", "figure of b"):
        assert fault in text
    assert not any(number in text for number in ("777", "123", "456", "88", "13", "7,"))


@pytest.mark.parametrize(
    "where",
    [
        {"sums": (("x", ("a",)),)},
        {"at_most": (("a", "x"),)},
        {"shares": {"x": (1,)}},
        {"certain": (("a", ("x",)),)},
        {"fixed": {"x": None}},
        {"unpublished": frozenset({"x"})},
        {"known": (frozenset({"x"}),)},
    ],
)
def test_a_key_without_a_count_is_refused(where: dict[str, object]) -> None:
    with pytest.raises(ProtectionDoubt, match="x has no count"):
        Problem(counts={"a": 11}, **{"sums": (), **where})  # type: ignore[arg-type]


def test_a_part_named_twice_is_refused() -> None:
    with pytest.raises(ProtectionDoubt, match="all is not the sum of its parts"):
        Problem({"all": 20, "a": 10}, (("all", ("a", "a")),))


def test_a_settled_figure_that_no_table_shows_is_refused() -> None:
    with pytest.raises(ProtectionDoubt, match="a is settled, but no table shows it"):
        Problem({"a": 10}, (), fixed={"a": 10}, unpublished=frozenset({"a"}))
