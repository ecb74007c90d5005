"""A copy as the blocks of its document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from service.documents import blocks
from service.documents.blocks import Block
from service.documents.build import chapters
from service.documents.copies.layouts import LAYOUTS, REVIEW
from service.documents.copies.special import SPECIALS
from service.documents.copies.titles import TITLES
from service.documents.copies.voices import VOICES, Voice
from service.documents.layout import Section
from service.documents.legible import Legible
from service.documents.pen import Pen, Pens, Row
from service.documents.values import long_date
from service.domain import codes
from service.domain.audiences import Audience, Copy
from service.domain.audiences.plain import PARTS_TO_THE_YOUNG_PERSON
from service.domain.records import RECORDS
from service.domain.words import words

TOLD_US = "What you told us"
NO_WORDS_YET = "There are no words of yours in this copy yet. Tell us, whenever you like, what you want it to say."
SAID = {"own_words", "good_day", "hopes", "interests"}


def pen_for(audience: Audience, legible: Legible) -> Pen:
    """A pen that writes for this reader."""
    return Pen(legible, TITLES.get(audience, {}), SPECIALS.get(audience, {}))


def copy_document(pens: Pens, copy: Copy, *, authority_name: str, reference: str, review_due_on: date | None) -> Block:
    """Everything the template needs, as plain data."""
    voice, pen = VOICES[copy.audience], pens.open
    title = voice.title.format(kind=words(codes.RECORD_TYPES, copy.record_type))
    due = long_date(review_due_on) if review_due_on else ""
    return {
        "title": f"{title}, {reference}",
        "name": title,
        "reference": pen.say(reference, "Reference"),
        "whose": voice.whose,
        "opening": [pen.say(text, "About this copy") for text in voice.opening],
        "lead": blocks.facts(list(_lead(pen, voice, copy, authority_name, due))),
        "sections": [*_sections(pens, copy, due), *_closing(pen, voice, copy)],
        "look": {
            "title": voice.title_size,
            "quote": voice.quote_size,
            "body": voice.body_size,
            "accent": voice.accent,
        },
    }


def _lead(pen: Pen, voice: Voice, copy: Copy, authority_name: str, due: str) -> Iterator[Row]:
    yield "From", pen.say(authority_name, "From")
    for name, label in (("meeting_on", voice.met), ("completed_on", voice.written)):
        if name in copy.record:
            yield label, pen.say(long_date(date.fromisoformat(copy.record[name])), label)
    if copy.audience is Audience.PROFESSIONALS:
        yield "Review due", pen.say(due or "No date is set", "Review due")


def _sections(pens: Pens, copy: Copy, due: str) -> Iterator[Block]:
    if copy.audience is Audience.YOUNG_PERSON and not _has_words(copy.record):
        yield blocks.section(TOLD_US, [blocks.prose(pens.open.say(NO_WORDS_YET, TOLD_US))], restricted=False)
    for section in LAYOUTS[copy.audience][copy.record_type]:
        if isinstance(section, Section):
            yield from chapters(pens, [section], RECORDS[copy.record_type], copy.record)
        elif section == REVIEW:
            yield _review(pens.open, due)


def _has_words(record: dict[str, Any]) -> bool:
    return bool("child_views" in record or record.get("areas", {}).get("young_person", {}).keys() & SAID)


def _review(pen: Pen, due: str) -> Block:
    when = f"On or near {due}." if due else "No date is set yet."
    more = "It can be sooner: when something changes, or when you ask for it."
    said = blocks.prose(pen.say(f"{when} {more}", "When we look at this again"))
    return blocks.section("When we look at this again", [said], restricted=False)


def _closing(pen: Pen, voice: Voice, copy: Copy) -> Iterator[Block]:
    said = [f"{_part(withheld.section)}{withheld.why}" for withheld in copy.withheld] + [*voice.closing]
    if said:
        made = [blocks.prose(pen.say(text, "About this copy")) for text in said]
        yield blocks.section("About this copy", made, restricted=False)


def _part(section: str) -> str:
    return f"{PARTS_TO_THE_YOUNG_PERSON[section]}: " if section in PARTS_TO_THE_YOUNG_PERSON else ""
