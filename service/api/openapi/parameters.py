"""Parameters that several routes take."""

from __future__ import annotations

from service.api.openapi.operation import Parameter
from service.api.openapi.shapes import TEXT
from service.api.paging import LIMIT_MAX

CURSOR = Parameter("cursor", TEXT, "Where the last page ended. Follow `links.next`; don't make one.")
LIMIT = Parameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": 50}, "How many on one page."
)
PAGED = (CURSOR, LIMIT)
NEXT = 'The next page, as `rel="next"`; not there on the last.'
ETAG = "Differs whenever the content does."
SAVED_AS = "The name to save it under."
KNOWN = Parameter(
    "If-None-Match", TEXT, "The ETag of what the asker has; answered with 304 while it holds.", place="header"
)
