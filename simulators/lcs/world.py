"""Builds the authorities from seed.yaml and forms.yaml."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from simulators.lcs.model import NOBODY, Authority, FormDefinition, Person
from simulators.sftp.yaml_input import ConfigurationError, codes, mapping, read_yaml, section, typed

SEED = Path(__file__).with_name("seed.yaml")
FORMS = Path(__file__).with_name("forms.yaml")
REFERRALS = ("authorised", "unauthorised", "none")
AUTHORITY_KEYS = (
    *("name", "gss", "user", "first_record_id", "first_document_id"),
    *("departments", "task_types", "document_types", "people"),
)
Forms = dict[str, FormDefinition]


def load_authorities(seed: Path = SEED, forms: Path = FORMS) -> dict[str, Authority]:
    """Authorities by slug."""
    top = section(read_yaml(seed), seed.name, ["authorities"])
    rows = mapping(top["authorities"], f"{seed.name}: authorities")
    built = load_forms(forms, list(rows))
    return {slug: _authority(slug, row, built[slug], f"{seed.name}: {slug}") for slug, row in rows.items()}


def load_forms(path: Path, slugs: list[str]) -> dict[str, Forms]:
    """Forms by authority: the shared ones, with the authority's own put over them."""
    top = section(read_yaml(path), path.name, [], ["shared", "authorities"])
    shared = _forms(top.get("shared") or {}, f"{path.name}: shared")
    own = section(top.get("authorities") or {}, f"{path.name}: authorities", [], slugs)
    return {slug: {**shared, **_forms(own.get(slug) or {}, f"{path.name}: {slug}")} for slug in slugs}


def _forms(value: Any, where: str) -> Forms:
    return {code: _form(row, f"{where}: form {code}") for code, row in mapping(value, where).items()}


def _form(value: Any, where: str) -> FormDefinition:
    row = section(value, where, ["title", "answers"])
    return FormDefinition(typed(row["title"], str, where), codes(row["answers"], f"{where}: answers"))


def _authority(slug: str, value: Any, forms: Forms, where: str) -> Authority:
    row = section(value, where, AUTHORITY_KEYS)
    return Authority(
        slug=slug,
        name=typed(row["name"], str, f"{where}: name"),
        gss=typed(row["gss"], str, f"{where}: gss"),
        user=typed(row["user"], str, f"{where}: user"),
        first_record_id=typed(row["first_record_id"], int, f"{where}: first_record_id"),
        first_document_id=typed(row["first_document_id"], int, f"{where}: first_document_id"),
        departments=mapping(row["departments"], f"{where}: departments"),
        task_types=codes(row["task_types"], f"{where}: task_types"),
        document_types=codes(row["document_types"], f"{where}: document_types"),
        people=_people(row["people"], f"{where}: people"),
        forms=forms,
    )


def _people(value: Any, where: str) -> dict[str, Person]:
    people = {key: _person(key, row, f"{where}: {key}") for key, row in mapping(value, where).items()}
    for person in people.values():
        if person.merged_to is not None and person.merged_to not in people:
            raise ConfigurationError(f"{where}: {person.person_id} is merged to nobody known")
    return people


def _person(person_id: str, value: Any, where: str) -> Person:
    row = section(value, where, ["dob"], ["dob_estimated", "client", "referral", "merged_to", "worker"])
    return Person(
        person_id=person_id,
        dob=typed(row["dob"], date, f"{where}: dob"),
        dob_estimated=typed(row.get("dob_estimated", False), bool, f"{where}: dob_estimated"),
        client=typed(row.get("client", True), bool, f"{where}: client"),
        referral=_referral(row, where),
        merged_to=typed(row["merged_to"], str, f"{where}: merged_to") if "merged_to" in row else None,
        worker=typed(row.get("worker", NOBODY), str, f"{where}: worker"),
    )


def _referral(row: Mapping[str, Any], where: str) -> str:
    referral: str = row.get("referral", "authorised")
    if referral not in REFERRALS:
        raise ConfigurationError(f"{where}: referral must be one of {', '.join(REFERRALS)}")
    return referral
