"""Each kind of alarm with its sentence, its owner and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.delivery import Owner


class Kind(StrEnum):
    """What an alarm is about."""

    WAITS_TOO_LONG = "waits_too_long"
    BEHIND_EARLIER = "behind_earlier"
    BREAKER_OPEN = "breaker_open"
    CONNECTION_REFUSED = "connection_refused"
    LANE_HELD = "lane_held"
    LANE_LEFT_OUT = "lane_left_out"
    NO_SWEEP = "no_sweep"
    CONSERVATION_BROKEN = "conservation_broken"
    ENDPOINT_GIVEN_UP = "endpoint_given_up"
    WAKEUPS_FAILING = "wakeups_failing"
    CHANNEL_FAILING = "channel_failing"
    SYNTHETIC_LATE = "synthetic_late"
    MESSAGE_GIVEN_UP = "message_given_up"
    FACT_REFUSED = "fact_refused"
    RELEASE_NOT_SENT = "release_not_sent"
    AUDIT_NOT_SEALED = "audit_not_sealed"
    CHECKPOINT_NOT_SENT = "checkpoint_not_sent"
    SIGN_IN_FAILURES = "sign_in_failures"
    STALE_KEY = "stale_key"
    PURGE_NOT_RUN = "purge_not_run"


@dataclass(frozen=True)
class Guidance:
    """What a person reads who has never seen this alarm: what is so, whose it is, and what to do."""

    sentence: str
    owner: Owner
    to_do: str


GUIDANCE: Mapping[Kind, Guidance] = {
    Kind.WAITS_TOO_LONG: Guidance(
        "A record is open for longer than its state allows.",
        Owner.OPERATOR,
        "List the authority's open deliveries in this state, oldest first, and do what the reason of each says.",
    ),
    Kind.BEHIND_EARLIER: Guidance(
        "A record has waited for more than 4 hours behind an earlier one of the same young person.",
        Owner.OPERATOR,
        "Find the earlier delivery. While it is open, nothing newer of this young person goes: settle it first.",
    ),
    Kind.BREAKER_OPEN: Guidance(
        "The authority's case system has been out of reach for more than a minute; nothing goes to it.",
        Owner.OPERATOR,
        "Ask the authority whether its system is down. The bridge tries by itself; nothing is lost meanwhile.",
    ),
    Kind.CONNECTION_REFUSED: Guidance(
        "The authority's case system refuses the bridge's credentials, or is not the system the profile pins.",
        Owner.OPERATOR,
        "Waiting does not mend this. Do what the reason says; never accept a new host key without asking its owner.",
    ),
    Kind.LANE_HELD: Guidance(
        "A person has paused or stopped the authority's lane more than a day ago.",
        Owner.OPERATOR,
        "Ask whoever holds it whether that is still meant, and let it go.",
    ),
    Kind.LANE_LEFT_OUT: Guidance(
        "Workers are there, but none has looked at this authority's lane for 45 seconds.",
        Owner.OPERATOR,
        "Its profile is missing, unusable or not in use where the workers run: compare configurations, read their log.",
    ),
    Kind.NO_SWEEP: Guidance(
        "No worker has looked for work in any lane for 45 seconds. Records are taken and nothing is delivered.",
        Owner.OPERATOR,
        "Start the workers (wise-bridge worker). If they run, their log says why they cannot reach the database.",
    ),
    Kind.CONSERVATION_BROKEN: Guidance(
        "What was accepted is not the same as what is delivered, superseded, cancelled and open.",
        Owner.OPERATOR,
        "Keep the database as it is, and find the day and the record. Something was lost or made outside the service.",
    ),
    Kind.ENDPOINT_GIVEN_UP: Guidance(
        "One of the authority's webhook endpoints takes no messages, so the bridge has stopped telling it.",
        Owner.AUTHORITY_OFFICER,
        "wise-bridge webhooks list says why. Mend the endpoint and let it go on; what it missed is told then.",
    ),
    Kind.WAKEUPS_FAILING: Guidance(
        "Wake-ups do not reach the broker. Records are delivered all the same, a sweep later.",
        Owner.OPERATOR,
        "See whether the broker runs and the address and password in WISE_BROKER_URL are right.",
    ),
    Kind.CHANNEL_FAILING: Guidance(
        "A channel that alarms are told through has not taken one for more than five minutes.",
        Owner.OPERATOR,
        "Mend the webhook or mail server of the alarms. What it has not taken is told as soon as it works again.",
    ),
    Kind.SYNTHETIC_LATE: Guidance(
        "The made-up record that tries the whole way did not arrive in its time.",
        Owner.OPERATOR,
        "Treat it like a real one that is late: look at the authority's lane and at the record's own delivery.",
    ),
    Kind.MESSAGE_GIVEN_UP: Guidance(
        "One of the authority's webhook endpoints refused a message again and again; it is told the others only.",
        Owner.AUTHORITY_OFFICER,
        "wise-bridge webhooks list shows its answer. Mend the endpoint, then let it go on: it is told again.",
    ),
    Kind.FACT_REFUSED: Guidance(
        "A record was taken in and goes its way, but is counted nowhere: what was to be counted of it was refused.",
        Owner.OPERATOR,
        "The trail names the fields (fact_refused). Mend the bridge, then have the record sent again as a correction.",
    ),
    Kind.RELEASE_NOT_SENT: Guidance(
        "A file of a published release has been on its way to the central team for an hour, or needs a person.",
        Owner.OPERATOR,
        "wise-bridge release sendings says why. See that the courier runs, for this very address; then send it again.",
    ),
    Kind.AUDIT_NOT_SEALED: Guidance(
        "An entry of the audit trail has waited for more than five minutes to be sealed.",
        Owner.OPERATOR,
        "Start the keeper (wise-bridge keeper). If it runs, its log says why it cannot seal.",
    ),
    Kind.CHECKPOINT_NOT_SENT: Guidance(
        "Checkpoints of the audit trail do not get outside; a trail made anew since the last would not be seen.",
        Owner.OPERATOR,
        "Mend the folder or the address of the checkpoints. If it says chain, run wise-bridge audit verify.",
    ),
    Kind.SIGN_IN_FAILURES: Guidance(
        "More than 100 sign-ins or requests were refused within an hour, for what was presented with them.",
        Owner.OPERATOR,
        "The trail (sign_in_refused) and /metrics say why. A council that changed its key? Else revoke what is tried.",
    ),
    Kind.STALE_KEY: Guidance(
        "A process holds an old copy of the authority's key file. What is sent to it is refused, and nothing is lost.",
        Owner.OPERATOR,
        "Bring it the newest files of keys and restart every process of the kind named (docs/encryption.md).",
    ),
    Kind.PURGE_NOT_RUN: Guidance(
        "Bodies of the authority's records have not been purged for more than 24 hours, or never were.",
        Owner.OPERATOR,
        "Set WISE_PURGE_DATABASE_URL for the keeper and start it. If it runs, its log says why it cannot purge.",
    ),
}
"""Total over the kinds. Where the open items name another owner, that one comes first."""
