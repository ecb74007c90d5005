"""One authority after another, so that what one cannot do keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping


class SomeFailedError(Exception):
    """For these authorities it failed, each with its exception; for all others it is done. Says codes and no words."""

    def __init__(self, failed: Mapping[str, Exception]) -> None:
        self.failed = failed
        super().__init__(" ".join(failed))


def each_by_itself(authorities: Iterable[str], do: Callable[[str], int]) -> int:
    """How much was done for all of them together. Raises `SomeFailedError` once every authority has had its turn."""
    done, failed = 0, dict[str, Exception]()
    for authority in list(authorities):
        try:
            done += do(authority)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are owed their turn
            failed[authority] = error
    if failed:
        raise SomeFailedError(failed)
    return done
