"""The authorities' profiles and policies from the configuration folder. Looks up no credential."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.adapters.profiles import Profile, load_profile, load_profiles, published
from service.adapters.registry import document_schemas, schemas
from service.domain.policy import Policy, Result
from service.domain.reviews import Reminders
from service.domain.synthetic import Synthetic


def profiles(config_dir: Path) -> Mapping[str, Profile]:
    """Every authority's profile, also of those not in use yet. Raises `ConfigurationFault`; looks up no credential."""
    return load_profiles(config_dir, schemas(), document_schemas())


def profile(config_dir: Path, file: Path) -> Profile:
    """The profile of one file, which need not lie in the folder. Raises `ConfigurationFault`."""
    return load_profile(config_dir, file, schemas(), document_schemas())


def profile_schema() -> dict[str, Any]:
    """The format of a profile as JSON Schema, with what every kind of connector asks for."""
    return published.profile_schema(schemas(), document_schemas())


def policy_of(profile: Profile) -> Policy:
    """What the rules need to know of an authority."""
    rules = profile.rules
    return Policy(
        authority=profile.authority,
        name=profile.name,
        in_use=profile.in_use,
        instruments={kind: record.label for kind, record in profile.records.items()},
        plan_items_max=profile.support_plan_items_max,
        review_months=profile.review.interval_months,
        review_window_days=profile.review.window_days,
        templates={kind: record.templates for kind, record in profile.records.items()},
        training=Result(rules.training),
        training_same_day=rules.training_same_day,
        nhs_number_required=rules.nhs_number == "required",
        nhs_number_faulty=Result.WARN if rules.nhs_number_faulty == "leave_out" else Result.REJECT,
        age_reasons=rules.age_reasons,
        deputies=rules.deputies,
        panels=rules.panels,
        child_id=rules.child_id,
        language_advice=rules.language_advice,
    )


def reminders_of(profile: Profile) -> Reminders:
    """How an authority is reminded of its reviews."""
    return profile.review.reminders


def synthetic_of(profile: Profile) -> Synthetic | None:
    """The synthetic record that is to be sent for it; None for an authority that is not in use."""
    return profile.synthetic if profile.in_use else None


def policies(config_dir: Path) -> Mapping[str, Policy]:
    """Every authority's policy."""
    return {authority: policy_of(profile) for authority, profile in profiles(config_dir).items()}
