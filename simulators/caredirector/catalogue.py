"""The GUIDs of the fictional authority: teams, documents, restrictions, note types. The protocol page lists them."""

from collections.abc import Mapping

from .refusals import bad_request

Wire = dict[str, str]

TEAMS = {
    "7ea00000-0000-4000-8000-000000000001": "CSAFE",
    "7ea00000-0000-4000-8000-000000000002": "REVIEW",
}
RESTRICTIONS = {"de500000-0000-4000-8000-000000000001": "Kept apart"}
NOTE_TYPES = {"40e00000-0000-4000-8000-000000000001": "Withdrawn"}

_ASSESSMENT = "d0c00000-0000-4000-8000-000000000001"
_CORRESPONDENCE = "d0c00000-0000-4000-8000-000000000002"
DOCUMENT_TYPES = {_ASSESSMENT: "Assessment", _CORRESPONDENCE: "Correspondence"}
SUB_TYPES = {
    "d0c00000-0000-4000-8000-000000000011": "WISE",
    "d0c00000-0000-4000-8000-000000000012": "RISE",
    "d0c00000-0000-4000-8000-000000000013": "NWG",
    "d0c00000-0000-4000-8000-000000000021": "Letter",
}
SUB_TYPES_OF = {_ASSESSMENT: tuple(SUB_TYPES)[:3], _CORRESPONDENCE: tuple(SUB_TYPES)[3:]}


def lookup(found: str, name: str, kind: str) -> Wire:
    """A reference to another record, as the protocol writes it."""
    return {"id": found, "name": name, "type": kind}


def picklist(code: str, name: str) -> Wire:
    return {"id": code, "name": name, "code": code}


def status_of_form(complete: bool) -> Wire:
    return picklist("2", "Complete") if complete else picklist("1", "Initial")


def require(known: Mapping[str, object], found: str | None, code: str, name: str) -> None:
    """Refuse a GUID that is none of the known ones; none at all is for the fields to refuse."""
    if found is not None and found not in known:
        raise bad_request(code, "The value is not known here.", name)


def require_document_type(kind: str, sub_kind: str) -> None:
    """A sub-type must be known, and belong to its type."""
    require(DOCUMENT_TYPES, kind, "UnknownDocumentType", "documenttypeid")
    if sub_kind not in SUB_TYPES_OF[kind]:
        raise bad_request("UnknownDocumentSubType", "The value is not known for this type.", "documentsubtypeid")
