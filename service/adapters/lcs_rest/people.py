"""Which person a child id means: LCS's own number, or the text id that some authorities quote."""

from __future__ import annotations

from service.adapters.lcs_rest.client import LcsApi
from service.adapters.lcs_rest.content import person_number
from service.adapters.lcs_rest.shapes import Person
from service.domain.delivery import Reason
from service.errors import NeedsHuman


class People:
    """By number. Only the person to be confirmed is asked for; everything else goes by the number as it is."""

    def number(self, _api: LcsApi, child_id: str) -> int:
        """The number to send."""
        return person_number(child_id)

    def find(self, api: LcsApi, child_id: str) -> Person:
        """The person. Raises `NeedsHuman` with PERSON_NOT_FOUND."""
        return api.person(person_number(child_id))


class ByLegacyId(People):
    """By text id. Nothing there keeps it unique, so it is looked up each time and must mean one person."""

    def number(self, api: LcsApi, child_id: str) -> int:
        """The number to send."""
        return self.find(api, child_id).number

    def find(self, api: LcsApi, child_id: str) -> Person:
        """The person. Raises `NeedsHuman` with PERSON_NOT_FOUND or PERSON_AMBIGUOUS."""
        if not (child_id and child_id.isprintable()):
            raise NeedsHuman(Reason.PERSON_NOT_FOUND, "not_a_legacy_id")
        found = api.people(child_id).only(Reason.PERSON_AMBIGUOUS, "several_of_this_legacy_id")
        if found is None:
            raise NeedsHuman(Reason.PERSON_NOT_FOUND, "no_such_legacy_id")
        return found
