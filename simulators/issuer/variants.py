"""What the issuer can do wrong, by name. Each is set like a fault of the other simulators: how often, and where."""

DISCOVERY = {
    "discovery_other_issuer": "names another issuer than the one it was asked of",
    "discovery_issuer_template": "names `{tenantid}` for the tenant, as Entra ID's common endpoint does",
    "discovery_http": "announces every endpoint without TLS",
    "discovery_jwks_elsewhere": "announces keys on another host, where the right ones are",
    "discovery_token_elsewhere": "announces the token endpoint on another host, which would learn secrets",
    "discovery_without_jwks": "announces no keys",
}
JWKS = {
    "keys_swapped": "each key stands under the name of the other of its kind",
    "keys_none": "an empty list",
    "keys_doubled": "a second, wrong key stands first under the same name",
}
AUTHORIZE = {
    "error_access_denied": "sends back access_denied",
    "error_server_error": "sends back server_error",
    "error_temporarily_unavailable": "sends back temporarily_unavailable",
    "state_changed": "sends another state back",
    "state_missing": "sends no state back",
    "response_iss_other": "names another issuer beside the code (RFC 9207)",
    "response_iss_missing": "names no issuer beside the code, though it says it does",
    "code_of_other_client": "hands out a code that was made for another client",
}
TOKEN = {
    "id_token_missing": "answers without an ID token",
    "token_refused": "answers invalid_grant to a good code",
}
CLAIMS = {
    "iss_other": "another issuer",
    "iss_missing": "no issuer",
    "aud_other": "for another client",
    "aud_many": "for this client and another, without azp",
    "azp_other": "for both, and another client is the authorised party",
    "sub_missing": "about nobody",
    "sub_number": "about a number, where a text belongs",
    "nonce_other": "another nonce",
    "nonce_missing": "no nonce, though one was sent",
    "tid_other": "of another tenant",
    "tid_missing": "of no tenant",
    "exp_past": "ended an hour ago",
    "exp_missing": "never ends",
    "exp_text": "ends at a time written as text",
    "iat_future": "made in an hour's time",
    "iat_old": "made yesterday, and still good",
    "iat_missing": "made at no time",
    "nbf_future": "good in an hour's time",
    "auth_time_old": "signed in a day ago, whatever was asked",
    "auth_time_missing": "signed in at no time",
    "amr_missing": "says nothing of how somebody signed in",
    "at_hash_other": "goes with another access token",
    "groups_overage": "too many groups to be told, as Entra ID does above two hundred",
    "nonce_added": "a logout token with a nonce, which none may have",
    "events_missing": "a logout token without its event",
    "subject_missing": "a logout token with neither sub nor sid",
}
SIGNATURE = {
    "alg_none": "not signed, and says so",
    "alg_hs256": "signed by HMAC with the public key as its secret",
    "kid_unknown": "signed with a key that is not published, under its own name",
    "kid_missing": "names no key",
    "key_other": "signed with a key that is not published, under the name of one that is",
    "signature_changed": "one bit of the signature is changed",
    "signature_missing": "the signature is left out",
    "claims_changed": "the claims were changed after signing",
}
USERINFO = {"userinfo_other_sub": "tells of somebody else"}
ANSWERS = {
    "slow": "answers after `slow_seconds`",
    "cut": "announces more than it sends, and hangs up",
    "huge_50mb": "fifty megabytes of JSON",
}
"""Beside those of `simulators.kit.faults`: drip, hang, reset, redirect, login_page (HTML), garbage, huge, …"""

ALL = DISCOVERY | JWKS | AUTHORIZE | TOKEN | CLAIMS | SIGNATURE | USERINFO | ANSWERS
ID_TOKEN, LOGOUT_TOKEN = "/id-token", "/logout-token"
"""Where a variant of a token may be set, as `on`; without it, the next token of either kind meets it."""
