"""One profile file into one `Profile`. Faults are noted and reading goes on; the loader decides in the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from service.adapters.mapping.yamlfile import Entry, flag, text
from service.adapters.profiles.confirmed import read_confirmed, to_confirm
from service.adapters.profiles.documents import read_documents
from service.adapters.profiles.entries import nearest, part, section, value, values
from service.adapters.profiles.keys import DELIVERY, PROFILE, REMINDERS, RETENTION, REVIEW, SHARED, SUPPORT_PLAN
from service.adapters.profiles.layers import Whole, layered
from service.adapters.profiles.model import Delivery, Profile, Retention, Review
from service.adapters.profiles.outside import read_egress
from service.adapters.profiles.records import Mappings, read_records
from service.adapters.profiles.rules import read_rules
from service.adapters.profiles.schema import ConnectorSchema
from service.adapters.profiles.settings import read_connection, read_settings
from service.adapters.profiles.synthetic import read_synthetic
from service.domain.reviews import Channel, Reminders, Stage

_GSS = re.compile(r"[EWSN][0-9]{8}")

Found = Mapping[str, Entry]


@dataclass(frozen=True)
class Known:
    """What the profiles of one folder share: mappings, and what each kind of system asks for.

    `connectors` are kinds of case system, `sinks` kinds of document system beside one.
    """

    mappings: Mappings
    connectors: Mapping[str, ConnectorSchema]
    sinks: Mapping[str, ConnectorSchema]


def read_profile(name: str, known: Known, *, taken: Mapping[str, str]) -> Profile | None:
    """The profile in the file `name`; `taken` are the authorities read before it, with their files."""
    files = known.mappings.files
    entry = files.read(name)
    if entry is None:
        return None
    whole = layered(files, entry)
    found = _keys(whole)
    schema = _schema(found.get("connector"), known.connectors)
    records = read_records(known.mappings, found.get("records"), schema)
    rules, confirmed = read_rules(found.get("rules")), read_confirmed(found.get("confirmed"), whole.entry)
    if schema and schema.by_hand and "synthetic" in found:
        found["synthetic"].fault("A person would have to type it in each time.", "Leave 'synthetic' out.")
    used = dict.fromkeys([*whole.files, *(file for target in records.values() for file in target.mapping.files)])
    return Profile(
        authority=_authority(found.get("authority"), taken),
        name=text(found.get("name")),
        slug=_slug(found.get("slug"), name),
        case_system=text(found.get("case_system")),
        connector=schema.kind if schema else "",
        records=records,
        review=_review(found.get("review"), schema),
        support_plan_items_max=_items_max(found.get("support_plan")),
        connection=read_connection(found.get("connection"), schema.connection) if schema else {},
        delivery=Delivery(**values(found.get("delivery"), DELIVERY)),
        rules=rules,
        file=name,
        digest=files.digest(used),
        in_use=flag(found.get("in_use")),
        egress=read_egress(found.get("egress")),
        documents=read_documents(found.get("documents"), schema, known.sinks, records),
        retention=Retention(**values(found.get("retention"), RETENTION)),
        synthetic=read_synthetic(found.get("synthetic"), rules, records),
        confirmed=confirmed,
        to_confirm=to_confirm(whole.entry, confirmed),
        files=tuple(used),
    )


def _keys(whole: Whole) -> dict[str, Entry]:
    """The sections. Without the file that is extended, half of some may be missing, so they are not looked at."""
    if whole.found:
        return part(whole.entry, PROFILE)
    required = [name for name, key in PROFILE.items() if key.required and name not in SHARED]
    found = section(whole.entry, required, [name for name in PROFILE if name not in required])
    return {name: entry for name, entry in found.items() if name not in (*SHARED, "confirmed")}


def _schema(entry: Entry | None, connectors: Mapping[str, ConnectorSchema]) -> ConnectorSchema | None:
    name = text(entry)
    if entry is not None and name and name not in connectors:
        entry.fault("There is no such connector.", f"{nearest(name, connectors)}Known: {', '.join(connectors)}.")
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
    if entry is not None and slug and slug != PurePath(file).stem:
        entry.fault("The slug is not the name of the file.", "Rename the file or change the slug.")
    return slug


def _review(entry: Entry | None, schema: ConnectorSchema | None) -> Review:
    found = part(entry, REVIEW)
    return Review(
        interval_months=value(found.get("interval_months"), REVIEW["interval_months"]),
        window_days=value(found.get("window_days"), REVIEW["window_days"]),
        task=read_settings(found.get("task"), schema.task) if schema else {},
        reminders=_reminders(found.get("reminders")),
    )


def _reminders(entry: Entry | None) -> Reminders:
    said = values(entry, REMINDERS) if entry else {}
    if "tray" in said:
        said["channels"] = {Channel.TRAY: tuple(each for each in Stage if each in said["tray"])}
        del said["tray"]
    return Reminders(**said)


def _items_max(entry: Entry | None) -> int:
    most: int = value(part(entry, SUPPORT_PLAN).get("items_max"), SUPPORT_PLAN["items_max"])
    return most
