"""No picture of this process's memory on a disk: it holds words of records, keys and credentials in clear."""

from __future__ import annotations

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def forbid_dumps() -> None:
    """Before anything secret is read. What is forked has it too; what is begun by exec keeps only the limit.

    The limit stops files. Where the kernel hands dumps to a program, it asks whether the process may be dumped at all;
    one that may not cannot be read by a debugger of the same user either. Elsewhere than on Linux the limit is all.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
