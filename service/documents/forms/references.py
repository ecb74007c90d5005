"""The reference of one paper copy. It becomes the `submission_id` of the record that is typed in from it."""

from __future__ import annotations

import base64
import os

PREFIX = "PF-"
GROUP = 4


def paper_reference() -> str:
    """`PF-` and sixteen random characters of the alphabet of all our references, in groups: `PF-K7QM-…`.

    80 bits: nobody meets one twice, and it says nothing. The groups are part of it, so that what is read from the
    paper and what is typed are the same. The alphabet has no 0, 1, 8 or 9.
    """
    letters = base64.b32encode(os.urandom(10)).decode()
    return PREFIX + "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
