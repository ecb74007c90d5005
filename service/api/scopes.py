"""What a client may be allowed to do, and which kind of client may have which."""

HUB = "hub"
"""The authority of a client that is no council's: it may pull aggregates, or keep the training register."""

SCOPES = {
    "records:write": "post records for the client's authority",
    "records:read": "see where the authority's records stand",
    "holds:read": "see what may not be passed on yet",
    "holds:write": "say that somebody has looked and it may",
    "documents:read": "fetch the copies of a record that are meant for its readers",
    "reviews:read": "list the authority's reviews",
    "aggregates:read": "pull the Hub's anonymised aggregates",
    "training:read": "see the training register, an authority's own part or as the Hub the whole",
    "training:write": "register training there",
    "evaluation:read": "pull the words of those who agreed, for the authority's own evaluators",
    "supervision:read": "open reflective supervisions, for the authority's own supervision system",
    "packs:read": "read what is to be typed into the case system by hand, where it has no interface",
    "packs:confirm": "say that it was typed in, or why not",
    "deliveries:read": "see what is held and why, what officers ordered, and how the authority's lane stands",
    "deliveries:act": "hold, replay, cancel, supersede, mark as delivered; pause, stop and go on with the lane",
    "deliveries:approve": "say as a second officer that what was delivered may be looked up again",
    "deliveries:open": "read the words of a held record in a dry run",
    "webhooks:read": "see where the authority's systems are told of changes, and whether they hear it",
    "audit:read": "see who saw or touched a record",
}
HUB_SCOPES = ("aggregates:read",)
TRAINING_SCOPES = ("training:read", "training:write")
"""Given when asked for, to either kind of client: who sends records should not also vouch for who was trained, and who
reads counts has no business with what is kept of staff."""
OFFICER_SCOPES = ("deliveries:read", "deliveries:act", "deliveries:approve", "deliveries:open")
SEPARATE_SCOPES = (
    "evaluation:read",
    "supervision:read",
    "packs:read",
    "packs:confirm",
    "webhooks:read",
    "audit:read",
    *OFFICER_SCOPES,
)
"""Given when asked for, to an authority's client only: who sends records need not read what was said in confidence, and
must not be the one who says that they have arrived."""
AUTHORITY_SCOPES = tuple(scope for scope in SCOPES if scope not in (*HUB_SCOPES, *TRAINING_SCOPES, *SEPARATE_SCOPES))


def usual_scopes(authority: str) -> tuple[str, ...]:
    """What a client has when nobody asks for anything else."""
    return HUB_SCOPES if authority == HUB else AUTHORITY_SCOPES


def possible_scopes(authority: str) -> tuple[str, ...]:
    """What a client may have. A council's never reads aggregates; the Hub's never reads records."""
    separate = () if authority == HUB else SEPARATE_SCOPES
    return (*usual_scopes(authority), *TRAINING_SCOPES, *separate)
