"""A text as words: the short cut for plain English gives what the long way gives."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from service.domain.text.reading import read


def the_long_way(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


@given(st.text() | st.text(st.characters(codec="ascii")))
def test_the_short_cut_leads_to_the_same_words(text: str) -> None:
    assert [word.decode() for word in read(text).words] == the_long_way(text)


def test_every_sign_of_ascii_by_itself_and_between_letters() -> None:
    for code in range(128):
        for text in (chr(code), f"a{chr(code)}B"):
            assert [word.decode() for word in read(text).words] == the_long_way(text)


def test_the_text_stays_as_it_was() -> None:
    assert read("Zo\u00eb’s  Nan").text == "Zo\u00eb’s  Nan"
