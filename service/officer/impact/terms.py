"""What a contract with a processor must say (UK GDPR, Article 28), each term with the fact from the code beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.audiences import Audience
from service.domain.codes import WITHDRAWAL_REASONS
from service.officer.impact.keeping import NO_LIMIT
from service.officer.impact.model import Pack


class Standing(StrEnum):
    """How far the code answers a term by itself."""

    HERE = "the code answers"
    PARTLY = "partly; the rest is for the contract"
    CONTRACT = "for the contract"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class Term:
    """One term: where it stands in the law, what is asked in our words, how it stands, and the fact."""

    article: str
    asked: str
    standing: Standing
    fact: str


def terms(pack: Pack) -> tuple[Term, ...]:
    """The whole checklist."""
    return tuple(Term(article, asked, standing, fact(pack)) for article, (asked, standing, fact) in _ASKED.items())


def _described(pack: Pack) -> str:
    kinds = ", ".join(each.label for each in pack.held)
    classes = len({field.klass for each in pack.held for field in each.fields})
    return f"Sections 1 to 5 of this pack: {kinds}; {classes} classes of data. Duration is for the contract."


def _instructions(pack: Pack) -> str:
    return (
        f"The profile {pack.file} with its mappings is the instruction, as digest {pack.digest}. Two people let "
        "another version hold (wise-bridge profiles), and each delivery remembers which it followed."
    )


def _secure(pack: Pack) -> str:
    return f"{len(pack.protected)} measures, in section 7."


def _others(pack: Pack) -> str:
    known = sorted({host for each in pack.recipients for host in each.hosts})
    hosts = ", ".join(known) or "none known in this terminal"
    return f"The code hands data to those in section 3 and to nobody else. Hosts: {hosts}. Who runs it is not in it."


def _rights(pack: Pack) -> str:
    return (
        f"Copies for {len(Audience)} readers, corrections as new versions, withdrawals for {len(WITHDRAWAL_REASONS)} "
        "reasons with the case system's proof. There is no command yet that exports all of one young person."
    )


def _assist(pack: Pack) -> str:
    return (
        f"This pack; {len(pack.alarms)} kinds of alarm, each with an owner; a contact in security.txt where it is set."
    )


def _ends(pack: Pack) -> str:
    endless = sum(each.how_long == NO_LIMIT for each in pack.tables)
    return f"{endless} of {len(pack.tables)} tables have no end yet; no command deletes or hands back all records."


def _shown(_: Pack) -> str:
    return (
        "An audit trail that is only added to, signed receipts, docs/threat-model.md and docs/asvs.md with their tests."
    )


def _staff(_: Pack) -> str:
    return "Roles and scopes limit what each process and client can reach. What people have signed it cannot."


_Asked = tuple[str, Standing, Callable[[Pack], str]]
_ASKED: Mapping[str, _Asked] = {
    "28(3), opening": ("Subject, duration, nature, purpose, data, people.", Standing.PARTLY, _described),
    "28(3)(a)": ("Only on documented instructions.", Standing.HERE, _instructions),
    "28(3)(b)": ("Those who handle the data are bound to secrecy.", Standing.CONTRACT, _staff),
    "28(3)(c)": ("Security as in Article 32.", Standing.HERE, _secure),
    "28(2), 28(3)(d), 28(4)": ("Other processors only as agreed.", Standing.PARTLY, _others),
    "28(3)(e)": ("Help with people's rights.", Standing.PARTLY, _rights),
    "28(3)(f)": ("Help with security, breaches and impact assessments.", Standing.PARTLY, _assist),
    "28(3)(g)": ("Delete or return everything at the end.", Standing.NOT_YET, _ends),
    "28(3)(h)": ("Show that all this is kept, and allow audits.", Standing.PARTLY, _shown),
}
