"""The parts of a copy that speak to a young person or to a family in other forms than the case file's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.documents import blocks
from service.documents.blocks import Block
from service.documents.pen import Pen, Row, Special, given
from service.documents.values import shown
from service.domain.audiences import Audience, plain
from service.domain.fields import Group, Many


def in_words(table: Mapping[str, str]) -> Special:
    """A statement, in the gentle words of `table`."""

    def blocks_of(pen: Pen, path: str, field: Any, value: str) -> list[Block]:
        return [blocks.statement(pen.say(table[value], pen.heading(path)))]

    return blocks_of


def cards(title: str, you: Mapping[str, str]) -> Special:
    """What will happen, one thing after the other. `you` is how the reader is called where they will do something."""

    def blocks_of(pen: Pen, path: str, field: Many, value: list[dict[str, Any]]) -> list[Block]:
        item = field.item
        assert isinstance(item, Group)
        rest = [name for name in item.fields if name != title]
        return [
            blocks.card(
                pen.words(f"{path}/*", item, entry, title),
                [
                    _addressed(row, {**plain.WHO, **you}.get(entry[name]) if name == "who_will" else None)
                    for name in rest
                    for row in pen.rows(f"{path}/*", item, entry, [name])
                ],
            )
            for entry in value
        ]

    return blocks_of


def _addressed(row: Row, you: str | None) -> Row:
    return (row[0], blocks.words_of(you)) if you else row


def people(pen: Pen, path: str, field: Group | Many, value: Any) -> list[Block]:
    """Those who worked on this, as roles and agencies, each said once."""
    many = isinstance(field, Many)
    entry = field.item if isinstance(field, Many) else field
    assert isinstance(entry, Group)
    here = f"{path}/*" if many else path
    said = [_role(here, entry, each) for each in (value if many else [value])]
    return [blocks.bullets([pen.say(text, "Who worked on this") for text in dict.fromkeys(said)])]


def _role(path: str, group: Group, entry: dict[str, Any]) -> str:
    names = [name for name in ("role", "agency") if given(entry.get(name))]
    said = [plain.WHO.get(entry[name]) or shown(f"{path}/{name}", group.fields[name], entry[name]) for name in names]
    return ", ".join(dict.fromkeys(said))


def panel(pen: Pen, path: str, field: Group, value: dict[str, Any]) -> list[Block]:
    """Whether a panel was asked to help, as one paragraph."""
    name = f", called {value['panel_name']}" if given(value.get("panel_name")) else ""
    decision = plain.PANEL_TO_THE_YOUNG_PERSON[value["decision"]] if given(value.get("decision")) else ""
    said = f"There is a group of people who plan help for young people{name}. {decision}".strip()
    return [blocks.prose(pen.say(said, pen.group(path)))]


def how_things_are(pen: Pen, path: str, field: Group, value: dict[str, Any]) -> list[Block]:
    """What we see in one place, or why it does not apply."""
    unfit = [blocks.prose(pen.say("This does not apply at the moment.", pen.group(path)))]
    told = [
        blocks.prose(pen.words(path, field, value, name))
        for name in ("narrative", "not_applicable_reason")
        if given(value.get(name))
    ]
    return [*(unfit if value.get("applicable") == "not_applicable" else []), *told]


def sharing(pen: Pen, path: str, field: Many, value: list[dict[str, Any]]) -> list[Block]:
    """Who may see what, a sentence each."""
    return [blocks.bullets([pen.say(_decision(entry), "Who may see what") for entry in value])]


def _decision(entry: dict[str, Any]) -> str:
    part = plain.PARTS_TO_THE_YOUNG_PERSON[entry["section"]]
    reader = plain.READERS_TO_THE_YOUNG_PERSON[entry["audience"]]
    return f"{part}, {reader}: {plain.DECISIONS_TO_THE_YOUNG_PERSON[entry['decision']]}"


def _for_home(worry: Mapping[str, str], opinion: Mapping[str, str], you: Mapping[str, str]) -> dict[str, Special]:
    who = ("/assessor", "/supporting", "/data_capture_by", "/facilitator", "/attendees")
    domains = ("/stability/home", "/stability/school_or_learning", "/stability/professionals")
    return {
        "/exploitation/category": in_words(worry),
        "/professional_opinion": in_words(opinion),
        "/support_plan/items": cards("what", you),
        "/actions": cards("text", you),
        **dict.fromkeys(who, people),
        **dict.fromkeys(domains, how_things_are),
    }


SPECIALS: dict[Audience, dict[str, Special]] = {
    Audience.YOUNG_PERSON: _for_home(
        plain.WORRIES_TO_THE_YOUNG_PERSON, plain.OPINION_TO_THE_YOUNG_PERSON, {"young_person": "You"}
    )
    | {"/participation/sharing": sharing, "/panel_referral": panel},
    Audience.FAMILY: _for_home(
        plain.WORRIES_TO_THE_FAMILY, plain.OPINION_TO_THE_FAMILY, {"parent_carer": "You, as a parent or carer"}
    ),
}
