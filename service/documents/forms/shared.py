"""What every blank form ends with: taking part, details, who worked on it, typing it in, the restricted sheet."""

from __future__ import annotations

from service.documents.forms.vocabulary import Box, Column, Keys, Matrix, Rows, Say, Section, rows

_PART = "/participation"
_PERSON = "/young_person"
_RISK = "/risk_subjects/*"
RISK_SUBJECTS = 2

TYPED_IN = (
    "Type the reference of this copy, with its dashes, as the record's submission_id: it matches the record to the "
    "paper. So never photocopy a form; what does not fit goes on a plain sheet with the same reference."
)

PEOPLE = (
    Column("professional_ref", 1.6),
    Column("role", 0.75),
    Column("agency", 0.75),
    Column("swe_number", 1.4),
    Column("is_allocated_worker", 1.15, "Allocated worker"),
    Column("experienced_confirmed", 1.2),
    Column("training_record_ref", 1.1),
)


def panel() -> Section:
    """The panel's decision: a judgement that nothing here computes."""
    path = "/panel_referral"
    return Section(
        "Panel referral",
        (
            rows(
                (Box(f"{path}/decision"),),
                (Box(f"{path}/rationale", lines=2),),
                (
                    Box(f"{path}/panel_name"),
                    Box(f"{path}/decided_by_ref", note="reference"),
                    Box(f"{path}/decided_on", width=1.1),
                ),
            ),
        ),
        about=path,
    )


def taking_part(*more: Box) -> Section:
    """How the young person and their carers took part, and what may be shared."""
    sharing = Matrix(
        down=f"{_PART}/sharing/*/audience",
        across=f"{_PART}/sharing/*/section",
        decision=f"{_PART}/sharing/*/decision",
    )
    agreed = rows(
        (Box(f"{_PART}/sharing/*/reason", label="Why, if it was shared without agreement"),),
        (
            Box(f"{_PART}/evaluation_consent/young_person", label="Agreement to the evaluation", width=1.9),
            Box(f"{_PART}/evaluation_consent/assent_or_consent", label="As", width=1.1),
            Box(f"{_PART}/evaluation_consent/on", label="On"),
        ),
        *((box,) for box in more),
    )
    note = "The evaluation is a separate choice: this record is made with or without it."
    return Section("Taking part", (_how_they_took_part(), sharing, agreed), about=_PART, note=note)


def _how_they_took_part() -> Rows:
    return rows(
        (Box(f"{_PART}/young_person/method"),),
        (Box(f"{_PART}/young_person/told_worried"), Box(f"{_PART}/young_person/told_how_information_used")),
        (Box(f"{_PART}/young_person/not_told_reason"),),
        (Box(f"{_PART}/young_person/views_of_process", lines=2),),
        (
            Box(f"{_PART}/core_questions/*/question_key", label="Core question", width=1),
            Box(f"{_PART}/core_questions/*/answer_text", width=2.4),
        ),
        (Box(f"{_PART}/parent_carer/method"),),
        (
            Box(f"{_PART}/parent_carer/safe_to_involve", label="Safe for them?"),
            Box(f"{_PART}/parent_carer/reason", label="About this"),
        ),
        (Box(f"{_PART}/friends_invited", width=1.6), Box(f"{_PART}/interpreter_used", width=1)),
        (Box(f"{_PART}/communication_needs"),),
    )


def review() -> Section:
    """When to look again."""
    return Section(
        "Review",
        (
            rows(
                (Box("/review/basis"),),
                (Box("/review/due_on", label="Review date", width=1.3), Box("/review/window_days")),
            ),
        ),
        about="/review",
    )


def details() -> Section:
    """What the case system may not hold yet."""
    return Section(
        "Details of the young person",
        (
            rows(
                (
                    Box(f"{_PERSON}/date_of_birth", width=1.1),
                    Box(f"{_PERSON}/age_at_completion", label="or age when this was completed"),
                ),
                (Box(f"{_PERSON}/out_of_usual_age_reason/code", note="if not 11 to 18"),),
                (
                    Box(f"{_PERSON}/out_of_usual_age_reason/text", label="More about that reason", width=2),
                    Box(f"{_PERSON}/restricted_record"),
                ),
                (
                    Box(f"{_PERSON}/gender_identity/code", width=2.4),
                    Box(f"{_PERSON}/gender_identity/self_description", label="In their own words"),
                ),
                (Box(f"{_PERSON}/ethnicity", width=0.8), Box(f"{_PERSON}/disabilities/*", width=1)),
                (Box(f"{_PERSON}/ethnicity_source", label="Described by"),),
            ),
        ),
        note="Leave empty what the case system holds. Everything else about who they are is there already.",
    )


def typing_in() -> Section:
    """Who typed it in, when, and under which reference."""
    return Section(
        "Typing it in",
        (
            Say(TYPED_IN),
            rows(
                (
                    Box("/entered_on", label="Typed in on"),
                    Box("/entered_by_ref", label="Typed in by", note="reference"),
                ),
                (Box("/submission_kind"),),
                (Box("/supersedes_submission_id", note="the earlier reference, for a correction or a withdrawal"),),
            ),
        ),
    )


def key(*, fresh: bool = False) -> Section:
    """The lists that are too long for tick boxes."""
    return Section("What to write for the long lists", (Keys(),), fresh=fresh)


def restricted() -> Section:
    """Who or what may pose a risk: a sheet of its own, so that it can be kept apart."""
    subject = rows(
        (
            Box(f"{_RISK}/risk_subject_id", label="Its reference"),
            Box(f"{_RISK}/kind", width=1.75, label="A"),
        ),
        (Box(f"{_RISK}/descriptor", lines=4),),
        (Box(f"{_RISK}/known_name"), Box(f"{_RISK}/place_reference")),
        (Box(f"{_RISK}/relationship_to_young_person"),),
        (Box(f"{_RISK}/allegation_status"),),
        (
            Box(f"{_RISK}/as_at", width=1),
            Box(f"{_RISK}/police_intelligence_ref", width=1.3),
        ),
        (Box(f"{_RISK}/information_source"), Box(f"{_RISK}/confidence")),
        (
            Box(f"{_RISK}/is_child", label="A child?"),
            Box(f"{_RISK}/also_exploited", width=1.3, label="Also being exploited?"),
        ),
        (
            Box(f"{_RISK}/may_attend_meetings_or_hold_role", width=1.3),
            Box(f"{_RISK}/professional_ref", label="If a professional", note="reference"),
        ),
        (Box(f"{_RISK}/visibility", width=2), Box(f"{_RISK}/do_not_show_to/*", note="references")),
        times=RISK_SUBJECTS,
    )
    return Section("People and places that may pose a risk", (subject,), restricted=True)
