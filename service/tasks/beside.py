"""Work beside the lanes, in threads of its own: telling senders must wait for nobody, and nobody for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from service.tasks.failures import say_failed


def beside(do: Callable[[], object]) -> None:
    """Begins it and returns. It ends with the process, wherever it is; whoever asked for it must be able to bear that.

    A failure is logged as class and places.
    """
    threading.Thread(target=_guarded, args=(do,), name="beside", daemon=True).start()


def _guarded(do: Callable[[], object]) -> None:
    try:
        do()
    except Exception as error:  # noqa: BLE001 - an exception's own words may hold an address
        say_failed("beside", error)
