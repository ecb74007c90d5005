"""What becomes of the fields that all three records share.

Columns: case file, young person, family, professionals, supervision.
"""

from __future__ import annotations

from service.domain.audiences.shorthand import IF_YES, NO, RESTRICTED, UNLESS_NO, YES, rows
from service.domain.audiences.treatments import Row

_ABOUT: tuple[Row, ...] = (
    *rows("about", "", "schema_version submitted_at", NO, NO, NO, NO, NO,
          why="Says how the message was written and sent, nothing about the young person."),
    *rows("about", "", "record_type", YES, NO, NO, YES, YES,
          why="The name of the assessment tells what it is about. Paper at home is seen by others."),
    *rows("about", "", "authority", YES, YES, YES, YES, YES, why="Whose copy this is. The council, never a team."),
    *rows("about", "", "submission_id supersedes_submission_id submission_kind capture_mode template_version "
          "entered_on entered_by_ref", YES, NO, NO, NO, NO,
          why="The office's own trail. Each page has our reference, which leads back to the record."),
)  # fmt: skip

_DETAILS: tuple[Row, ...] = (
    *rows("details", "/young_person", "la_child_id nhs_number identifier_withheld_reason upn upn_unknown date_of_birth "
          "dob_accuracy", YES, NO, NO, NO, NO,
          why="Identifies the young person. Who hands over a copy says whom it is about; a lost copy should not."),
    *rows("details", "/young_person", "age_at_completion responsible_authority", YES, NO, NO, YES, NO,
          why="Professionals keep a young person's age in view, and need to know who is responsible."),
    *rows("details", "/young_person", "out_of_usual_age_reason sex looked_after placing_authority host_authority "
          "school_urn restricted_record involvement_started_on involvement_ended_on ended_reason", YES, NO, NO, NO, NO,
          why="Nobody needs it to help, and together such details tell who and where a young person is."),
    *rows("details", "/young_person", "gender_identity ethnicity ethnicity_source disabilities legal_status",
          YES, NO, NO, NO, NO,
          why="Could out the young person. Codes of a form are not what they told us; what they told us is in their "
          "own words and under identity."),
)  # fmt: skip

_PEOPLE: tuple[Row, ...] = tuple(
    row
    for who, family in (("assessor", YES), ("supporting/*", NO))
    for row in (
        *rows("people", f"/{who}", "role agency", YES, YES, family, YES, YES if who == "assessor" else NO,
              why="Who worked on this, as roles and agencies. To the family only the worker to talk to: which other "
              "services take part can tell more than the young person wants known."),
        *rows("people", f"/{who}", "professional_ref", YES, NO, NO, YES, YES if who == "assessor" else NO,
              why="Professionals know each other's references; to anybody else they mean nothing. Supervision is about "
              "the worker who wrote this."),
        *rows("people", f"/{who}", "swe_number is_allocated_worker experienced_confirmed contribution "
              "training_record_ref", YES, NO, NO, NO, NO, why="About the worker, and for their authority."),
    )
)  # fmt: skip

_PANEL: tuple[Row, ...] = (
    *rows("panel_referral", "/panel_referral", "panel_name decision", YES, YES, NO, YES, NO,
          why="What happens next. The family hears it from the worker."),
    *rows("panel_referral", "/panel_referral", "decided_by_ref decided_on", YES, NO, NO, YES, NO,
          why="For those who work with the decision."),
    *rows("panel_referral", "/panel_referral", "rationale", YES, NO, NO, NO, NO,
          why="Often rests on what other young people said, or on people who may pose a risk."),
)  # fmt: skip

_YOUNG = "/participation/young_person"
_PARTICIPATION: tuple[Row, ...] = (
    *rows("participation", _YOUNG, "method", YES, NO, NO, YES, NO, why="A census code, for professionals."),
    *rows("participation", _YOUNG, "told_worried told_how_information_used", YES, YES, NO, YES, NO,
          why="What was explained. Professionals need to know what the young person has been told."),
    *rows("participation", _YOUNG, "not_told_reason", YES, NO, NO, NO, NO,
          why="Says why something was not told; a copy is the wrong place to learn of it."),
    *rows("own_words", _YOUNG, "views_of_process", YES, YES, NO, NO, NO,
          why="Their own words about us, for those who can put it right."),
    *rows("own_words", "/participation", "core_questions", YES, YES, NO, NO, NO,
          why="Their own words, given for the evaluation and not to be passed round."),
    *rows("participation", "/participation/parent_carer", "method safe_to_involve", YES, NO, NO, YES, NO,
          why="Professionals must know whether it is safe to talk to a parent. To the family it would tell what "
          "was thought of them, or which carer was spoken to."),
    *rows("family_friends", "/participation/parent_carer", "reason", YES, NO, NO, NO, NO,
          why="About the family, and why involving them may not be safe. Kept by the authority only."),
    *rows("participation", "/participation", "friends_invited interpreter_used", YES, YES, NO, YES, NO,
          why="How they could take part."),
    *rows("participation", "/participation", "communication_needs", YES, YES, NO, NO, NO,
          why="May tell of a disability. The young person's own; a worker tells others what they need to know."),
    *rows("participation", "/participation/evaluation_consent", "young_person on withdrawn_on", YES, YES, NO, NO, NO,
          why="Their own decision about the evaluation, which they may take back."),
    *rows("participation", "/participation/evaluation_consent", "assent_or_consent by_whom form_version",
          YES, NO, NO, NO, NO, why="Paperwork of the evaluation."),
    *rows("participation", "/participation/sharing/*", "section audience decision", YES, YES, NO, NO, NO,
          why="The young person sees what is shared with whom. To others it would tell what was kept from them."),
    *rows("participation", "/participation/sharing/*", "reason", YES, NO, NO, NO, NO,
          why="A safety reason is often about somebody else. The copy says to ask, and the worker explains."),
)  # fmt: skip

_END: tuple[Row, ...] = (
    *rows("review", "/review", "due_on window_days", YES, NO, NO, NO, NO,
          why="The sender's date. Copies print the date that the review clock keeps."),
    *rows("review", "/review", "basis", YES, NO, NO, YES, NO, why="Why it is due, for those who prepare it."),
    *rows("risk_subjects", "", "risk_subjects", RESTRICTED, NO, NO, NO, NO,
          why="People and places that may pose a risk: for social work only, and nothing opens it. That police or "
          "named professionals may know is a matter of telling them, not of a copy."),
    *rows("about", "", "training_exception", YES, NO, NO, NO, NO, why="About the worker, and for their authority."),
    *rows("review", "", "evaluation_outcome", YES, NO, NO, NO, NO, why="For the evaluation; a code says it badly."),
    *rows("about", "", "completed_on", YES, YES, YES, YES, YES, why="The day it was written."),
    *rows("analysis", "", "analysis analysis_narrative", YES, IF_YES, IF_YES, UNLESS_NO, NO,
          why="Often tells of other people, so it is not in the young person's copy unless somebody made sure."),
)  # fmt: skip

ROWS_OF_ALL: tuple[Row, ...] = (*_ABOUT, *_DETAILS, *_PEOPLE, *_PANEL, *_PARTICIPATION, *_END)
