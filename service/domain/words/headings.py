"""A heading for every field of the three records, by path; list positions are written `*`.

Written as trees, so that a group which several records or several places share is worded once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

Tree: TypeAlias = "Mapping[str, str | Tree]"

PROFESSIONAL: Tree = {
    "professional_ref": "Reference",
    "role": "Role",
    "agency": "Agency",
    "swe_number": "Social Work England number",
    "is_allocated_worker": "Is the young person's allocated worker",
    "experienced_confirmed": "Experience confirmed",
    "contribution": "Contribution",
    "training_record_ref": "Training record",
}

ENVELOPE: Tree = {
    "schema_version": "Message format",
    "record_type": "Kind of record",
    "authority": "Authority that sent this record",
    "submission_id": "Sender's own reference",
    "supersedes_submission_id": "Takes the place of",
    "submission_kind": "Kind of submission",
    "submitted_at": "Sent at, by the sender's clock",
    "capture_mode": "How it was captured",
    "template_version": "Form version",
    "entered_on": "Entered on",
    "entered_by_ref": "Entered by",
}

YOUNG_PERSON: Tree = {
    "la_child_id": "Reference in the authority's system",
    "nhs_number": "NHS number",
    "identifier_withheld_reason": "Why the NHS number is not included",
    "upn": "Unique pupil number",
    "upn_unknown": "Why the unique pupil number is not known",
    "date_of_birth": "Date of birth",
    "dob_accuracy": "Accuracy of the date of birth",
    "age_at_completion": "Age when this was completed",
    "out_of_usual_age_reason": {
        "code": "Reason for including this age",
        "text": "More about the reason for including this age",
    },
    "sex": "Sex",
    "gender_identity": {
        "code": "Gender identity",
        "self_description": "Gender identity in the young person's own words",
    },
    "ethnicity": "Ethnicity",
    "ethnicity_source": "Who described the ethnicity",
    "disabilities": {"*": "Disabilities"},
    "looked_after": "Looked after",
    "legal_status": "Legal status",
    "responsible_authority": "Responsible authority",
    "placing_authority": "Placing authority",
    "host_authority": "Authority where the young person lives",
    "school_urn": "School (URN)",
    "restricted_record": "Restricted record",
    "involvement_started_on": "Service involved since",
    "involvement_ended_on": "Service involved until",
    "ended_reason": "Reason for ending",
}

AREA_YOUNG_PERSON: Tree = {
    "own_words": {
        "*": {
            "prompt": "Prompt",
            "text": "In the young person's own words",
            "captured_on": "Captured on",
            "captured_by_ref": "Captured by",
            "said_by_young_person": "Said by the young person",
            "method": "How it was said",
            "sharing": "Sharing choice",
        }
    },
    "own_words_reason": "Why there are no own words yet",
    "strengths": {"*": "Strengths"},
    "strengths_reason": "Why no strengths are recorded yet",
    "good_day": "What a good day looks like",
    "hopes": "Hopes",
    "interests": "Interests",
    "identities": {
        "*": {
            "trait": "Part of identity",
            "self_description": "In the young person's own words",
            "source": "Who described it",
            "who_may_know": {"*": "Who may know"},
        }
    },
    "identity_influence_on_response": "How identity shapes the way services respond",
}

AREA_FAMILY_FRIENDS: Tree = {
    "relationships": "Relationships with family and carers",
    "functioning": "How the family works together",
    "narratives": "The family's own story",
    "carer_views": "What parents or carers say",
    "friendships": "Friendships",
    "relationships_to_strengthen": {"*": "Relationships to strengthen"},
    "carer_involvement": {
        "safe_to_involve": "Is it safe to involve parents or carers?",
        "reason": "About involving parents or carers",
        "done": "Have parents or carers been involved?",
    },
}

AREA_PEOPLE_PLACES: Tree = {
    "safe_or_supportive": "Safe or supportive people and places",
    "context_summary": "What is happening around the young person",
    "risk_subject_refs": {"*": "See the restricted part"},
}

AREA_PROFESSIONAL_CONTEXTS: Tree = {
    "resources": "Resources available",
    "professionals_count": "Number of professionals involved",
    "appropriateness": "Are they the right people?",
    "skills_gaps": "Skills and experience still needed",
    "bias_reflection": "Reflection on bias",
}

AREAS: Tree = {
    "young_person": AREA_YOUNG_PERSON,
    "family_friends": AREA_FAMILY_FRIENDS,
    "people_places": AREA_PEOPLE_PLACES,
    "professional_contexts": AREA_PROFESSIONAL_CONTEXTS,
}

EXPLOITATION: Tree = {
    "category": "Exploitation statement",
    "basis": "On what basis",
    "forms": {"*": "Forms of exploitation"},
    "narrative": "Why this statement",
    "decided_by_ref": "Decided by",
    "dissent": {"*": {"agency": "Agency with another view", "text": "Another view"}},
}

STABILITY_DOMAIN: Tree = {
    "applicable": "Does this apply?",
    "narrative": "What we see",
    "not_applicable_reason": "Why this does not apply",
}

STABILITY: Tree = {
    "home": STABILITY_DOMAIN,
    "school_or_learning": STABILITY_DOMAIN,
    "professionals": STABILITY_DOMAIN,
    "overall_narrative": "Stability as a whole",
}

SUPPORT_PLAN: Tree = {
    "items": {
        "*": {
            "item_ref": "Item",
            "what": "What will happen",
            "who_will": "Who will do it",
            "by_when": "By when",
            "ongoing": "Ongoing",
            "area": "Area of focus",
            "young_person_agrees": "Does the young person agree?",
            "term": "Term",
            "action_code": "Kind of action",
            "status": "Status",
            "status_reason": "Why",
            "how_we_will_know": "How we will know",
        }
    },
    "follows_on": "A plan will follow on",
}

PANEL_REFERRAL: Tree = {
    "panel_name": "Panel",
    "decision": "Decision",
    "rationale": "Why",
    "decided_by_ref": "Decided by",
    "decided_on": "Decided on",
}

PARTICIPATION: Tree = {
    "young_person": {
        "method": "How the young person took part",
        "told_worried": "Told that we are worried and why",
        "told_how_information_used": "Told how the information is used",
        "not_told_reason": "Why the young person was not told",
        "views_of_process": "What the young person says about how this was done",
    },
    "core_questions": {"*": {"question_key": "Question", "answer_text": "Answer in the young person's own words"}},
    "parent_carer": {
        "method": "How parents or carers took part",
        "safe_to_involve": "Is it safe for parents or carers to take part?",
        "reason": "About parents or carers taking part",
    },
    "friends_invited": "Friends invited to take part",
    "interpreter_used": "Interpreter used",
    "communication_needs": "Communication needs",
    "evaluation_consent": {
        "young_person": "Agreement to be part of the evaluation",
        "assent_or_consent": "Assent or consent to the evaluation",
        "by_whom": "Evaluation agreement recorded by",
        "form_version": "Evaluation form version",
        "on": "Evaluation agreement given on",
        "withdrawn_on": "Evaluation agreement withdrawn on",
    },
    "sharing": {
        "*": {
            "section": "Part of this record",
            "audience": "With whom",
            "decision": "The young person's choice",
            "reason": "Why",
        }
    },
}

REVIEW: Tree = {
    "basis": "Why a review is due",
    "due_on": "Review date given by the sender",
    "window_days": "Days around the date",
}

RISK_SUBJECTS: Tree = {
    "*": {
        "risk_subject_id": "Reference",
        "kind": "Person, group or place",
        "descriptor": "Description",
        "known_name": "Known name",
        "relationship_to_young_person": "Relationship to the young person",
        "allegation_status": "Status of the allegation",
        "as_at": "As at",
        "information_source": "Source of the information",
        "confidence": "Confidence in the information",
        "police_intelligence_ref": "Police intelligence reference",
        "is_child": "Is this person a child?",
        "also_exploited": "Is this person also being exploited?",
        "may_attend_meetings_or_hold_role": "May attend meetings or hold a role",
        "visibility": "Who may see this",
        "do_not_show_to": {"*": "Do not show to"},
        "place_reference": "Place",
        "professional_ref": "Professional",
    }
}

SIGNIFICANT_EVENT: Tree = {
    "ref": "Reference",
    "event_type": "What happened",
    "happened_on": "Happened on",
    "known_on": "Known to the service on",
    "recorded_on": "Recorded on",
    "summary": "Summary",
    "reported_by_ref": "Reported by",
    "makes_review_due": "Makes a review due",
    "reason": "Why",
}

VIEWS: Tree = {
    "needs_and_risks": "Needs and risks",
    "short_term_want": "Wanted in the short term",
    "long_term_want": "Wanted in the long term",
}

QUESTIONS: Tree = {
    name: {"answer": question, "detail": f"More detail: {question[0].lower()}{question[1:]}"}
    for name, question in {
        "trafficking": "Is the child being trafficked?",
        "learning_disability": "Does the child have a learning disability?",
        "other_children_at_risk_or_exploited": "Are other children at risk or being exploited?",
        "risky_locations": "Are there places where children are being harmed?",
        "alleged_perpetrators": "Are there people alleged to be exploiting children?",
    }.items()
}

SHARED: Tree = {
    **ENVELOPE,
    "young_person": YOUNG_PERSON,
    "panel_referral": PANEL_REFERRAL,
    "participation": PARTICIPATION,
    "review": REVIEW,
    "risk_subjects": RISK_SUBJECTS,
    "training_exception": {"reason": "Why before training is registered", "approved_by": "Agreed by"},
}

ASSESSMENT: Tree = {
    "areas": AREAS,
    "analysis_narrative": "Analysis",
    "exploitation": EXPLOITATION,
    "stability": STABILITY,
    "support_plan": SUPPORT_PLAN,
    "evaluation_outcome": {
        "education_training_employment": "Education, training or employment",
        "young_person_feedback_given": "The young person gave feedback",
    },
}

WISE: Tree = {
    "completed_on": "Completed on",
    "first_or_review": "First assessment or review",
    "review_trigger": "Why now",
    "significant_event_ref": "Event that led to this",
    "significant_events": {"*": SIGNIFICANT_EVENT},
    "change_in_circumstances": "What has changed",
    "assessor": PROFESSIONAL,
    "supporting": {"*": PROFESSIONAL},
    "authorised_by": PROFESSIONAL,
    "authorised_on": "Authorised on",
}

RISE: Tree = {
    "meeting_on": "Meeting on",
    "format": "Format",
    "secure_format_confirmed": "Secure format confirmed",
    "meeting_ref": "Meeting reference",
    "attached_to": {
        "process": "Part of",
        "process_ref": "Reference of that meeting or process",
        "process_other": "Which meeting or process",
    },
    "facilitator": PROFESSIONAL,
    "data_capture_by": PROFESSIONAL,
    "attendees": {"*": PROFESSIONAL},
    "invited_absent": {"*": {"agency": "Agency", "reason": "Reason"}},
    "capture_agreed_on": "Everyone agreed the capture on",
    "contributions": {"*": {"attendee_ref": "From", "area": "Area of focus", "text": "Contribution"}},
    "reflection_in_meeting": "Reflection in the meeting",
}

WITHDRAWAL: Tree = {
    "withdrawal": {
        "reason": "Why it is taken back",
        "decided_by_ref": "Decided by",
        "decided_on": "Decided on",
        "note": "Note",
    }
}

NWG: Tree = {
    "child_views": VIEWS,
    "carer_views": VIEWS,
    "strengths_and_protective": "Strengths and what protects the child",
    "analysis": "Analysis",
    "professional_opinion": "Professional opinion",
    "on_balance_of_probability": "On the balance of probability",
    "other_forms_noted": {"*": "Other forms of exploitation noted"},
    "questions": QUESTIONS,
    "plan": {
        "short_term": "What will make the child safer in the short term",
        "long_term": "What will make the child safer in the long term",
        "how_will_you_know": "How we will know the child is safer",
        "professional_support_needed": "Support the professional needs",
    },
    "actions": {"*": {"code": "Action", "status": "Status", "text": "Detail"}},
    "explained_to_child": {
        "told_worried": "Told that we are worried and why",
        "told_what_happens_next": "Told what happens next",
        "on": "Explained on",
        "reason_not": "Why it was not explained",
    },
}


def _paths(tree: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    for name, below in tree.items():
        here = f"{path}/{name}"
        if isinstance(below, str):
            yield here, below
        else:
            yield from _paths(below, here)


HEADINGS: dict[str, str] = dict(_paths({**SHARED, **ASSESSMENT, **WISE, **RISE, **NWG, **WITHDRAWAL}))
