"""Headings for those who are not professionals, by path, where the catalogue's own are written about them."""

from __future__ import annotations

from service.domain.audiences import Audience

_AREA = "/areas/young_person"
_WORDS = f"{_AREA}/own_words/*"
_ITEM = "/support_plan/items/*"
_TAKING_PART = "/participation"

_AT_HOME = {
    "/stability/home": "At home",
    "/stability/school_or_learning": "At school or in learning",
    "/stability/professionals": "With those who help",
    "/stability/overall_narrative": "All in all",
    "/exploitation/narrative": "Why we think so",
    "/analysis_narrative": "More about it",
    "/analysis": "More about it",
    f"{_WORDS}/prompt": "About",
    f"{_ITEM}/by_when": "By when",
    f"{_ITEM}/ongoing": "Goes on",
    f"{_ITEM}/status": "How far it is",
    f"{_ITEM}/status_reason": "Why",
    f"{_ITEM}/how_we_will_know": "How we will know that it helps",
    "/support_plan/follows_on": "The plan will be made by",
}

TITLES: dict[Audience, dict[str, str]] = {
    Audience.YOUNG_PERSON: _AT_HOME
    | {
        f"{_WORDS}/captured_on": "You said this on",
        f"{_WORDS}/method": "How you told us",
        f"{_WORDS}/sharing": "You chose",
        f"{_AREA}/strengths/*": "What you are good at",
        f"{_AREA}/good_day": "What a good day is for you",
        f"{_AREA}/hopes": "What you hope for",
        f"{_AREA}/interests": "What you like to do",
        f"{_AREA}/identities": "What you told us about yourself",
        f"{_AREA}/identities/*/trait": "About",
        f"{_AREA}/identities/*/who_may_know/*": "Who may know",
        f"{_AREA}/identity_influence_on_response": "How we responded to who you are",
        "/areas/professional_contexts/resources": "What help there is",
        f"{_ITEM}/young_person_agrees": "Do you agree?",
        "/panel_referral": "Who plans help",
        "/participation/sharing": "",
        "/participation/young_person/told_worried": "We told you that we are worried, and why",
        "/participation/young_person/told_how_information_used": "We told you what we do with what you tell us",
        "/participation/young_person/views_of_process": "What you say about how we did this",
        f"{_TAKING_PART}/friends_invited": "Your friends were asked to take part",
        f"{_TAKING_PART}/interpreter_used": "Somebody interpreted for you",
        f"{_TAKING_PART}/communication_needs": "What helps you to say things and to understand",
        f"{_TAKING_PART}/core_questions": "What we ask everybody",
        f"{_TAKING_PART}/core_questions/*/question_key": "We asked about",
        f"{_TAKING_PART}/evaluation_consent": "Helping us to learn from this",
        f"{_TAKING_PART}/evaluation_consent/young_person": "Your yes or no to taking part in the evaluation",
        f"{_TAKING_PART}/evaluation_consent/on": "You said so on",
        f"{_TAKING_PART}/evaluation_consent/withdrawn_on": "You changed your mind on",
        "/child_views/needs_and_risks": "What you need, and what worries you",
        "/child_views/short_term_want": "What you want soon",
        "/child_views/long_term_want": "What you want later on",
        "/strengths_and_protective": "What you are good at, and what helps",
        "/plan/short_term": "Soon",
        "/plan/long_term": "Later on",
        "/plan/how_will_you_know": "How we will know that it helps",
        "/explained_to_child/told_worried": "We explained that we are worried, and why",
        "/explained_to_child/told_what_happens_next": "We explained what happens next",
        "/explained_to_child/on": "We explained it on",
    },
    Audience.FAMILY: _AT_HOME
    | {
        f"{_WORDS}/captured_on": "Said on",
        f"{_AREA}/strengths/*": "What the young person is good at",
        f"{_AREA}/good_day": "What a good day is for the young person",
        f"{_AREA}/hopes": "What the young person hopes for",
        f"{_AREA}/interests": "What the young person likes to do",
        "/child_views/needs_and_risks": "What the young person needs, and what worries them",
        "/child_views/short_term_want": "What the young person wants soon",
        "/child_views/long_term_want": "What the young person wants later on",
        "/plan/short_term": "Soon",
        "/plan/long_term": "Later on",
        "/plan/how_will_you_know": "How we will know that it helps",
    },
}
