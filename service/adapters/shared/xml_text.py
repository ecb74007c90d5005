"""Which words XML can carry."""

from __future__ import annotations

import re

from service.domain.delivery import Reason
from service.errors import NeedsHuman

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything outside `Char` of XML 1.0; half characters among it."""


def legal_in_xml(text: str) -> str:
    """The text, unchanged. A character XML has no way to write stops the delivery.

    Dropping one would change a young person's words unseen.
    """
    if _ILLEGAL.search(text):
        raise NeedsHuman(Reason.CONTENT_REFUSED, "character_not_allowed_in_xml")
    return text
