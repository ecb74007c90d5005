"""The closed lists of values. Official codes keep their official spelling; ours are lower_snake. None has a rank.

Sources: WISE TIDieR (exploitation statement), NWG assessment tool 2017 (opinion, actions), DfE children in need census
(ethnicity, disability, sex, participation, unique pupil number reasons).
"""

RECORD_TYPES = ("wise_assessment", "rise_meeting_output", "nwg_assessment")
SCHEMA_VERSIONS = ("1.0",)
SUBMISSION_KINDS = ("new", "review", "correction", "withdrawal")
CAPTURE_MODES = ("paper", "electronic", "meeting_capture")

EXPLOITATION = ("experiencing", "at_risk", "no_known_risk_or_manageable")
EXPLOITATION_BASIS = ("no_known_risk", "manageable")
EXPLOITATION_FORMS = (
    "sexual", "criminal", "county_lines", "trafficking", "modern_slavery", "financial", "online", "radicalisation",
    "other", "not_yet_known",
)  # fmt: skip
STABILITY_APPLICABLE = ("yes", "not_applicable")

NWG_OPINIONS = (
    "no_concern_or_age_appropriate", "vulnerable_to_cse", "being_groomed_or_targeted", "being_sexually_exploited",
    "other_exploitation",
)  # fmt: skip
NWG_ACTIONS = (
    "emergency_999", "line_manager_or_safeguarding_lead", "local_cse_coordinator", "single_agency_support",
    "multi_agency_early_help", "mash_or_social_care", "police_intelligence", "multi_agency_meeting",
    "living_arrangement", "gp_review", "sexual_health", "school_nurse", "health_needs_child_or_carers",
    "education_issues", "specialist_cse_team", "specialist_cse_service", "nrm_first_responder", "legal_advice",
    "disruption", "preventative_group_or_setting", "review_date_agreed", "step_down_or_closure", "other",
)  # fmt: skip

YES_NO = ("yes", "no")
YES_NO_UNKNOWN = ("yes", "no", "unknown")
YES_NO_NOT_KNOWN = ("yes", "no", "not_known")

DOB_ACCURACY = ("exact", "day_unknown", "estimated", "disputed")
IDENTIFIER_WITHHELD = ("more_detrimental", "unknown_would_delay", "not_yet_held")
UPN_UNKNOWN = ("UN1", "UN2", "UN3", "UN4", "UN5", "UN6", "UN7")
OUT_OF_USUAL_AGE = ("disability", "looked_after", "sibling_or_peer_concern", "transition_18_plus", "other")
SEX = ("F", "M", "U")
GENDER_IDENTITY = ("00", "01", "02", "09")
ETHNICITY = (
    "WBRI", "WIRI", "WIRT", "WROM", "WOTH", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN", "CHNE", "AOTH",
    "BCRB", "BAFR", "BOTH", "OOTH", "REFU", "NOBT",
)  # fmt: skip
ETHNICITY_SOURCE = ("young_person", "parent_carer", "professional_entered", "not_recorded")
DISABILITY = (
    "NONE", "MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA",
)  # fmt: skip

ROLES = (
    "social_worker", "police", "health", "third_sector", "education", "youth_justice", "housing", "early_help",
    "advocate", "parent_carer_representative", "interpreter", "minute_taker", "other",
)  # fmt: skip
AGENCIES = (
    "childrens_social_care", "police", "health_icb_community", "health_acute", "health_camhs", "sexual_health",
    "education", "third_sector", "youth_justice", "housing", "probation", "commissioned_placement",
    "other_local_authority", "other",
)  # fmt: skip
CONTRIBUTIONS = ("assessor", "supporting", "facilitator", "attendee", "data_entry", "authoriser")

FIRST_OR_REVIEW = ("first", "review")
REVIEW_TRIGGERS = ("initial", "scheduled", "significant_event", "change_in_circumstances")
REVIEW_BASES = ("initial", "three_monthly", "event", "change")
EVENT_TYPES = (
    "missing_episode", "placement_or_home_move", "change_of_carer", "school_move_exclusion_or_neet",
    "arrest_or_charge_of_young_person", "young_person_reported_as_harmed", "violence_or_serious_injury",
    "self_harm_or_hospital", "new_information_about_exploitation", "person_posing_risk_arrested_released_or_moved",
    "nrm_decision", "court_or_legal_status_change", "change_of_allocated_worker", "bereavement_or_family_change",
    "pregnancy_or_becoming_parent", "transfer_between_authorities", "turning_18", "requested_by_young_person_or_carer",
    "other",
)  # fmt: skip

AREAS = ("young_person", "family_friends", "people_places", "professional_contexts")
OWN_WORDS_REASONS = ("not_ready", "in_crisis", "declined", "not_seen", "communication_need_not_met")
OWN_WORDS_METHODS = (
    "conversation",
    "writing",
    "drawing",
    "message",
    "through_advocate",
    "through_interpreter",
    "other",
)
OWN_WORDS_SHARING = ("ask_each_time", "keep_between_us", "ok_with_professionals", "ok_with_family")
IDENTITY_AUDIENCES = ("professionals", "family", "social_worker_only")

PLAN_AGREES = ("yes", "partly", "no", "not_asked")
PLAN_TERMS = ("short", "long")
PLAN_STATUS = ("proposed", "active", "done", "not_taken_forward")
PANEL_DECISIONS = ("referred", "not_referred", "deferred", "not_considered")

RISE_FORMATS = ("in_person", "online", "hybrid")
RISE_PROCESSES = (
    "strategy_meeting", "cin_meeting", "core_group", "cp_conference", "child_looked_after_review", "mash",
    "youth_justice", "other",
)  # fmt: skip

PARTICIPATION = ("PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7", "wise_conversation")
CARER_METHODS = ("conversation", "meeting", "phone_or_video", "writing", "through_advocate", "none")
CONSENT = ("given", "declined", "not_asked")
ASSENT_OR_CONSENT = ("assent", "consent")
SHARING_SECTIONS = (*AREAS, "own_words", "analysis", "statements", "support_plan")
SHARING_AUDIENCES = ("young_person", "parent_carer", "professionals")
SHARING_DECISIONS = ("agreed", "declined", "not_asked", "overridden_for_safety")

RISK_SUBJECT_KINDS = ("person", "group", "place", "online_space")
RISK_RELATIONSHIPS = (
    "family_member", "carer", "peer_child", "adult_known", "adult_unknown", "professional", "group", "none_known",
)  # fmt: skip
ALLEGATION_STATUS = ("suspected", "alleged", "charged", "convicted", "cleared", "unknown")
RISK_VISIBILITY = ("social_work_only", "professionals_named", "police")
