"""Credentials for AWS from a file in AWS's own form, read each time, so that whoever renews it needs no restart here.

    [default]
    aws_access_key_id = …
    aws_secret_access_key = …
    aws_session_token = …         (of temporary ones)

Nothing else is asked: neither the environment, nor a home folder, nor a metadata service of the machine.
"""

from __future__ import annotations

from configparser import ConfigParser
from configparser import Error as NotInForm
from dataclasses import dataclass
from pathlib import Path

from service.errors import Unavailable

SECTION = "default"
LIMIT = 64 * 1024
"""Bytes of a file; AWS's session tokens have about a thousand."""


@dataclass(frozen=True, repr=False)
class AwsCredentials:
    """What requests are signed with. `token` is empty for lasting ones."""

    access_key: str
    secret_key: str
    token: str


def read_credentials(file: Path) -> AwsCredentials:
    """Raises `Unavailable`, which says nothing of what the file holds."""
    found = _read(file)
    if found is None:
        raise Unavailable(f"The credentials for the master key's KMS cannot be read from a section [{SECTION}].")
    if not all(map(_is_usable, (found.access_key, found.secret_key, found.token or "none"))):
        raise Unavailable("The credentials for the master key's KMS cannot be used.")
    return found


def _read(file: Path) -> AwsCredentials | None:
    """None rather than an exception: a parser's carries the lines it stumbled over."""
    parser = ConfigParser(interpolation=None)
    try:
        with file.open(encoding="ascii") as lines:
            parser.read_string(lines.read(LIMIT))
        section = parser[SECTION]
        key, secret = section["aws_access_key_id"], section["aws_secret_access_key"]
        return AwsCredentials(key, secret, section.get("aws_session_token", ""))
    except (OSError, ValueError, KeyError, NotInForm):
        return None


def _is_usable(text: str) -> bool:
    """What can stand in a header."""
    return bool(text) and text.isprintable() and " " not in text
