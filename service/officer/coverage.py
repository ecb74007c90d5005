"""All authorities side by side: what each sends and leaves, what its link cannot do, and what nobody has confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.mapping import MappingFile
from service.adapters.mapping.catalogue import catalogue_of
from service.adapters.mapping.renderings import RENDERINGS
from service.adapters.profiles import Profile
from service.domain.records import RECORDS
from service.officer.able import missing
from service.officer.connecting import abilities
from service.ports import Ability


@dataclass(frozen=True)
class RecordCover:
    """One record type at one authority, counted in fields. `reasons` are why fields stay, each with how many.

    `form` is empty where the mapping names none; `checked` says whether lengths and lists were held against it.
    """

    mapping: str
    mapped: int
    left: int
    reasons: Mapping[str, int]
    form: str
    checked: bool


@dataclass(frozen=True)
class Cover:
    """One authority. A record type that it does not take is None. `lacks` is None where it depends on the settings."""

    authority: str
    name: str
    connector: str
    in_use: bool
    records: Mapping[str, RecordCover | None]
    lacks: tuple[Ability, ...] | None
    confirmed: int
    assumed: int
    egress: int | None


def covers(profiles: Mapping[str, Profile]) -> tuple[Cover, ...]:
    """Every authority, in the order of their files."""
    return tuple(_cover(profile) for profile in profiles.values())


def _cover(profile: Profile) -> Cover:
    able = abilities(profile.connector)
    targets = {kind: profile.records.get(kind) for kind in RECORDS}
    return Cover(
        authority=profile.authority,
        name=profile.name,
        connector=profile.connector,
        in_use=profile.in_use,
        records={kind: _record(target.mapping) if target else None for kind, target in targets.items()},
        lacks=None if able is None else tuple(missing(able)),
        confirmed=len(profile.confirmed),
        assumed=len(profile.to_confirm),
        egress=len(profile.egress.rules) if profile.egress else None,
    )


def _record(mapping: MappingFile) -> RecordCover:
    leaves = catalogue_of(mapping.record_type).leaves
    sent = {row.path for row in mapping.rows if RENDERINGS[row.rendering].carries}
    reasons: Counter[str] = Counter()
    for leaf in leaves:
        if leaf not in sent:
            reasons[next(part.reason for part in mapping.not_sent if part.covers(leaf))] += 1
    return RecordCover(
        mapping=mapping.name,
        mapped=sum(leaf in sent for leaf in leaves),
        left=reasons.total(),
        reasons=dict(reasons.most_common()),
        form=mapping.form_name,
        checked=mapping.form is not None,
    )


def reasons_of(found: tuple[Cover, ...]) -> list[tuple[str, tuple[int, ...], list[str]]]:
    """Each reason, how many fields of each record type it keeps back, and where. Most fields first."""
    at: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for cover in found:
        kept = [record.reasons if record else {} for record in cover.records.values()]
        for reason in dict.fromkeys(reason for each in kept for reason in each):
            at.setdefault((reason, tuple(each.get(reason, 0) for each in kept)), []).append(cover.name)
    ordered = sorted(at.items(), key=lambda each: (-sum(each[0][1]), each[0][0]))
    return [(reason, counts, names) for (reason, counts), names in ordered]
