"""What a profile makes of a record, as text: one line an answer, in the order of display."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.adapters.mapping import Traced, compile_mapping
from service.adapters.profiles import Profile, RecordTarget, load_profile
from service.adapters.registry import document_schemas, schemas
from service.configuration import profiles
from service.domain.london import in_words
from service.domain.records.common import is_restricted
from service.usecases.incoming import completed_on
from service.usecases.package import TITLES

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent
CONFIG, EXAMPLES = ROOT / "config", ROOT / "tests" / "examples"
REFERENCE = "WB-0000-GOLDEN"
OF = {
    "wise_assessment": "wise_assessment-stockport.json",
    "rise_meeting_output": "rise_meeting_output-salford.json",
    "nwg_assessment": "nwg_assessment-tameside.json",
}
"""The one example of each kind of record. Each is read as if it were the profile's own authority's."""

Record = dict[str, Any]


def texts() -> dict[str, str]:
    """Every golden file's text, by its path below this folder."""
    return {
        f"{place}/{kind}.txt": text_of(profile, kind)
        for place, profile in [*_authorities(), *_samples()]
        for kind in profile.records
    }


def files() -> dict[str, str]:
    """What was agreed to."""
    return {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.glob("*/*/*.txt")}


def _authorities() -> Iterator[tuple[str, Profile]]:
    for profile in profiles(CONFIG).values():
        yield f"authorities/{profile.slug}", profile


def _samples() -> Iterator[tuple[str, Profile]]:
    for path in sorted((CONFIG / "samples").glob("*.yaml")):
        yield f"samples/{path.stem}", load_profile(CONFIG, path, schemas(), document_schemas())


def text_of(profile: Profile, kind: str) -> str:
    """The whole of what one example becomes."""
    record = json.loads((EXAMPLES / OF[kind]).read_text("utf-8")) | {"authority": profile.authority}
    traced = compile_mapping(profile.records[kind].mapping).trace(record, REFERENCE)
    lines = [
        f"{profile.name}, {OF[kind]}",
        *_head(profile, profile.records[kind], record),
        "",
        "sent, in this order",
        *(f"  {_answer(each)}" for each in traced if each.answer),
        "",
        "not sent",
        *(f"  {line}" for line in dict.fromkeys(f"{each.source}: {each.not_sent}" for each in traced if each.not_sent)),
    ]
    return "\n".join(lines) + "\n"


def _head(profile: Profile, target: RecordTarget, record: Record) -> Iterator[str]:
    kind = record["record_type"]
    yield f"label       {target.label}"
    yield f"connector   {profile.connector}"
    yield f"target      {_settings(target.target)}"
    yield f"restricted  {'yes' if is_restricted(record) else 'no'}"
    if profile.documents.kept == "none":
        yield "document    none"
        return
    where = profile.documents.kept
    yield f"document    {REFERENCE}.pdf, “{TITLES[kind]}, {in_words(completed_on(record))}”, in {where}"
    if profile.documents.target:
        yield f"            {_settings(profile.documents.target)}"


def _settings(settings: Any) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def _answer(each: Traced) -> str:
    """`wiseOwnWords[1] = “I like it here.”   from /areas/… as quotation`; a line break is shown as one sign."""
    if each.answer is None:
        raise AssertionError
    row = f"[{each.answer.row}]" if each.answer.row else ""
    words = each.answer.value.replace("\n", "⏎")
    return f"{each.answer.code}{row} = {words}  ← {each.source or 'the delivery'} as {each.rendering}"
