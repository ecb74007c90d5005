"""What is held of a young person and of others: every field with its class, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.adapters.mapping import MappingFile
from service.adapters.mapping.catalogue import catalogue_of
from service.adapters.mapping.renderings import RENDERINGS
from service.adapters.profiles import Profile, RecordTarget
from service.domain.audiences import Audience, Treatment, treatment
from service.domain.fields import Field, Group, Klass, leaves
from service.domain.participation.consent import EVALUATION_CONSENT
from service.domain.participation.feedback import FEEDBACK
from service.domain.participation.supervision import SUPERVISION
from service.domain.records.withdrawal import WITHDRAWAL
from service.domain.training.record import TRAINING_RECORD
from service.domain.words import heading

KLASSES: Mapping[Klass, str] = {
    Klass.IDENTIFIER: "Names the young person to whoever has the case system: a reference, a number, a date of birth.",
    Klass.QUASI: "Does not name the young person by itself, and may together with other facts.",
    Klass.SPECIAL: "Special category data (UK GDPR, Article 9): health, ethnicity, belief, sexual life and the like.",
    Klass.ALLEGATION: "About alleged offences (Article 10), whoever is said to have done or to have suffered them.",
    Klass.NARRATIVE: "Free words. They may hold any of the other classes, so they are treated as the most sensitive.",
    Klass.THIRD_PARTY: "About other people: family, friends, and people or places that may pose a risk.",
    Klass.PROFESSIONAL: "About staff: references, roles, agencies, training.",
    Klass.CODED: "A code of a closed list; by itself it names nobody.",
    Klass.OPERATIONAL: "Needed to carry the record: its reference, its edition, its dates.",
}

BESIDE: Mapping[str, tuple[Group, str]] = {
    "Withdrawal of a record": (WITHDRAWAL, "Takes a record back here and in the case system."),
    "Feedback": (FEEDBACK, "What young people and carers say of the process. Not sent to the case system or counted."),
    "Consent to evaluation": (EVALUATION_CONSENT, "Whether those words may be in the authority's evaluation extract."),
    "Reflective supervision": (SUPERVISION, "How workers reflect. Kept apart from any young person's file."),
    "Training register": (TRAINING_RECORD, "Who attended which training, so that a rule can ask for it."),
}
"""What may be posted besides the three records, and what for."""


class Unexplained(LookupError):
    """A field without a purpose. A profile with one does not load, so this is a fault of ours."""


@dataclass(frozen=True)
class Held:
    """One field. `purpose` is the field of the case system that it becomes, or why it is not sent.

    `copies` are the audiences in whose copy it can ever be.
    """

    path: str
    name: str
    klass: str
    sent: bool
    purpose: str
    copies: tuple[str, ...]


@dataclass(frozen=True)
class HeldRecord:
    """One kind of record the authority takes, by its own label, with every field, classes in their order."""

    kind: str
    label: str
    mapping: str
    fields: tuple[Held, ...]

    def of(self, klass: str) -> tuple[Held, ...]:
        """The fields of one class."""
        return tuple(each for each in self.fields if each.klass == klass)

    def in_copy(self, audience: str) -> int:
        """How many fields can be in the copy for an audience."""
        return sum(audience in each.copies for each in self.fields)


@dataclass(frozen=True)
class HeldBeside:
    """What is posted besides: its purpose, and its fields as (path, class)."""

    name: str
    purpose: str
    fields: tuple[tuple[str, str], ...]


def held(profile: Profile) -> tuple[HeldRecord, ...]:
    """Every kind of record that the profile takes."""
    return tuple(_record(kind, target) for kind, target in profile.records.items())


def beside() -> tuple[HeldBeside, ...]:
    """What may be posted besides, alike for every authority."""
    return tuple(
        HeldBeside(name, purpose, tuple((path, field.klass.value) for path, field in leaves(group)))
        for name, (group, purpose) in BESIDE.items()
    )


def _record(kind: str, target: RecordTarget) -> HeldRecord:
    found = catalogue_of(kind).leaves
    order = list(KLASSES)
    ordered = sorted(found.items(), key=lambda each: order.index(each[1].klass))
    fields = tuple(_held(path, field, target.mapping) for path, field in ordered)
    return HeldRecord(kind, target.label, target.mapping.name, fields)


def _held(path: str, field: Field, mapping: MappingFile) -> Held:
    becomes = list(_becomes(path, mapping))
    purpose = "; ".join(becomes) or next((part.reason for part in mapping.not_sent if part.covers(path)), "")
    if not purpose:
        raise Unexplained(f"{path} has no purpose in {mapping.name}: it is neither sent nor under 'not_sent'")
    copies = tuple(each.value for each in Audience if treatment(path, each) is not Treatment.OMIT)
    return Held(path, heading(path), field.klass.value, bool(becomes), purpose, copies)


def _becomes(path: str, mapping: MappingFile) -> Iterator[str]:
    """Every question of the form that the field fills."""
    for row in mapping.rows:
        if row.path == path and RENDERINGS[row.rendering].carries:
            yield ", ".join(row.targets) + (" (and the document, where it is too long)" if row.in_document else "")
