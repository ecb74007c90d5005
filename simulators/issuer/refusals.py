"""How an issuer refuses: to the client, by the browser's way back, or to the browser alone."""

from dataclasses import dataclass


@dataclass(eq=False)
class TokenRefusal(Exception):
    """An error of the token endpoint, RFC 6749, 5.2. `basic`: a header was tried, so that 401 names a scheme."""

    code: str
    message: str
    status: int = 400
    basic: bool = False


@dataclass(eq=False)
class SentBack(Exception):
    """An error that goes back to the client by redirect, RFC 6749, 4.1.2.1 and OpenID Connect Core, 3.1.2.6."""

    code: str
    message: str


@dataclass(eq=False)
class NotSentBack(Exception):
    """The client or its address is not registered: nobody is sent to where we do not know (RFC 6749, 4.1.2.1)."""

    message: str
