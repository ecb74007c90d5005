"""What WISE and RISE share: the four areas of focus, the two statements and the support plan (model 3.3, 3.5, 3.6)."""

from service.domain import codes
from service.domain.fields import Group, Klass, Text
from service.domain.records.shorthand import coded, flag, group, many, narrative, on, ref, whole

OWN_WORDS: Group = group(
    prompt=ref(required=True),
    text=Text(klass=Klass.NARRATIVE, words=True, required=True),
    captured_on=on(required=True),
    captured_by_ref=ref(required=True, klass=Klass.PROFESSIONAL),
    said_by_young_person=flag(),
    method=coded(codes.OWN_WORDS_METHODS),
    sharing=coded(codes.OWN_WORDS_SHARING, required=True),
)

AREA_YOUNG_PERSON: Group = group(
    required=True,
    own_words=many(OWN_WORDS, required=True),
    own_words_reason=coded(codes.OWN_WORDS_REASONS),
    strengths=many(narrative()),
    strengths_reason=narrative(),
    good_day=narrative(),
    hopes=narrative(),
    interests=narrative(),
    identities=many(
        group(
            trait=ref(required=True, klass=Klass.SPECIAL),
            self_description=Text(klass=Klass.SPECIAL, max=2_000, words=True),
            source=coded(codes.ETHNICITY_SOURCE),
            who_may_know=many(coded(codes.IDENTITY_AUDIENCES)),
        )
    ),
    identity_influence_on_response=narrative(),
)

AREA_FAMILY_FRIENDS: Group = group(
    required=True,
    relationships=narrative(klass=Klass.THIRD_PARTY),
    functioning=narrative(klass=Klass.THIRD_PARTY),
    narratives=narrative(klass=Klass.THIRD_PARTY),
    carer_views=narrative(klass=Klass.THIRD_PARTY),
    friendships=narrative(klass=Klass.THIRD_PARTY),
    relationships_to_strengthen=many(narrative(klass=Klass.THIRD_PARTY)),
    carer_involvement=group(
        required=True,
        safe_to_involve=coded(codes.YES_NO_UNKNOWN, required=True),
        reason=narrative(klass=Klass.THIRD_PARTY),
        done=coded(codes.YES_NO),
    ),
)

AREA_PEOPLE_PLACES: Group = group(
    required=True,
    safe_or_supportive=narrative(klass=Klass.THIRD_PARTY),
    context_summary=narrative(klass=Klass.THIRD_PARTY),
    risk_subject_refs=many(ref(klass=Klass.THIRD_PARTY)),
)

AREA_PROFESSIONAL_CONTEXTS: Group = group(
    required=True,
    resources=narrative(),
    professionals_count=whole(0, 99),
    appropriateness=narrative(),
    skills_gaps=narrative(),
    bias_reflection=narrative(),
)

AREAS: Group = group(
    required=True,
    young_person=AREA_YOUNG_PERSON,
    family_friends=AREA_FAMILY_FRIENDS,
    people_places=AREA_PEOPLE_PLACES,
    professional_contexts=AREA_PROFESSIONAL_CONTEXTS,
)
"""The young person stays first: their section frames all the others (pilot evaluation, overview table)."""

EXPLOITATION: Group = group(
    required=True,
    category=coded(codes.EXPLOITATION, required=True),
    basis=coded(codes.EXPLOITATION_BASIS),
    forms=many(coded(codes.EXPLOITATION_FORMS)),
    narrative=narrative(required=True),
    decided_by_ref=ref(required=True, klass=Klass.PROFESSIONAL),
    dissent=many(
        group(agency=coded(codes.AGENCIES, required=True, klass=Klass.PROFESSIONAL), text=narrative(required=True))
    ),
)
"""One of three statements and why. The list has no order and no default (model 3.5)."""


def _domain() -> Group:
    return group(
        required=True,
        applicable=coded(codes.STABILITY_APPLICABLE),
        narrative=narrative(),
        not_applicable_reason=narrative(),
    )


STABILITY: Group = group(
    required=True,
    home=_domain(),
    school_or_learning=_domain(),
    professionals=_domain(),
    overall_narrative=narrative(),
)
"""Narratives over three domains. There is no level, and there must never be one (model 0, G1)."""

PLAN_ITEM: Group = group(
    item_ref=ref(),
    what=narrative(required=True),
    who_will=ref(required=True, klass=Klass.PROFESSIONAL),
    by_when=on(),
    ongoing=flag(),
    area=coded(codes.AREAS),
    young_person_agrees=coded(codes.PLAN_AGREES),
    term=coded(codes.PLAN_TERMS),
    action_code=coded(codes.NWG_ACTIONS),
    status=coded(codes.PLAN_STATUS),
    status_reason=narrative(),
    how_we_will_know=narrative(),
)

SUPPORT_PLAN: Group = group(items=many(PLAN_ITEM, required=True), follows_on=on())
"""What will happen next. A plan that is not made yet says when it will be."""

EVALUATION_OUTCOME: Group = group(
    education_training_employment=coded(codes.EDUCATION_TRAINING_EMPLOYMENT, klass=Klass.QUASI),
    young_person_feedback_given=coded(codes.YES_NO_NOT_KNOWN),
)
"""How things stand at this review, for the evaluation's later questions (model 3.12). Change over time is computed."""
