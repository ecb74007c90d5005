"""What a refusal of the KMS means for whoever runs the bridge. Its own words are not repeated: they name the caller."""

from __future__ import annotations

from collections.abc import Mapping

AWAY = "The master key's KMS does not do what it is asked."
_DENIED = (
    "The master key's KMS does not let us. Look at the credentials and when they end, at the key's policy, and at this "
    "machine's clock."
)
_STATE = "The master key is not there, or cannot be used now. Look at its state in the KMS."
_OFTEN = "The master key's KMS is asked more often than it allows."

_WORDS: Mapping[str, tuple[str, ...]] = {
    _DENIED: (
        "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch",
        "ExpiredTokenException", "InvalidClientTokenId", "IncompleteSignatureException", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
    ),
    _STATE: (
        "NotFoundException", "DisabledException", "KMSInvalidStateException", "InvalidKeyUsageException",
        "KeyUnavailableException",
    ),
    _OFTEN: ("ThrottlingException", "LimitExceededException", "Throttling", "RequestLimitExceeded"),
}  # fmt: skip
_BY_TYPE = {kind: words for words, kinds in _WORDS.items() for kind in kinds}
_BY_STATUS: Mapping[int, str] = {401: _DENIED, 403: _DENIED, 429: _OFTEN}
"""Where there is no type we know: something before the KMS may refuse in words of its own."""


def why(status: int, kind: object) -> str:
    """A sentence of ours for the `__type` of an error: `AccessDeniedException`, or `com.amazonaws.kms#…` before it."""
    named = kind.rpartition("#")[2] if isinstance(kind, str) else ""
    return _BY_TYPE.get(named) or _BY_STATUS.get(status, AWAY)
