"""One record as an authority's case system would get it: what is sent, what is not and why, and what the Hub sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.adapters.mapping import CompiledMapping, MappingFile, Traced, compile_mapping
from service.adapters.mapping.catalogue import catalogue_of
from service.adapters.mapping.model import Row
from service.adapters.profiles import Profile, RecordTarget
from service.api.schemas.check import check_record
from service.configuration import policy_of
from service.domain import words
from service.domain.codes import RECORD_TYPES
from service.domain.faults import Fault, Findings
from service.domain.fields import Klass
from service.domain.records.common import is_restricted
from service.domain.records.narrowed import is_withdrawal
from service.errors import NeedsHuman
from service.officer.connecting import abilities
from service.officer.errors import CannotRun
from service.officer.filing import Filed, filed_as
from service.officer.hub import Seen, seen_by_the_hub
from service.ports import Ability, Record

REFERENCE = "WB-PREVIEW"
"""Stands where a delivery's own reference will stand."""


@dataclass(frozen=True, repr=False)
class Sent:
    """One answer: where it comes from, by which row, and what arrives at which question. All of its words."""

    source: str
    heading: str
    rendering: str
    codes: str
    where: str
    question: str
    label: str
    row: int | None
    value: str


@dataclass(frozen=True, repr=False)
class Left:
    """One value that stays behind, and why."""

    source: str
    heading: str
    reason: str
    where: str


@dataclass(frozen=True, repr=False)
class Others:
    """What the record says of third parties, by place and not by word: whether it is sent, and the rest kept apart."""

    risk_subjects: int
    sent: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Preview:
    """The whole of it. `named` is the authority that the record itself names."""

    profile: Profile
    named: str
    findings: Findings
    record_type: str
    label: str
    kind: str
    restricted: bool
    mapping: str
    form: str
    sent: tuple[Sent, ...]
    left: tuple[Left, ...]
    filed: Filed
    others: Others
    hub: Seen
    notes: tuple[str, ...] = ()
    """What would become of it because of what the link can and cannot do."""


def judged(record: Record, profile: Profile, today: date) -> Findings:
    """What the service's rules say of the record under this profile, whichever authority it names."""
    kind = record.get("record_type")
    if kind not in RECORD_TYPES:
        fix = f"Choose one of: {', '.join(RECORD_TYPES)}."
        return Findings(errors=(Fault("/record_type", "F-code", "That isn't on the list.", fix),))
    return check_record(record, record_type=kind, policy=policy_of(profile), today=today)


def preview(record: Record, profile: Profile, findings: Findings) -> Preview:
    """A record that was found valid. Raises `CannotRun` where this authority does not take it, or nothing is sent."""
    if is_withdrawal(record):
        raise CannotRun(
            "This record is a withdrawal: no answer and no document of it is sent. The case system is told the number "
            "it gave the earlier record, the child reference and the reason, and takes that record off the file."
        )
    kind = record["record_type"]
    target = profile.records.get(kind)
    if target is None:
        raise CannotRun(f"{profile.name} does not take this record. Its profile has: {', '.join(profile.records)}.")
    found = _traced(compile_mapping(target.mapping), record)
    return _whole(record, profile, target, findings, found)


def _traced(mapping: CompiledMapping, record: Record) -> Sequence[Traced]:
    try:
        return mapping.trace(record, REFERENCE)
    except NeedsHuman as problem:
        place = problem.note
    raise CannotRun(
        f"The mapping has no place for {place}, or a required answer is missing there. A delivery would stop and wait "
        "for a person. Correct the row, or the record."
    )


def _whole(
    record: Record, profile: Profile, target: RecordTarget, findings: Findings, found: Sequence[Traced]
) -> Preview:
    mapping, kind = target.mapping, record["record_type"]
    return Preview(
        profile=profile,
        named=str(record["authority"]),
        findings=findings,
        record_type=kind,
        label=target.label,
        kind=str(record["submission_kind"]),
        restricted=is_restricted(record),
        mapping=mapping.name,
        form=mapping.form.file if mapping.form else "",
        sent=tuple(_sent(mapping, found)),
        left=tuple(Left(each.source, heading_of(kind, each.source), each.not_sent, each.where)
                   for each in found if each.answer is None),
        filed=filed_as(record, profile, target, REFERENCE),
        others=_others(record, kind, found),
        hub=seen_by_the_hub(record, profile.authority),
        notes=tuple(_notes(record, profile)),
    )  # fmt: skip


def _notes(record: Record, profile: Profile) -> Iterator[str]:
    """As a delivery would find before it sends anything."""
    able = abilities(profile.connector)
    if not profile.in_use:
        yield f"{profile.name}'s profile is not in use: a real record would be refused until it is."
    if record["authority"] != profile.authority:
        yield f"The record names {words.authority_words(record['authority'])}: a real one goes to that authority alone."
    if able is None:
        yield "What the link can do depends on its settings, or the connector is not here: 'adapter check' says."
        return
    if is_restricted(record) and Ability.RESTRICTS not in able:
        yield "RESTRICTED, and this link cannot carry the mark: nothing is sent, a person files it (rule C1)."
    if Ability.TAKES_ANSWERS not in able:
        yield "This link takes no answers: the document alone is filed, and the answers below stay here."
    if record["submission_kind"] == "correction":
        yield (
            "A correction takes the place of the earlier record, there and in every count."
            if (Ability.CORRECTS in able)
            else "A correction, and this link takes none: a person files it."
        )


def _sent(mapping: MappingFile, found: Sequence[Traced]) -> Iterator[Sent]:
    rows = {code: row for row in mapping.rows for code in row.targets}
    questions = mapping.form.questions if mapping.form else {}
    for each in found:
        if each.answer is None:
            continue
        code, label = each.answer.code, questions[each.answer.code].label if each.answer.code in questions else ""
        yield Sent(
            source=each.source,
            heading=heading_of(mapping.record_type, each.source),
            rendering=each.rendering,
            codes=_codes(rows[code]),
            where=each.where,
            question=code,
            label=label,
            row=each.answer.row,
            value=each.answer.value,
        )


def _codes(row: Row) -> str:
    """Which words stand for codes, where the row has a say."""
    if row.codes is None:
        return ""
    return f"own words for {len(row.codes)} codes" + (f", others: {row.other_codes}" if row.other_codes else "")


def general(source: str) -> str:
    """`/areas/young_person/own_words/0/text` as the field list writes it, with `*`."""
    return re.sub(r"/\d+(?=/|$)", "/*", source)


def heading_of(record_type: str, source: str) -> str:
    """What people call the field; empty where there is no heading, as for the document's own reference."""
    path = general(source)
    known = catalogue_of(record_type)
    for each in (path, f"{path}/*"):
        if each in known.leaves or each in known.lists:
            try:
                return words.heading(each)
            except words.NoWords:
                continue
    return ""


def _others(record: Record, kind: str, found: Sequence[Traced]) -> Others:
    """By the class of each field: about somebody else than the young person, staff apart."""
    leaves = catalogue_of(kind).leaves
    told: Mapping[bool, dict[str, None]] = {True: {}, False: {}}
    for each in found:
        path = general(each.source)
        field = leaves.get(path) or leaves.get(f"{path}/*")
        if field is not None and (field.klass in (Klass.THIRD_PARTY, Klass.ALLEGATION) or _apart(path)):
            told[each.answer is not None][path] = None
    return Others(len(record.get("risk_subjects") or ()), tuple(told[True]), tuple(told[False]))


def _apart(path: str) -> bool:
    return path.startswith("/risk_subjects/")
