"""The words of a synthetic record: a WISE assessment of nobody, which says so wherever somebody might read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.domain.codes import LATEST
from service.domain.london import london_date
from service.domain.policy import Policy
from service.domain.synthetic import Synthetic, name_of, name_of_withdrawal

RECORD_TYPE = "wise_assessment"
WORDS = "This is a test by WISE Bridge. Nobody was assessed, and nothing here is about anybody."
_BY = "wise-bridge-test"
_TEMPLATE = "wise-bridge-test/1"
"""Where the authority lists no edition of its own."""


def synthetic_record(synthetic: Synthetic, policy: Policy, slot: datetime) -> dict[str, Any]:
    """The record of a slot. The same profile and slot make the same record, so that a second sender makes a replay."""
    return {
        **_envelope(policy, name_of(slot)),
        "submission_kind": "new",
        "capture_mode": "electronic",
        "template_version": next(iter(policy.templates.get(RECORD_TYPE, ())), _TEMPLATE),
        "young_person": _young_person(synthetic, policy),
        "completed_on": london_date(slot).isoformat(),
        "first_or_review": "first",
        "review_trigger": "initial",
        "assessor": _assessor(),
        "areas": _areas(),
        "analysis_narrative": WORDS,
        "exploitation": {"category": "no_known_risk_or_manageable", "narrative": WORDS, "decided_by_ref": _BY},
        "stability": {domain: {"applicable": "yes", "narrative": WORDS} for domain in _DOMAINS},
        "panel_referral": {"decision": "not_considered", "rationale": WORDS},
        "participation": {"young_person": {"method": "PN7", "not_told_reason": WORDS}},
        "review": {"basis": "initial"},
        "training_exception": {"reason": WORDS, "approved_by": _BY},
    }


def synthetic_withdrawal(synthetic: Synthetic, policy: Policy, name: str) -> dict[str, Any]:
    """Takes the record of that name back."""
    return {
        **_envelope(policy, name_of_withdrawal(name)),
        "submission_kind": "withdrawal",
        "supersedes_submission_id": name,
        "young_person": {"la_child_id": synthetic.child},
        "withdrawal": {"reason": "entered_in_error", "decided_by_ref": _BY, "note": WORDS},
    }


_DOMAINS = ("home", "school_or_learning", "professionals")


def _envelope(policy: Policy, name: str) -> dict[str, Any]:
    return {
        "schema_version": LATEST.name,
        "record_type": RECORD_TYPE,
        "authority": policy.authority,
        "submission_id": name,
    }


def _young_person(synthetic: Synthetic, policy: Policy) -> dict[str, Any]:
    """A number is never made up: where one is required, the record says that it is not held."""
    withheld = {"identifier_withheld_reason": "not_yet_held"} if policy.nhs_number_required else {}
    return {
        "la_child_id": synthetic.child,
        "date_of_birth": synthetic.date_of_birth,
        "responsible_authority": policy.authority,
        **withheld,
    }


def _assessor() -> dict[str, Any]:
    """Whom the rules ask for. Nobody is registered under this reference, hence the exception with its reason."""
    return {
        "professional_ref": _BY,
        "role": "social_worker",
        "agency": "childrens_social_care",
        "experienced_confirmed": True,
    }


def _areas() -> dict[str, Any]:
    return {
        "young_person": {"own_words": [], "own_words_reason": "not_seen", "strengths_reason": WORDS},
        "family_friends": {
            "relationships": WORDS,
            "carer_involvement": {"safe_to_involve": "unknown", "reason": WORDS},
        },
        "people_places": {"context_summary": WORDS},
        "professional_contexts": {"resources": WORDS},
    }
