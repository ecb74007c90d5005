"""One profile file into one `Profile`. Faults are noted and reading goes on; the loader decides in the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from service.adapters.mapping import Files
from service.adapters.mapping.yamlfile import Entry, section, text, whole
from service.adapters.profiles.model import Delivery, Profile, RecordTarget, Review
from service.adapters.profiles.records import read_records
from service.adapters.profiles.rules import read_rules
from service.adapters.profiles.schema import ConnectorSchema, Setting
from service.adapters.profiles.settings import read_connection, read_settings

_KEYS = ("authority", "name", "slug", "case_system", "connector", "records", "review", "support_plan", "connection")
_GSS = re.compile(r"[EWSN][0-9]{8}")
_DELIVERY = {
    "in_flight": (1, 64),
    "answer_within_minutes": (1, 10_080),
    "quiet_seconds": (1, 86_400),
    "poll_seconds": (1, 86_400),
}
"""Each setting with the least and the most that makes sense: nothing is asked for less than once a day."""

Found = Mapping[str, Entry]


def read_profile(
    files: Files, name: str, connectors: Mapping[str, ConnectorSchema], *, taken: Mapping[str, str]
) -> Profile | None:
    """The profile in the file `name`; `taken` are the authorities read before it, with their files."""
    entry = files.read(name)
    if entry is None:
        return None
    found = section(entry, _KEYS, ("delivery", "rules"))
    schema = _schema(found.get("connector"), connectors)
    records = read_records(files, found.get("records"), schema)
    authority = _authority(found.get("authority"), taken)
    used = [file for target in records.values() for file in target.mapping.files]
    return _profile(found, schema, authority=authority, records=records, file=name, digest=files.digest([name, *used]))


def _profile(
    found: Found,
    schema: ConnectorSchema | None,
    *,
    authority: str,
    records: Mapping[str, RecordTarget],
    file: str,
    digest: str,
) -> Profile:
    return Profile(
        authority=authority,
        name=text(found.get("name")),
        slug=_slug(found.get("slug"), file),
        case_system=text(found.get("case_system")),
        connector=schema.kind if schema else "",
        records=records,
        review=_review(found.get("review"), schema),
        support_plan_items_max=_items_max(found.get("support_plan")),
        connection=read_connection(found.get("connection"), schema.connection) if schema else {},
        delivery=_delivery(found.get("delivery")),
        rules=read_rules(found.get("rules")),
        file=file,
        digest=digest,
    )


def _schema(entry: Entry | None, connectors: Mapping[str, ConnectorSchema]) -> ConnectorSchema | None:
    name = text(entry)
    if entry is not None and name and name not in connectors:
        entry.fault("There is no such connector.", f"Known: {', '.join(connectors)}.")
    return connectors.get(name)


def _authority(entry: Entry | None, taken: Mapping[str, str]) -> str:
    code = text(entry)
    if entry is not None and code and not _GSS.fullmatch(code):
        entry.fault("This is not an authority's ONS code.", "Write it as E08000007.")
    elif entry is not None and code in taken:
        entry.fault(f"{taken[code]} is this authority's profile already.", "Keep one file for each authority.")
    return code


def _slug(entry: Entry | None, file: str) -> str:
    slug = text(entry)
    if entry is not None and slug and slug != PurePosixPath(file).stem:
        entry.fault("The slug is not the name of the file.", "Rename the file or change the slug.")
    return slug


def _review(entry: Entry | None, schema: ConnectorSchema | None) -> Review:
    found = section(entry, ("interval_months", "window_days", "task")) if entry else {}
    asked: Mapping[str, Setting] = schema.task if schema else {}
    return Review(
        interval_months=whole(found.get("interval_months"), 1, 12),
        window_days=whole(found.get("window_days"), 0, 90),
        task=read_settings(found.get("task"), asked) if schema else {},
    )


def _items_max(entry: Entry | None) -> int:
    return whole(section(entry, ("items_max",)).get("items_max"), 1, 50) if entry else 1


def _delivery(entry: Entry | None) -> Delivery:
    """What is not given keeps the value that suits a case system we know nothing of."""
    found = section(entry, (), _DELIVERY) if entry else {}
    return Delivery(**{name: whole(value, *_DELIVERY[name]) for name, value in found.items()})
