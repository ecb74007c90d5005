"""What all three records share: the envelope, the young person's reference, participation, review, risk subjects."""

from service.domain import codes
from service.domain.fields import Field, Group, Instant, Klass, Text, Token
from service.domain.records.shorthand import authority, coded, flag, group, many, narrative, on, ref, whole
from service.domain.records.variants import since

ENVELOPE: dict[str, Field] = {
    "schema_version": coded(codes.SCHEMA_VERSIONS, required=True),
    "record_type": coded(codes.RECORD_TYPES, required=True),
    "authority": authority(required=True),
    "submission_id": ref(required=True),
    "supersedes_submission_id": Token(
        klass=Klass.OPERATIONAL,
        pattern=r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}",
        max=64,
        example="SK-2026-000041",
        nullable=True,
    ),
    "submission_kind": coded(codes.SUBMISSION_KINDS, required=True),
    "submitted_at": Instant(klass=Klass.OPERATIONAL),
    "capture_mode": coded(codes.CAPTURE_MODES, required=True),
    "template_version": ref(required=True),
    "entered_on": on(),
    "entered_by_ref": ref(klass=Klass.PROFESSIONAL),
}
"""Every submission begins with these (model 3). `submitted_at` is the sender's clock, kept and never relied on."""

YOUNG_PERSON: Group = group(
    required=True,
    la_child_id=Token(
        klass=Klass.IDENTIFIER, pattern=r"[A-Za-z0-9]{1,20}", max=20, example="STK0000417", required=True
    ),
    nhs_number=Text(klass=Klass.IDENTIFIER, max=20),
    identifier_withheld_reason=coded(codes.IDENTIFIER_WITHHELD),
    upn=Token(klass=Klass.IDENTIFIER, pattern=r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", max=13,
              example="13 characters beginning with a letter"),
    upn_unknown=coded(codes.UPN_UNKNOWN),
    date_of_birth=on(klass=Klass.IDENTIFIER),
    dob_accuracy=coded(codes.DOB_ACCURACY),
    age_at_completion=whole(0, 25),
    out_of_usual_age_reason=group(code=coded(codes.OUT_OF_USUAL_AGE, required=True), text=narrative()),
    sex=coded(codes.SEX, klass=Klass.QUASI),
    gender_identity=group(
        code=coded(codes.GENDER_IDENTITY, klass=Klass.SPECIAL),
        self_description=Text(klass=Klass.SPECIAL, max=200, words=True),
    ),
    ethnicity=coded(codes.ETHNICITY, klass=Klass.SPECIAL),
    ethnicity_source=coded(codes.ETHNICITY_SOURCE),
    disabilities=many(coded(codes.DISABILITY, klass=Klass.SPECIAL), high=len(codes.DISABILITY)),
    looked_after=coded(codes.YES_NO_UNKNOWN, klass=Klass.QUASI),
    legal_status=Token(klass=Klass.SPECIAL, pattern=r"[A-Za-z0-9]{1,10}", max=10, example="C2"),
    responsible_authority=authority(required=True),
    placing_authority=authority(),
    host_authority=authority(),
    school_urn=Token(klass=Klass.QUASI, pattern=r"[0-9]{6}", max=6, example="six digits"),
    restricted_record=flag(),
    involvement_started_on=on(),
    involvement_ended_on=on(),
    ended_reason=Token(klass=Klass.OPERATIONAL, pattern=r"[A-Za-z0-9_]{1,40}", max=40, example="RC1"),
)  # fmt: skip
"""The young person by reference. The model has no name, address or telephone number: the case system has them."""

PARTICIPATION: Group = group(
    young_person=group(
        required=True,
        method=coded(codes.PARTICIPATION, required=True),
        told_worried=coded(codes.YES_NO),
        told_how_information_used=coded(codes.YES_NO),
        not_told_reason=narrative(),
        views_of_process=Text(klass=Klass.NARRATIVE, words=True),
    ),
    core_questions=many(group(question_key=ref(required=True), answer_text=Text(
        klass=Klass.NARRATIVE, words=True, required=True))),
    parent_carer=group(
        method=coded(codes.CARER_METHODS),
        safe_to_involve=coded(codes.YES_NO_UNKNOWN),
        reason=narrative(klass=Klass.THIRD_PARTY),
    ),
    friends_invited=coded(codes.YES_NO_NOT_KNOWN),
    interpreter_used=flag(),
    communication_needs=narrative(klass=Klass.SPECIAL),
    evaluation_consent=group(
        young_person=coded(codes.CONSENT),
        assent_or_consent=coded(codes.ASSENT_OR_CONSENT),
        by_whom=ref(klass=Klass.PROFESSIONAL),
        form_version=ref(),
        on=on(),
        withdrawn_on=on(),
    ),
    sharing=many(group(
        section=coded(codes.SHARING_SECTIONS, required=True),
        audience=coded(codes.SHARING_AUDIENCES, required=True),
        decision=coded(codes.SHARING_DECISIONS, required=True),
        reason=narrative(),
    )),
)  # fmt: skip
"""How the young person and their carers took part (model 3.9). Evaluation consent never gates a safeguarding record."""

REVIEW: Group = group(
    basis=coded(codes.REVIEW_BASES, required=True),
    due_on=on(klass=Klass.OPERATIONAL),
    window_days=whole(0, 90),
)
"""What the sender says of the next review. The bridge computes the date; an earlier one given here is kept."""

PANEL_REFERRAL: Group = group(
    panel_name=Text(klass=Klass.OPERATIONAL, max=100),
    decision=coded(codes.PANEL_DECISIONS, required=True),
    rationale=narrative(required=True),
    decided_by_ref=ref(klass=Klass.PROFESSIONAL),
    decided_on=on(),
)
"""A judgement, recorded. Nothing in this service computes it (model 3.7)."""

RISK_SUBJECT: Group = group(
    risk_subject_id=ref(required=True),
    kind=coded(codes.RISK_SUBJECT_KINDS, required=True),
    descriptor=Text(klass=Klass.ALLEGATION, max=2_000),
    known_name=Text(klass=Klass.THIRD_PARTY, max=200),
    relationship_to_young_person=coded(codes.RISK_RELATIONSHIPS, klass=Klass.THIRD_PARTY),
    allegation_status=coded(codes.ALLEGATION_STATUS, klass=Klass.ALLEGATION),
    as_at=on(klass=Klass.THIRD_PARTY),
    information_source=Text(klass=Klass.ALLEGATION, max=2_000),
    confidence=Text(klass=Klass.ALLEGATION, max=200),
    police_intelligence_ref=ref(klass=Klass.ALLEGATION),
    is_child=coded(codes.YES_NO_UNKNOWN, klass=Klass.THIRD_PARTY),
    also_exploited=coded(codes.YES_NO_UNKNOWN, klass=Klass.THIRD_PARTY),
    may_attend_meetings_or_hold_role=flag(),
    visibility=coded(codes.RISK_VISIBILITY),
    do_not_show_to=many(ref(klass=Klass.PROFESSIONAL)),
    place_reference=Text(klass=Klass.THIRD_PARTY, max=200),
    professional_ref=since("1.1", ref(klass=Klass.THIRD_PARTY)),
)
"""A person, group, place or online space that may pose risk (model 3.8). Never part of any shared section."""


TRAINING_EXCEPTION: Group = since(
    "1.1", group(reason=narrative(required=True), approved_by=ref(required=True, klass=Klass.PROFESSIONAL))
)
"""Why an urgent record by a worker whose training is not registered goes on all the same, and who said so (rule T1)."""


def is_restricted(record: dict[str, object]) -> bool:
    """Whether the authority marked this young person's record as restricted."""
    person = record.get("young_person")
    return isinstance(person, dict) and person.get("restricted_record") is True
