"""What a client may be allowed to do, and which kind of client may have which."""

HUB = "hub"
"""The authority of a client that is no council's: it may only pull aggregates."""

SCOPES = {
    "records:write": "post records for the client's authority",
    "records:read": "see where the authority's records stand",
    "reviews:read": "list the authority's reviews",
    "aggregates:read": "pull the Hub's anonymised aggregates",
}
HUB_SCOPES = ("aggregates:read",)
AUTHORITY_SCOPES = tuple(scope for scope in SCOPES if scope not in HUB_SCOPES)
