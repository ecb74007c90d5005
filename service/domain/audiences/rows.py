"""What becomes of the fields of the areas, statements and plan, the WISE form, the RISE meeting and the NWG form.

Columns: case file, young person, family, professionals, supervision.
"""

from __future__ import annotations

from service.domain.audiences.shorthand import AREA, CHOICE, IF_YES, ITEM, KNOW, NO, ROLE, UNLESS_NO, YES, rows
from service.domain.audiences.treatments import Row

_YOUNG = "/areas/young_person"
_WORDS = f"{_YOUNG}/own_words/*"
_YOUNG_PERSON: tuple[Row, ...] = (
    *rows("own_words", _WORDS, "text prompt captured_on", YES, YES, CHOICE, CHOICE, NO,
          why="The young person chose, for each of their sayings, who may have it."),
    *rows("own_words", _WORDS, "method", YES, YES, NO, CHOICE, NO, why="How it was said, for those who may have it."),
    *rows("own_words", _WORDS, "sharing", YES, YES, NO, NO, NO, why="The choice itself is between us."),
    *rows("own_words", _WORDS, "captured_by_ref said_by_young_person", YES, NO, NO, NO, NO,
          why="The office's own trail."),
    *rows("own_words", _YOUNG, "own_words_reason", YES, NO, NO, NO, NO,
          why="“Chose not to” must not reach those who might ask why. Left out for all, so that its absence tells "
          "nobody that words were kept back."),
    *rows("young_person", _YOUNG, "strengths", YES, YES, UNLESS_NO, UNLESS_NO, NO,
          why="What they are good at, as those around them see it."),
    *rows("young_person", _YOUNG, "good_day hopes interests", YES, YES, IF_YES, UNLESS_NO, NO,
          why="What they told us of themselves. Whether their family reads it is theirs to say."),
    *rows("young_person", _YOUNG, "strengths_reason", YES, NO, NO, UNLESS_NO, NO, why="For those who will ask again."),
    *rows("young_person", f"{_YOUNG}/identities/*", "trait self_description", YES, YES, NO, KNOW, NO,
          why="Could out the young person. Never to the family on paper, whoever may know."),
    *rows("young_person", f"{_YOUNG}/identities/*", "who_may_know", YES, YES, NO, NO, NO,
          why="Theirs to see and change. To others it would tell who else knows."),
    *rows("young_person", f"{_YOUNG}/identities/*", "source", YES, NO, NO, NO, NO, why="The office's own trail."),
    *rows("young_person", _YOUNG, "identity_influence_on_response", YES, YES, NO, IF_YES, NO,
          why="Holds services to account, and may name a part of identity that not everybody may know."),
)  # fmt: skip

_FAMILY = "/areas/family_friends"
_FAMILY_FRIENDS: tuple[Row, ...] = (
    *rows("family_friends", _FAMILY, "relationships functioning relationships_to_strengthen",
          YES, NO, NO, UNLESS_NO, NO,
          why="About other people. Professionals build the plan on it; nobody else's copy holds it."),
    *rows("family_friends", _FAMILY, "narratives carer_views", YES, NO, NO, NO, NO,
          why="What the family or a carer told us in confidence. Two carers may not know what the other said."),
    *rows("family_friends", _FAMILY, "friendships", YES, NO, NO, NO, NO, why="About other children."),
    *rows("family_friends", f"{_FAMILY}/carer_involvement", "safe_to_involve done", YES, NO, NO, YES, NO,
          why="Professionals must know whether it is safe to talk to a parent."),
    *rows("family_friends", f"{_FAMILY}/carer_involvement", "reason", YES, NO, NO, NO, NO,
          why="About the family, and why involving them may not be safe. Kept by the authority only."),
)  # fmt: skip

_PLACES = "/areas/people_places"
_PEOPLE_PLACES: tuple[Row, ...] = (
    *rows("people_places", _PLACES, "safe_or_supportive", YES, NO, NO, UNLESS_NO, NO,
          why="About other people, and where the young person can be found. Professionals build the plan on it."),
    *rows("people_places", _PLACES, "context_summary", YES, NO, NO, NO, NO,
          why="Tells of people and places that may pose a risk, who may be known to any reader."),
    *rows("risk_subjects", _PLACES, "risk_subject_refs", YES, NO, NO, NO, NO, why="Leads to the restricted part."),
)  # fmt: skip

_CONTEXTS = "/areas/professional_contexts"
_PROFESSIONAL_CONTEXTS: tuple[Row, ...] = (
    *rows("professional_contexts", _CONTEXTS, "resources", YES, UNLESS_NO, NO, UNLESS_NO, YES,
          why="What help there is, and what is still awaited."),
    *rows("professional_contexts", _CONTEXTS, "professionals_count appropriateness skills_gaps",
          YES, NO, NO, UNLESS_NO, YES, why="About how professionals work together."),
    *rows("professional_contexts", _CONTEXTS, "bias_reflection", NO, NO, NO, NO, YES,
          why="Belongs on the worker's supervision file, not the young person's."),
)  # fmt: skip

_STATEMENTS: tuple[Row, ...] = (
    *rows("statements", "/exploitation", "category", YES, UNLESS_NO, IF_YES, UNLESS_NO, NO,
          why="What we are worried about. To the young person in gentle words."),
    *rows("statements", "/exploitation", "narrative", YES, IF_YES, NO, UNLESS_NO, NO,
          why="Often tells of other people, so it is not in the young person's copy unless somebody made sure."),
    *rows("statements", "/exploitation", "basis forms decided_by_ref dissent", YES, NO, NO, UNLESS_NO, NO,
          why="How professionals came to their statement, and where they differ."),
    *rows("statements", "/stability", "home school_or_learning professionals overall_narrative",
          YES, UNLESS_NO, IF_YES, UNLESS_NO, NO, why="How things are at home, in learning and with those who help."),
)  # fmt: skip

_ITEM = "/support_plan/items/*"
_PLAN: tuple[Row, ...] = (
    *rows("support_plan", _ITEM, "what by_when ongoing status how_we_will_know", YES, ITEM, ITEM, UNLESS_NO, NO,
          why="What will happen, and when."),
    *rows("support_plan", _ITEM, "who_will", YES, ROLE, ROLE, UNLESS_NO, NO, why="Who will do it, never by reference."),
    *rows("support_plan", _ITEM, "young_person_agrees status_reason", YES, ITEM, NO, UNLESS_NO, NO,
          why="What the young person thinks of it, and what became of it, may put them under pressure at home."),
    *rows("support_plan", _ITEM, "area term action_code", YES, NO, NO, UNLESS_NO, NO, why="Codes for professionals."),
    *rows("support_plan", "/support_plan", "follows_on", YES, UNLESS_NO, UNLESS_NO, UNLESS_NO, NO,
          why="When a plan will be made that is not made yet."),
    *rows("support_plan", _ITEM, "item_ref", YES, NO, NO, NO, NO, why="The office's own trail."),
)  # fmt: skip

ROWS_OF_ASSESSMENT = (
    *_YOUNG_PERSON, *_FAMILY_FRIENDS, *_PEOPLE_PLACES, *_PROFESSIONAL_CONTEXTS, *_STATEMENTS, *_PLAN,
)  # fmt: skip

ROWS_OF_WISE: tuple[Row, ...] = (
    *rows("review", "", "first_or_review review_trigger", YES, NO, NO, YES, NO, why="For those who prepare a review."),
    *rows("review", "", "significant_event_ref significant_events change_in_circumstances", YES, NO, NO, NO, NO,
          why="May tell of health, of an arrest or of other people. Who needs to know is told by the worker."),
    *rows("people", "/authorised_by", "role agency professional_ref", YES, NO, NO, YES, NO,
          why="For those who work with the decision."),
    *rows("people", "/authorised_by", "swe_number is_allocated_worker experienced_confirmed contribution "
          "training_record_ref", YES, NO, NO, NO, NO, why="About the worker, and for their authority."),
    *rows("people", "", "authorised_on", YES, NO, NO, YES, NO, why="For those who work with the decision."),
)  # fmt: skip

_ABOUT_WORKER = "swe_number is_allocated_worker experienced_confirmed contribution training_record_ref"
ROWS_OF_MEETING: tuple[Row, ...] = (
    *rows("meeting", "", "meeting_on", YES, YES, YES, YES, YES, why="The day of the meeting."),
    *rows("meeting", "", "format capture_agreed_on", YES, NO, NO, YES, NO, why="For those who were there."),
    *rows("meeting", "/attached_to", "process", YES, NO, NO, YES, NO, why="The kind of meeting tells what it was for."),
    *rows("meeting", "", "secure_format_confirmed meeting_ref", YES, NO, NO, NO, NO,
          why="The office's own trail. Brothers and sisters may share a meeting's reference."),
    *rows("meeting", "/attached_to", "process_ref process_other", YES, NO, NO, NO, NO,
          why="The office's own trail; the box for another meeting may hold names."),
    *rows("people", "/data_capture_by", "role agency", YES, YES, YES, YES, YES, why="The worker to talk to."),
    *rows("people", "/data_capture_by", "professional_ref", YES, NO, NO, YES, YES,
          why="Professionals know each other's references. Supervision is about the worker who wrote this."),
    *rows("people", "/facilitator", "role agency", YES, YES, NO, YES, NO, why="Who led the meeting."),
    *rows("people", "/attendees/*", "role agency", YES, YES, NO, YES, NO,
          why="Who was there. Which services take part can tell the family more than the young person wants known."),
    *rows("people", "/facilitator", "professional_ref", YES, NO, NO, YES, NO, why="Professionals know each other."),
    *rows("people", "/attendees/*", "professional_ref", YES, NO, NO, YES, NO, why="Professionals know each other."),
    *(row for who in ("facilitator", "data_capture_by", "attendees/*")
      for row in rows("people", f"/{who}", _ABOUT_WORKER, YES, NO, NO, NO, NO,
                      why="About the worker, and for their authority.")),
    *rows("people", "/invited_absent/*", "agency", YES, NO, NO, YES, NO, why="Who is still to be told."),
    *rows("people", "/invited_absent/*", "reason", YES, NO, NO, NO, NO, why="May be somebody's private reason."),
    *rows("contributions", "/contributions/*", "attendee_ref area text", YES, NO, NO, AREA, NO,
          why="Those who were there heard it. It may tell of other people."),
    *rows("professional_contexts", "", "reflection_in_meeting", NO, NO, NO, NO, YES,
          why="Belongs on the workers' supervision files, not the young person's."),
)  # fmt: skip

_ANSWERS = ("trafficking", "other_children_at_risk_or_exploited", "risky_locations")
ROWS_OF_NWG: tuple[Row, ...] = (
    *rows("own_words", "", "child_views", YES, YES, IF_YES, IF_YES, NO,
          why="Their own words, and the form has no choice for each, so nobody else reads them without a yes."),
    *rows("family_friends", "", "carer_views", YES, NO, NO, NO, NO,
          why="The form does not say which carer said it; two carers may not know what the other said."),
    *rows("young_person", "", "strengths_and_protective", YES, YES, UNLESS_NO, UNLESS_NO, NO,
          why="What they are good at, and what helps."),
    *rows("statements", "", "professional_opinion", YES, UNLESS_NO, IF_YES, UNLESS_NO, NO,
          why="What we are worried about. To the young person in gentle words."),
    *rows("statements", "", "on_balance_of_probability other_forms_noted", YES, NO, NO, UNLESS_NO, NO,
          why="How professionals came to their opinion."),
    *(row for name in _ANSWERS
      for row in rows("analysis", f"/questions/{name}", "answer", YES, NO, NO, UNLESS_NO, NO,
                      why="The form's own questions, for professionals.")),
    *rows("analysis", "/questions/learning_disability", "answer", YES, NO, NO, NO, NO, why="Tells of a disability."),
    *rows("analysis", "/questions/alleged_perpetrators", "answer", YES, NO, NO, NO, NO, why="Tells of allegations."),
    *(row for name in (*_ANSWERS, "learning_disability", "alleged_perpetrators")
      for row in rows("analysis", f"/questions/{name}", "detail", YES, NO, NO, NO, NO, why="About other people.")),
    *rows("support_plan", "/plan", "short_term long_term how_will_you_know", YES, UNLESS_NO, UNLESS_NO, UNLESS_NO, NO,
          why="What will happen."),
    *rows("support_plan", "/plan", "professional_support_needed", YES, NO, NO, NO, YES, why="About the worker."),
    *rows("support_plan", "/actions/*", "text status", YES, ITEM, NO, UNLESS_NO, NO,
          why="Some actions are the young person's private matter, such as health, so the family's copy has none."),
    *rows("support_plan", "/actions/*", "code", YES, NO, NO, UNLESS_NO, NO, why="Codes for professionals."),
    *rows("participation", "/explained_to_child", "told_worried told_what_happens_next on", YES, YES, NO, YES, NO,
          why="What was explained. Professionals need to know what the young person has been told."),
    *rows("participation", "/explained_to_child", "reason_not", YES, NO, NO, NO, NO,
          why="Says why something was not told; a copy is the wrong place to learn of it."),
)  # fmt: skip
