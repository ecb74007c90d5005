"""Why a delivery is where it is, who looks after it, and the words they read. Closed: no other system's text."""

from __future__ import annotations

from enum import StrEnum


class Owner(StrEnum):
    """Who looks after an open item."""

    BRIDGE = "bridge"
    AUTHORITY_OFFICER = "integration officer of the authority"
    SOCIAL_WORK_TEAM = "social work team of the authority"
    OPERATOR = "operator of the bridge"
    TRAINERS = "trainers at the Hub or in the authority"


class Reason(StrEnum):
    """Why a delivery is where it is. Closed: a case system's own text is never stored or shown."""

    WAITING = "waiting"
    AWAITING_RECEIPT = "awaiting_receipt"
    RECEIPT_OVERDUE = "receipt_overdue"
    PERSON_NOT_FOUND = "person_not_found"
    PERSON_AMBIGUOUS = "person_ambiguous"
    PERSON_MERGED = "person_merged"
    PERSON_RESTRICTED = "person_restricted"
    DOB_MISMATCH = "dob_mismatch"
    DOB_ESTIMATED = "dob_estimated"
    DOB_AND_AGE_MISSING = "dob_and_age_missing"
    NO_OPEN_EPISODE = "no_open_episode"
    SEVERAL_OPEN_EPISODES = "several_open_episodes"
    NOT_PERMITTED = "not_permitted"
    SIGN_IN_REFUSED = "sign_in_refused"
    HOST_KEY_CHANGED = "host_key_changed"
    CERTIFICATE_NOT_TRUSTED = "certificate_not_trusted"
    LOCKED = "locked"
    CONTENT_REFUSED = "content_refused"
    UNKNOWN_CODE = "unknown_code"
    DOCUMENT_REFUSED = "document_refused"
    DOCUMENT_TOO_LARGE = "document_too_large"
    MAPPING_INCOMPLETE = "mapping_incomplete"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    MAINTENANCE = "maintenance"
    UNREACHABLE = "unreachable"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    NO_CLEAR_ANSWER = "no_clear_answer"
    UNEXPECTED_ANSWER = "unexpected_answer"
    CONTRADICTION = "contradiction"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    STOPS_WORKERS = "stops_workers"
    RESTORED = "restored"
    HELD_BY_OFFICER = "held_by_officer"
    ASKED_AGAIN = "asked_again"
    WITHDRAWN = "withdrawn"
    NO_LONGER_NEEDED = "no_longer_needed"
    BODY_UNREADABLE = "body_unreadable"
    BODY_SHREDDED = "body_shredded"
    DOCUMENT_FAILED = "document_failed"
    DOCUMENT_LEFT = "document_left"
    RECORD_NOT_THERE = "record_not_there"
    ALREADY_WITHDRAWN = "already_withdrawn"
    TRAINING_NOT_FOUND = "training_not_found"
    TRAINING_ENDED = "training_ended"
    RESTRICTION_NOT_CARRIED = "restriction_not_carried"
    NOT_SUPPORTED = "not_supported"
    INTERNAL_FAULT = "internal_fault"


WORDS: dict[Reason, tuple[Owner, str]] = {
    Reason.WAITING: (Owner.BRIDGE, "Waiting its turn."),
    Reason.AWAITING_RECEIPT: (Owner.BRIDGE, "Handed over; waiting for the case system's receipt."),
    Reason.RECEIPT_OVERDUE: (
        Owner.AUTHORITY_OFFICER,
        "Handed over, but the case system has not answered in the time its profile allows. Still asking.",
    ),
    Reason.PERSON_NOT_FOUND: (
        Owner.SOCIAL_WORK_TEAM,
        "The case system has no person it will show us under this child reference. Check the reference.",
    ),
    Reason.PERSON_AMBIGUOUS: (
        Owner.SOCIAL_WORK_TEAM,
        "The case system has more than one person under this child reference. Say which is right.",
    ),
    Reason.PERSON_MERGED: (
        Owner.SOCIAL_WORK_TEAM,
        "The person was merged into another in the case system. Say which reference is right.",
    ),
    Reason.PERSON_RESTRICTED: (
        Owner.SOCIAL_WORK_TEAM,
        "The young person's file is restricted in the case system and the bridge may not write to it.",
    ),
    Reason.DOB_MISMATCH: (
        Owner.SOCIAL_WORK_TEAM,
        "The child reference is known, but the date of birth or age does not agree. It may be another child.",
    ),
    Reason.DOB_ESTIMATED: (
        Owner.SOCIAL_WORK_TEAM,
        "The case system holds only an estimated date of birth, so the person cannot be confirmed by it.",
    ),
    Reason.DOB_AND_AGE_MISSING: (
        Owner.SOCIAL_WORK_TEAM,
        "The record gives neither date of birth nor age, so the person cannot be confirmed.",
    ),
    Reason.NO_OPEN_EPISODE: (
        Owner.SOCIAL_WORK_TEAM,
        "The young person has no open, authorised referral in the case system to file under.",
    ),
    Reason.SEVERAL_OPEN_EPISODES: (
        Owner.SOCIAL_WORK_TEAM,
        "The young person has more than one open episode in the case system. Say which the record belongs to.",
    ),
    Reason.NOT_PERMITTED: (Owner.AUTHORITY_OFFICER, "The case system does not let the bridge do this."),
    Reason.SIGN_IN_REFUSED: (Owner.AUTHORITY_OFFICER, "The case system refused the bridge's credentials."),
    Reason.HOST_KEY_CHANGED: (
        Owner.OPERATOR,
        "The server's host key is not the pinned one. Nothing was sent. Confirm the key before changing the profile.",
    ),
    Reason.CERTIFICATE_NOT_TRUSTED: (
        Owner.OPERATOR,
        "The server's certificate is expired, for another name, or not signed by whom we trust. Nothing was sent.",
    ),
    Reason.LOCKED: (Owner.BRIDGE, "Somebody has the form open in the case system."),
    Reason.CONTENT_REFUSED: (Owner.AUTHORITY_OFFICER, "The case system refused an answer. Check the mapping."),
    Reason.UNKNOWN_CODE: (
        Owner.AUTHORITY_OFFICER,
        "The case system does not know a form, question, team or document type of the profile.",
    ),
    Reason.DOCUMENT_REFUSED: (Owner.AUTHORITY_OFFICER, "The case system refused the document."),
    Reason.DOCUMENT_TOO_LARGE: (Owner.AUTHORITY_OFFICER, "The document is larger than the case system takes."),
    Reason.MAPPING_INCOMPLETE: (
        Owner.AUTHORITY_OFFICER,
        "The mapping has nowhere for something in this record. Nothing was sent.",
    ),
    Reason.THROTTLED: (Owner.BRIDGE, "The case system asked us to slow down."),
    Reason.UNAVAILABLE: (Owner.BRIDGE, "The case system is not available."),
    Reason.MAINTENANCE: (Owner.BRIDGE, "The case system is closed for maintenance."),
    Reason.UNREACHABLE: (Owner.BRIDGE, "The case system could not be reached."),
    Reason.ADDRESS_NOT_ALLOWED: (
        Owner.OPERATOR,
        "The case system's name leads to an address that its profile does not allow. Nothing was sent.",
    ),
    Reason.NO_CLEAR_ANSWER: (Owner.BRIDGE, "The connection ended without a clear answer; looking it up."),
    Reason.UNEXPECTED_ANSWER: (Owner.OPERATOR, "The case system answered in a way the connector does not know."),
    Reason.CONTRADICTION: (
        Owner.OPERATOR,
        "What the case system holds under our reference is not what we sent. A person must compare them.",
    ),
    Reason.TOO_MANY_ATTEMPTS: (Owner.OPERATOR, "Tried for a day and many times without an outcome."),
    Reason.STOPS_WORKERS: (
        Owner.OPERATOR,
        "The bridge stopped working more than once while it was at this record, so it is kept apart from the others.",
    ),
    Reason.RESTORED: (
        Owner.BRIDGE,
        "The bridge was restored from a backup. It asks the case system first whether this is there already.",
    ),
    Reason.ASKED_AGAIN: (Owner.BRIDGE, "An officer wants this looked up in the case system again."),
    Reason.WITHDRAWN: (Owner.BRIDGE, "Its sender withdrew it before anything of it was sent."),
    Reason.NO_LONGER_NEEDED: (
        Owner.BRIDGE,
        "The review it was about was held, or nobody has to be reminded of it any more. Nothing was sent.",
    ),
    Reason.HELD_BY_OFFICER: (Owner.AUTHORITY_OFFICER, "An officer has asked for this to wait."),
    Reason.BODY_SHREDDED: (
        Owner.AUTHORITY_OFFICER,
        "The record's body was shredded once it was delivered. Do in the case system by hand what is still to be done.",
    ),
    Reason.BODY_UNREADABLE: (Owner.OPERATOR, "The stored record cannot be opened with this authority's key."),
    Reason.DOCUMENT_FAILED: (Owner.OPERATOR, "The document could not be made."),
    Reason.DOCUMENT_LEFT: (
        Owner.AUTHORITY_OFFICER,
        "The record is withdrawn in the case system. Take its document out of your document system by hand.",
    ),
    Reason.RECORD_NOT_THERE: (
        Owner.AUTHORITY_OFFICER,
        "The case system has no record of this young person under the number it once gave us. Look there first.",
    ),
    Reason.ALREADY_WITHDRAWN: (
        Owner.AUTHORITY_OFFICER,
        "The record was withdrawn in the case system by somebody else. Check that this is what was meant.",
    ),
    Reason.TRAINING_NOT_FOUND: (
        Owner.TRAINERS,
        "No WISE training is registered for this worker before the assessment. It goes on when the training is.",
    ),
    Reason.TRAINING_ENDED: (
        Owner.TRAINERS,
        "The worker's registered training had ended by the day of the assessment. It goes on when newer is registered.",
    ),
    Reason.RESTRICTION_NOT_CARRIED: (
        Owner.AUTHORITY_OFFICER,
        "Your system's link can't mark restricted records. Nothing was sent.",
    ),
    Reason.NOT_SUPPORTED: (
        Owner.AUTHORITY_OFFICER,
        "This link to the case system has no way to do this. Do it there by hand.",
    ),
    Reason.INTERNAL_FAULT: (Owner.OPERATOR, "The bridge itself failed on this record. It is kept; nothing was sent."),
}


def owner_of(reason: Reason) -> Owner:
    """Who looks after an item with this reason."""
    return WORDS[reason][0]


def words_for(reason: Reason) -> str:
    """The reason as a person reads it."""
    return WORDS[reason][1]
