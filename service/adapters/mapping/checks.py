"""Everything that can be known to be wrong with a mapping before the first record comes. All of it is told at once."""

from __future__ import annotations

from collections import defaultdict

from service.adapters.mapping.catalogue import Catalogue, catalogue_of
from service.adapters.mapping.code_tables import check_codes
from service.adapters.mapping.model import MappingFile, Row
from service.adapters.mapping.renderings import RENDERINGS, Rendering, carried
from service.adapters.mapping.score_words import NEVER_A_SCORE, looks_like_a_score

YOUNG_PERSON = ("/areas/young_person", "/young_person", "/child_views")
OTHERS = (
    "/areas/family_friends",
    "/areas/people_places",
    "/areas/professional_contexts",
    "/carer_views",
    "/contributions",
    "/questions",
    "/risk_subjects",
)
"""What others say of the young person and of the people around them. It is read in the light of their own words."""


def check(mapping: MappingFile) -> None:
    """Note every fault of the mapping where it stands."""
    catalogue = catalogue_of(mapping.record_type)
    for row in mapping.rows:
        _check_target(row)
        _check_source(row, catalogue)
    _check_targets_once(mapping)
    _check_young_person_first(mapping)
    _check_not_sent(mapping, catalogue)
    _check_complete(mapping, catalogue)


def _check_target(row: Row) -> None:
    if any(looks_like_a_score(code) for code in row.targets):
        row.entry.key("to").fault(
            f"{row.shown} looks like a score, rating or colour. {NEVER_A_SCORE}",
            "Map to an answer that takes the statement in words, or leave that answer of the form empty.",
        )


def _check_source(row: Row, catalogue: Catalogue) -> None:
    rendering = RENDERINGS.get(row.rendering)
    field = catalogue.field(row.path, as_list=row.rendering == "count")
    if row.path and field is None:
        row.entry.key("from").fault(
            f"'{row.path}' is no field of this record.", "Write the path as the field list does."
        )
    if row.rendering and rendering is None:
        row.entry.key("as").fault(f"'{row.rendering}' is no rendering.", f"Known: {', '.join(RENDERINGS)}.")
    if field is None or rendering is None:
        return
    if not rendering.takes(field) or (rendering.folds and not _has_a_list(row.path, rendering)):
        row.entry.key("as").fault(
            f"'{row.rendering}' takes {rendering.kinds}; '{row.path}' is not.", "Use another rendering."
        )
    else:
        check_codes(row, field)


def _has_a_list(path: str, rendering: Rendering) -> bool:
    return "/*" in path if rendering.gathers else path.endswith("/*")


def _check_targets_once(mapping: MappingFile) -> None:
    """Two rows into one answer: the case system would keep the one or the other."""
    seen: dict[str, Row] = {}
    for row, code in [(each, code) for each in mapping.rows for code in each.targets]:
        first = seen.get(code)
        if code and first is not None:
            shown = row.shown if code == row.to else f"'{code}'"
            what = f"{shown} is filled from '{row.path}'" if first.path == row.path else f"{shown} is filled"
            row.entry.key("to" if code == row.to else "continues_in").fault(
                f"{what} already ({first.entry.place}).", "Keep one of the rows."
            )
        seen.setdefault(code, row)


def _check_young_person_first(mapping: MappingFile) -> None:
    begun: Row | None = None
    for row in mapping.rows:
        if begun is None and _below(row.path, OTHERS):
            begun = row
        elif begun is not None and _below(row.path, YOUNG_PERSON):
            row.entry.key("from").fault(
                f"The young person comes first, but '{row.path}' stands after '{begun.path}'.",
                f"Put it above {begun.entry.place}.",
            )


def _below(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def _check_not_sent(mapping: MappingFile, catalogue: Catalogue) -> None:
    """A path that is both sent and not sent says that one of the two was written in error; a person must say which."""
    sent = _renderings_by_path(mapping)
    for part in mapping.not_sent:
        covered = [leaf for leaf in catalogue.leaves if part.covers(leaf)]
        if part.path and not covered:
            part.entry.key("path").fault(
                f"'{part.path}' is no field of this record.", "Write the path as the field list does."
            )
        for leaf in covered:
            if leaf in sent:
                part.entry.named(leaf).fault("This is under not_sent and is also sent.", "Keep one of the two.")


def _renderings_by_path(mapping: MappingFile) -> dict[str, list[str]]:
    """What is sent of each path. A count sends nothing of the items it counts."""
    sent: dict[str, list[str]] = defaultdict(list)
    for row in mapping.rows:
        if row.rendering in RENDERINGS and RENDERINGS[row.rendering].carries:
            sent[row.path].append(row.rendering)
    return sent


def _check_complete(mapping: MappingFile, catalogue: Catalogue) -> None:
    sent, unknown = _renderings_by_path(mapping), {row.path for row in mapping.rows if row.rendering not in RENDERINGS}
    where = mapping.rows_entry
    for leaf in catalogue.leaves:
        if leaf in unknown or mapping.leaves_out(leaf):
            continue
        if leaf not in sent:
            where.named(leaf).fault(
                "Nothing is said about this field.", "Map it, or list it under not_sent with the reason."
            )
        elif not carried(sent[leaf]):
            where.named(leaf).fault("Only a part of this date is sent.", "Map day, month name and year.")
