"""What a link can do, in words, and what happens to the work where it cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from service.ports import Ability

CAN: Mapping[Ability, str] = {
    Ability.ASKS_WHO: "looks at the person before sending",
    Ability.TAKES_ANSWERS: "takes answers to a form",
    Ability.TAKES_DOCUMENTS: "takes documents",
    Ability.RESTRICTS: "carries the restricted mark",
    Ability.CORRECTS: "takes corrections",
    Ability.RETRACTS: "takes withdrawals",
    Ability.RAISES_TASKS: "raises review tasks",
    Ability.LOOKS_UP: "can be asked what arrived",
}

WITHOUT: Mapping[Ability, str] = {
    Ability.ASKS_WHO: "the case system itself confirms the person, when it reads what was sent",
    Ability.TAKES_ANSWERS: "the document alone is filed",
    Ability.TAKES_DOCUMENTS: "the answers alone are filed",
    Ability.RESTRICTS: "a restricted record is not sent: a person files it",
    Ability.CORRECTS: "a correction is for a person to file",
    Ability.RETRACTS: "a withdrawal is for a person to make",
    Ability.RAISES_TASKS: "a review that is due is for a person to put into a work tray",
    Ability.LOOKS_UP: "an unclear outcome is for a person to look up",
}


def missing(found: Collection[Ability]) -> list[Ability]:
    """What is not among them, in the order of the list."""
    return [each for each in Ability if each not in found]
