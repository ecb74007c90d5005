"""JSON is read quickly where that is safe, and otherwise slowly; nobody can tell which from the answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.api import parsing
from service.api.parsing import DEPTH_MAX, parse_json
from service.errors import Malformed
from tests.support.records import NAMES, raw


def told(text: str) -> tuple[Any, str]:
    """What comes of it, and what is said."""
    try:
        return parse_json(text.encode("utf-8", "surrogatepass")), ""
    except Malformed as error:
        return None, error.detail


def slowly(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, str]:
    with monkeypatch.context() as patch:
        patch.setattr(parsing, "_quickly", lambda _text: (False, None))
        return told(text)


PIECES = st.sampled_from(
    ['{"a": 1}', '{"a": 1, "a": 1}', '{"a": 1, "\\u0061": 2}', '"x:y"', '"\\u003a"', '":"', '"\\u003A\\"::"', "[1, 2]",
     '{"a:b": ":", "c": {"a:b": 1}}', '{"a": {"b": ":", "b": "::"}}', "NaN", "1e999", "1" * 16, "-0", '"\\u0000"',
     '"\\ud800"', '"\\ud83d\\ude42"', "[" * DEPTH_MAX + "]" * DEPTH_MAX, "[" * 31 + '{"a": ":"}' + "]" * 31, "tru", "",
     '{"a": 1, "b": [{"c": ":"}]}', "null", "1.5", '{"a": [1, {"b": 2, "b": 3}], "c": NaN}', '{"": 1, "": 2}']
)  # fmt: skip


@pytest.mark.parametrize("shape", ["{}", '{{"it": {}}}', "[{}]", '[{}, {{"a": ":"}}]', '{{"a": {}, "b": "\\n"}}'])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(piece=PIECES | st.recursive(
    st.none() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
).map(json.dumps))  # fmt: skip
def test_both_ways_say_the_same(shape: str, piece: str) -> None:
    text = shape.replace("{{", "\x01").replace("}}", "\x02").replace("{}", piece, 1)
    text = text.replace("\x01", "{").replace("\x02", "}")
    with pytest.MonkeyPatch.context() as patch:
        assert repr(told(text)) == repr(slowly(text, patch))


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_take_the_short_way(name: str) -> None:
    sound, value = parsing._quickly(raw(name).decode())
    assert sound and value == json.loads(raw(name))


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 1}', '{"a": {"x": 1, "x": ":"}, "b": "c"}', '{"a": ":", "a": ":"}', '[{"": 1, "": 1}]',
     '{"a": 1, "\\u0061": 1}', '{":": 1, ":": 2}', '{"a": "\\u003a", "a": 1}'],
)  # fmt: skip
def test_a_name_that_stands_twice_is_never_overlooked(text: str) -> None:
    assert parsing._quickly(text)[0] is False
    with pytest.raises(Malformed, match="twice"):
        parse_json(text.encode())
