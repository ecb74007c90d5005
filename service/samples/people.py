"""The young person of a record, by reference; what stays true of them stays the same in all their records."""

from __future__ import annotations

from datetime import date, timedelta
from string import ascii_uppercase
from typing import Any

from service.domain import codes
from service.domain.london import add_months, age_on
from service.samples.dice import Dice, known
from service.samples.draft import Draft

USUAL_AGES = range(11, 19)
_AGES = range(12, 19)
"""Ages on the day the samples are made; in the year before it, some of them were a year less."""

_UNUSUAL_AGES = (9, 10, 20, 21)
_LOOKED_AFTER = ("yes", "no", "no", "no", "unknown")
_LEGAL_STATUSES = ("C1", "C2", "E1", "V2")
_UPN_LETTERS = "".join(letter for letter in ascii_uppercase if letter not in "IOS")
_UPN_UNKNOWN = codes.UPN_UNKNOWN[1:]
"""All but UN1, which is for children under school age."""


def nhs_number(dice: Dice) -> str:
    """A number of the range 999, which is kept for tests, with its check digit."""
    while True:
        nine = f"999{dice.randrange(10**6):06}"
        check = (11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            return f"{nine}{check}"


def upn(dice: Dice) -> str:
    """A unique pupil number of the local authority 000, which is nobody's, with its check letter."""
    digits = f"000{dice.randrange(10**9):09}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return f"{_UPN_LETTERS[total % 23]}{digits}"


def young_person(draft: Draft) -> dict[str, Any]:
    """The block. Who they are comes from their own dice, what this record says of it from the record's."""
    dice = draft.dice
    born, accuracy = _birth(draft)
    age = age_on(born, draft.completed_on)
    reason = None if age in USUAL_AGES else _reason(draft, age)
    looked_after = "yes" if reason == "looked_after" else draft.own("looked after").choice(_LOOKED_AFTER)
    return known(
        la_child_id=draft.child.la_child_id,
        **_identifiers(draft),
        **_age(draft, born, accuracy),
        out_of_usual_age_reason=_reason_given(draft, reason),
        sex=draft.own("sex").choice("FFFMMMU") if dice.happens(0.9) else None,
        gender_identity=dice.perhaps(0.2, lambda: _gender(draft)),
        **_ethnicity(draft.own("ethnicity")),
        disabilities=_disabilities(draft.own("disabilities"), needed=reason == "disability"),
        looked_after=looked_after if looked_after == "yes" or dice.happens(0.8) else None,
        legal_status=_legal_status(draft) if looked_after == "yes" else None,
        **_authorities(draft, looked_after),
        school_urn=None if age > 18 else dice.perhaps(0.3, lambda: f"999{draft.own('school').randrange(1000):03}"),
        restricted_record=dice.perhaps(0.6, lambda: draft.own("restricted").happens(0.1)),
        **_involvement(draft, born, age),
    )


def age_of(draft: Draft) -> int:
    """Their age at completion, once `draft.young_person` is there."""
    given, born = draft.young_person.get("age_at_completion"), draft.young_person.get("date_of_birth")
    return int(given) if given is not None else age_on(date.fromisoformat(str(born)), draft.completed_on)


def has_learning_disability(draft: Draft) -> bool:
    """Whether their record says so."""
    return "LD" in draft.young_person.get("disabilities", ())


def _birth(draft: Draft) -> tuple[date, str]:
    """The date of birth and how sure it is; a day that nobody knows is written as the fifteenth."""
    if draft.child.born is not None:
        return draft.child.born, "exact"
    dice, today = draft.own("birth"), draft.setting.today
    years = dice.choice(_UNUSUAL_AGES) if dice.happens(0.08) else dice.choice(_AGES)
    born = add_months(today, -12 * years) - timedelta(days=dice.randrange(365))
    accuracy = dice.choice(("exact", "exact", *codes.DOB_ACCURACY))
    return (born.replace(day=15) if accuracy == "day_unknown" else born), accuracy


def _age(draft: Draft, born: date, accuracy: str) -> dict[str, Any]:
    """The date of birth, the age, or both. Where the case system knows the date, the date is given."""
    age = age_on(born, draft.completed_on)
    if draft.child.born is None and draft.dice.happens(0.4):
        return {"age_at_completion": age}
    return known(
        date_of_birth=born.isoformat(),
        dob_accuracy=accuracy if accuracy != "exact" or draft.dice.happens(0.5) else None,
        age_at_completion=draft.dice.perhaps(0.3, lambda: age),
    )


def _reason(draft: Draft, age: int) -> str:
    """Why somebody outside 11 to 18 has a record, from the authority's own list."""
    reasons = draft.setting.policy.age_reasons or codes.OUT_OF_USUAL_AGE
    fitting = [each for each in reasons if (each == "transition_18_plus") == (age > max(USUAL_AGES))]
    return draft.own("reason").choice(fitting or reasons)


def _reason_given(draft: Draft, reason: str | None) -> dict[str, Any] | None:
    if reason is None:
        return None
    bank = f"support.outside_usual_age.{reason if reason in codes.OUT_OF_USUAL_AGE else 'other'}"
    told = draft.teller.line(bank) if reason == "other" or draft.dice.happens(0.6) else None
    return known(code=reason, text=told)


def _identifiers(draft: Draft) -> dict[str, Any]:
    number = draft.dice.perhaps(0.5, lambda: nhs_number(draft.own("nhs")))
    must_explain = number is None and draft.setting.policy.nhs_number_required
    withheld = None if number else draft.dice.choice(codes.IDENTIFIER_WITHHELD)
    pupil = draft.dice.perhaps(0.3, lambda: upn(draft.own("upn")))
    return known(
        nhs_number=number,
        identifier_withheld_reason=withheld if must_explain or draft.dice.happens(0.4) else None,
        upn=pupil,
        upn_unknown=None if pupil else draft.dice.perhaps(0.25, lambda: draft.own("upn").choice(_UPN_UNKNOWN)),
    )


def _gender(draft: Draft) -> dict[str, Any]:
    said = draft.dice.perhaps(0.5, lambda: draft.teller.phrase("areas.young_person.self_gender"))
    return known(code=draft.dice.choice(codes.GENDER_IDENTITY), self_description=said)


def _ethnicity(own: Dice) -> dict[str, Any]:
    if own.happens(0.05):
        return {}
    ethnicity = own.choice(codes.ETHNICITY)
    source = own.choice(("young_person", "young_person", "parent_carer", "professional_entered"))
    return known(
        ethnicity=ethnicity,
        ethnicity_source="not_recorded" if ethnicity == "NOBT" else own.perhaps(0.8, lambda: source),
    )


def _disabilities(own: Dice, *, needed: bool) -> list[str] | None:
    if needed or own.happens(0.35):
        return own.some(codes.DISABILITY[1:], 1, 3)
    return own.choice((["NONE"], ["NONE"], None))


def _legal_status(draft: Draft) -> str | None:
    return draft.own("legal status").choice(_LEGAL_STATUSES) if draft.dice.happens(0.8) else None


def _authorities(draft: Draft, looked_after: str) -> dict[str, Any]:
    """Who is responsible and who hosts: most at home, some placed in another authority, a few placed here by one."""
    dice, home = draft.own("authorities"), draft.setting.policy.authority
    other = dice.choice(draft.setting.neighbours)
    if looked_after != "yes" or dice.happens(0.5):
        return {"responsible_authority": home}
    if dice.happens(0.15):
        return {"responsible_authority": other, "placing_authority": other, "host_authority": home}
    return {"responsible_authority": home, "placing_authority": home, "host_authority": other}


def _involvement(draft: Draft, born: date, age: int) -> dict[str, Any]:
    """A first assessment comes early; a review has had months before it."""
    back = draft.dice.randint(100, 400) if draft.is_review else draft.dice.randint(2, 35)
    started = max(draft.completed_on - timedelta(days=back), born)
    ended = _ended(draft)
    return known(
        involvement_started_on=started.isoformat() if not draft.is_review or draft.dice.happens(0.9) else None,
        involvement_ended_on=ended.isoformat() if ended else None,
        ended_reason=draft.dice.choice(("RC5", "RC6" if age > 17 else "RC7", "RC9")) if ended else None,
    )


def _ended(draft: Draft) -> date | None:
    """Involvement ends only where nothing more is feared; of a young person with more records to come, never."""
    may_end = draft.is_review and draft.is_settled and not draft.setting.children
    return date.fromisoformat(draft.after(21)) if may_end and draft.dice.happens(0.2) else None
