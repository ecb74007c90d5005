"""Makes sure that no character of anyone's words is lost where no font can draw it.

PDF/UA forbids a character without a shape, and an empty box would tell nobody anything. So a symbol is written out
as its Unicode name ("[smiling face with smiling eyes]"), which is what a screen reader would say of it, and a run of
letters in a script we have no font for becomes a numbered place ("[text 2 in Gurmukhi letters]"); fancy letters that
only dress up plain ones are shown as those. Both are honest text, so
the PDF/UA claim stays true of the page. The last page says that this happened and lists every place with its exact
code points, which survive printing and scanning; the file `exact-words.txt`, embedded in the PDF, holds the words as
they were written, for copying. (Typst offers no way to set a PDF ActualText, which would have been a third place.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, field

_INVISIBLE = "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\U000e0000-\U000e0fff"
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_JOINING = re.compile(r"[ \u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]")
_NEWLINE = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")


@dataclass(frozen=True)
class Place:
    """One place where the page shows something else than what was written."""

    where: str
    shown: str
    written: str

    @property
    def code_points(self) -> str:
        """`U+1F60A U+0020 …`: exact, and readable on paper."""
        return " ".join(f"U+{ord(char):04X}" for char in self.written)


@dataclass
class Legible:
    """Turns the texts of one document into drawable ones, remembering every place where the page differs.

    `exact` collects the texts that must go into the attachment, `seen` all texts there are. `misread` says that there
    are Arabic letters: Noto draws their dots as separate shapes, and Typst maps such a dot to its letter once more, so
    that a program which reads or copies the page meets the letter twice. It looks right and is not PDF/UA.
    """

    drawable: Set[str]
    places: list[Place] = field(default_factory=list)
    exact: list[tuple[str, str]] = field(default_factory=list)
    misread: bool = False
    seen: list[tuple[str, str]] = field(default_factory=list)

    def text(self, text: str, where: str) -> str:
        """`text` as it can be drawn. Line ends are made alike and tabs become spaces; nothing else of it changes."""
        self.seen.append((where, text))
        even = _NEWLINE.sub("\n", text).replace("\t", "    ")
        if any(unicodedata.bidirectional(char) == "AL" for char in even):
            self.misread = True
            self.exact.append((where, text))
        if all(self._can_draw(char) for char in even):
            return even
        self.exact += [(where, text)] if (where, text) not in self.exact[-1:] else []
        return "".join(self._instead(run, where) if missing else run for missing, run in self._runs(even))

    def _can_draw(self, char: str) -> bool:
        return char in self.drawable or char == "\n" or _ANY_INVISIBLE.match(char) is not None

    def _runs(self, text: str) -> list[tuple[bool, str]]:
        """The text in stretches that can and cannot be drawn; what joins two missing characters goes with them."""
        missing = [not self._can_draw(char) for char in text]
        at = 0
        while at < len(text):
            end = at + 1
            while missing[at] and end < len(text) and _JOINING.match(text[end]):
                end += 1
            if end < len(text) and missing[end]:
                missing[at:end] = [missing[at]] * (end - at)
            at = end
        return _stretches(text, missing)

    def _instead(self, run: str, where: str) -> str:
        shown = f"[{self._name(run)}]"
        self.places.append(Place(where=where, shown=shown, written=run))
        return shown

    def _name(self, run: str) -> str:
        plain = unicodedata.normalize("NFKC", run)
        if plain != run and all(self._can_draw(char) for char in plain):
            return plain
        letters = [char for char in run if unicodedata.category(char)[0] == "L"]
        if letters:
            return f"text {len(self.places) + 1} in {_script(letters[0])}"
        return ", ".join(_char_name(char) for char in run if not _JOINING.match(char))


def _stretches(text: str, missing: list[bool]) -> list[tuple[bool, str]]:
    found: list[tuple[bool, str]] = []
    for char, gone in zip(text, missing, strict=True):
        if found and found[-1][0] == gone:
            found[-1] = (gone, found[-1][1] + char)
        else:
            found.append((gone, char))
    return found


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    known = name.split(" ")[0].split("-")[0]
    return f"{known if known == 'CJK' else known.capitalize()} letters" if known else "another script"


def _char_name(char: str) -> str:
    return unicodedata.name(char, "").lower() or f"U+{ord(char):04X}"
