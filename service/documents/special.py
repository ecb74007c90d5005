"""The parts of a record that read better as quotations, tables or statements than field by field."""

from __future__ import annotations

from typing import Any

from service.documents import blocks
from service.documents.blocks import Block
from service.documents.layout import NO_CONTACT, NO_CONTACT_ACTIONS, PARTS
from service.documents.pen import Pen, Special
from service.domain import codes
from service.domain.fields import Field, Group, Many
from service.domain.words import words


def own_words(pen: Pen, path: str, field: Many, value: list[dict[str, Any]]) -> list[Block]:
    """Each of the young person's sayings, whose it is, how it came to us and what they want done with it."""
    return [_quotation(pen, f"{path}/*", field.item, item, "text", lead="prompt", choice="sharing") for item in value]


def core_questions(pen: Pen, path: str, field: Many, value: list[dict[str, Any]]) -> list[Block]:
    """The young person's answers to the questions everybody is asked."""
    return [_quotation(pen, f"{path}/*", field.item, item, "answer_text", lead="question_key") for item in value]


def identities(pen: Pen, path: str, field: Many, value: list[dict[str, Any]]) -> list[Block]:
    """How the young person describes themselves, and who may know it."""
    return [
        _quotation(pen, f"{path}/*", field.item, item, "self_description", lead="trait", choice="who_may_know")
        for item in value
    ]


def _quotation(
    pen: Pen, path: str, item: Any, value: dict[str, Any], text: str, *, lead: str, choice: str = ""
) -> Block:
    rest = [name for name in item.fields if name not in (text, lead, choice)]
    first, *others = [_line(pen, row) for row in pen.rows(path, item, value, [lead, *rest])]
    chosen = [_line(pen, row) for row in pen.rows(path, item, value, [choice] if choice else [])]
    said = blocks.quote(pen.words(path, item, value, text), notes=others, choice=chosen[0] if chosen else None)
    return said | {"lead": first}


def _line(pen: Pen, row: tuple[str, blocks.Words]) -> blocks.Words:
    label, text = row
    return [{"text": f"{label}: {text[0]['text']}", "rtl": False}]


def table(columns: dict[str, float], details: str = "") -> Special:
    """A table of the columns named; what else an item holds stands below the cell of `details`."""

    def blocks_of(pen: Pen, path: str, field: Many, value: list[dict[str, Any]]) -> list[Block]:
        item, below = field.item, details or next(iter(columns))
        assert isinstance(item, Group)
        rest = [name for name in item.fields if name not in columns]
        rows = [
            [
                blocks.cell(
                    pen.words(f"{path}/*", item, entry, name),
                    pen.rows(f"{path}/*", item, entry, rest) if name == below else None,
                )
                for name in columns
            ]
            for entry in value
        ]
        head = [pen.heading(f"{path}/*/{name}") for name in columns]
        return [*_warning(pen, value), _without_empty(head, rows, [*columns.values()])]

    return blocks_of


def _without_empty(head: list[str], rows: list[list[Block]], widths: list[float]) -> Block:
    """The table without the columns that nobody filled in."""
    kept = [index for index in range(len(head)) if any(row[index]["words"] or row[index]["details"] for row in rows)]
    return blocks.table([head[i] for i in kept], [[row[i] for i in kept] for row in rows], [widths[i] for i in kept])


def _warning(pen: Pen, items: list[dict[str, Any]]) -> list[Block]:
    named = {item.get("action_code", item.get("code")) for item in items}
    return [blocks.banner(pen.say(NO_CONTACT, "Actions"))] if named & NO_CONTACT_ACTIONS else []


def exploitation(pen: Pen, path: str, field: Field, value: str) -> list[Block]:
    """The statement, in the instrument's own words and nothing more."""
    return [blocks.statement(pen.value(path, field, value))]


def opinion(pen: Pen, path: str, field: Any, value: str) -> list[Block]:
    """The opinion ticked on the NWG form, with the test that the form applies to it."""
    text = f"{words(codes.NWG_OPINIONS, value)} (on the balance of probability)"
    return [blocks.statement(pen.say(text, pen.heading(path)))]


def questions(pen: Pen, path: str, field: Group, value: dict[str, Any]) -> list[Block]:
    """The five questions of the NWG form."""
    rows = []
    for name, group in field.fields.items():
        assert isinstance(group, Group)
        if name not in value:
            continue
        here, given = f"{path}/{name}", value[name]
        asked = blocks.cell(pen.say(pen.heading(f"{here}/answer"), pen.heading(f"{here}/answer")))
        rows.append([asked, *(blocks.cell(pen.words(here, group, given, part)) for part in ("answer", "detail"))])
    return [_without_empty(["Question", "Answer", "Detail"], rows, [4, 1.6, 5])]


def stability(pen: Pen, path: str, field: Group, value: dict[str, Any]) -> list[Block]:
    """One domain: what is seen there first, and whether it applies."""
    narrative = pen.words(path, field, value, "narrative")
    rest = pen.rows(path, field, value, ["applicable", "not_applicable_reason"])
    return [*([blocks.prose(narrative)] if narrative else []), *([blocks.facts(rest)] if rest else [])]


def people(pen: Pen, catalogue: Group, record: dict[str, Any], paths: tuple[str, ...]) -> list[Block]:
    """Everybody who worked on the record, by reference; names are not part of a record."""
    entries = [entry for path in paths for entry in _entries(path, catalogue, record)]
    rows = [_person(pen, path, group, entry) for path, group, entry in entries]
    head = ["Part", "Role", "Agency", "Reference"]
    return [_without_empty(head, rows, [4.4, 2.4, 3, 2.4])] if rows else []


def _entries(path: str, catalogue: Group, record: dict[str, Any]) -> list[tuple[str, Group, dict[str, Any]]]:
    name = path.removeprefix("/")
    field, value = catalogue.fields[name], record.get(name)
    if isinstance(field, Many):
        assert isinstance(field.item, Group)
        return [(f"{path}/*", field.item, entry) for entry in value or []]
    assert isinstance(field, Group)
    return [(path, field, value)] if value else []


def _person(pen: Pen, path: str, group: Group, entry: dict[str, Any]) -> list[Block]:
    columns = ("role", "agency", "professional_ref")
    rest = [name for name in group.fields if name not in columns]
    part = PARTS[path.removesuffix("/*")]
    return [
        blocks.cell(pen.say(part, part), pen.rows(path, group, entry, rest)),
        *(blocks.cell(pen.words(path, group, entry, name)) for name in columns),
    ]


SPECIAL: dict[str, Special] = {
    "/areas/young_person/own_words": own_words,
    "/areas/young_person/identities": identities,
    "/participation/core_questions": core_questions,
    "/exploitation/category": exploitation,
    "/stability/home": stability,
    "/stability/school_or_learning": stability,
    "/stability/professionals": stability,
    "/exploitation/dissent": table({"agency": 1, "text": 2.6}),
    "/professional_opinion": opinion,
    "/questions": questions,
    "/support_plan/items": table({"what": 4.6, "who_will": 2, "by_when": 2, "young_person_agrees": 2}),
    "/actions": table({"code": 5, "status": 2}),
    "/participation/sharing": table({"section": 2.4, "audience": 2, "decision": 2.4, "reason": 3}),
    "/contributions": table({"attendee_ref": 1.4, "area": 1.6, "text": 5}),
    "/invited_absent": table({"agency": 2, "reason": 4}),
}
