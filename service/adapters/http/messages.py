"""What is asked and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, repr=False)
class Request:
    """One request. `writes` says whether it could change something there, not which method it uses.

    One kind of body: `json`; `content` as it is, with its own Content-Type among the `headers`; or `fields`, which are
    a form post alone and multipart together with `files`. `accepts` are the media types of an answer worth reading,
    up to `longest` bytes where it may be longer than `service.adapters.http.body.LIMIT`.
    """

    method: str
    path: str
    writes: bool
    params: Mapping[str, str] = field(default_factory=dict)
    json: object = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes, str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    accepts: tuple[str, ...] = ("application/json",)
    longest: int | None = None

    def __post_init__(self) -> None:
        bodies = (self.json is not None, self.content is not None, bool(self.fields or self.files))
        if sum(bodies) > 1:
            raise ValueError("A request has one kind of body.")


@dataclass(frozen=True, repr=False)
class Reply:
    """An answer, read as far as its request accepts it and within the limit.

    `data` is any JSON value, `body` the same when it is an object; `content` are the bytes of what is not JSON. All
    are None for an answer of another `kind` (its media type), one too long, or one that is not what it says.
    `complete`: the answer was read to its end. `headers`: only those of `service.adapters.http.body`, lower case.
    `cookies`: those it sets, for sign-ins.
    """

    status: int
    body: dict[str, Any] | None
    retry_after: int | None
    data: object = None
    content: bytes | None = None
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the answer could be used but its status and headers."""
        return self.data is None and self.content is None
