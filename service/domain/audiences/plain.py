"""What codes are in gentle words, for those who are not professionals. Nothing here blames, ranks or promises.

Every value of a list has words of its own: the WISE statement and the NWG opinion are never one in place of the other,
"at risk" is never "experiencing", and the third statement never says that somebody is safe.
"""

from __future__ import annotations

_NOT_YOUR_FAULT = "None of this is your fault."
_NOBODYS_FAULT = "It is not their fault, nor yours."

WORRIES_TO_THE_YOUNG_PERSON: dict[str, str] = {
    "experiencing": f"We believe that somebody is hurting you or using you. {_NOT_YOUR_FAULT} We want to help it stop.",
    "at_risk": f"We are worried that somebody may try to hurt you or use you. {_NOT_YOUR_FAULT}",
    "no_known_risk_or_manageable": (
        "Right now we know of nobody who is hurting you or using you, or we think that there is help enough for the "
        "worry there is. Tell us at any time if that changes."
    ),
}
WORRIES_TO_THE_FAMILY: dict[str, str] = {
    "experiencing": f"We believe that somebody is hurting or using the young person. {_NOBODYS_FAULT}",
    "at_risk": f"We are worried that somebody may try to hurt or use the young person. {_NOBODYS_FAULT}",
    "no_known_risk_or_manageable": (
        "Right now we know of nobody who is hurting or using the young person, or we think that there is help enough "
        "for the worry there is. Tell us at any time if that changes."
    ),
}
OPINION_TO_THE_YOUNG_PERSON: dict[str, str] = {
    "no_concern_or_age_appropriate": (
        "From what we have seen and heard, we are not worried about how others treat you. Tell us if that changes."
    ),
    "vulnerable_to_cse": f"We are worried that somebody could try to take advantage of you. {_NOT_YOUR_FAULT}",
    "being_groomed_or_targeted": (
        f"We think that somebody is trying to win your trust so that they can hurt or use you. {_NOT_YOUR_FAULT}"
    ),
    "being_sexually_exploited": (
        f"We think that somebody is hurting you and using you. {_NOT_YOUR_FAULT} We want to help it stop."
    ),
    "other_exploitation": f"We think that somebody is taking advantage of you. {_NOT_YOUR_FAULT} We want to help.",
}
OPINION_TO_THE_FAMILY: dict[str, str] = {
    "no_concern_or_age_appropriate": (
        "From what we have seen and heard, we are not worried about how others treat the young person. Tell us if that "
        "changes."
    ),
    "vulnerable_to_cse": (
        f"We are worried that somebody could try to take advantage of the young person. {_NOBODYS_FAULT}"
    ),
    "being_groomed_or_targeted": (
        "We think that somebody is trying to win the young person's trust so that they can hurt or use them. "
        f"{_NOBODYS_FAULT}"
    ),
    "being_sexually_exploited": f"We think that somebody is hurting and using the young person. {_NOBODYS_FAULT}",
    "other_exploitation": f"We think that somebody is taking advantage of the young person. {_NOBODYS_FAULT}",
}

PANEL_TO_THE_YOUNG_PERSON: dict[str, str] = {
    "referred": "We have asked them to talk about how to help you.",
    "not_referred": "We decided not to ask them.",
    "deferred": "We will decide later whether to ask them.",
    "not_considered": "We have not talked about asking them.",
}
WHO: dict[str, str] = {
    "third_sector": "A charity or community group",
    "commissioned_placement": "A placement",
    "health_camhs": "Mental health service for young people",
}
"""Roles and agencies whose usual words only professionals use."""

PARTS_TO_THE_YOUNG_PERSON: dict[str, str] = {
    "young_person": "The part about you",
    "family_friends": "The part about family and friends",
    "people_places": "The part about people and places",
    "professional_contexts": "The part about those who work with you",
    "own_words": "Your own words",
    "analysis": "What we think, and why",
    "statements": "What we are worried about, and how things are",
    "support_plan": "Your plan",
}
READERS_TO_THE_YOUNG_PERSON: dict[str, str] = {
    "young_person": "in your own copy",
    "parent_carer": "for your parents or carers",
    "professionals": "for others whose job is to help you",
}
DECISIONS_TO_THE_YOUNG_PERSON: dict[str, str] = {
    "agreed": "You said yes.",
    "declined": "You said no.",
    "not_asked": "We have not asked you yet.",
    "overridden_for_safety": "It is shared without your yes, to keep somebody safe. Ask us why.",
}
