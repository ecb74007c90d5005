"""Whose trails there are: every authority's, and the Hub's clients'."""

from __future__ import annotations

from collections.abc import Iterable

from service import settings
from service.api.scopes import HUB
from service.commands.output import stop
from service.configuration import profiles
from service.domain.editions import read_authorities
from service.settings import Process


def known(given: Iterable[str] = ()) -> list[str]:
    """These, or all of them. Ends with exit code 2 for one that is not known."""
    every = {*read_authorities(), *profiles(settings.load(Process.OWNER).config_dir), HUB}
    wanted = list(given) or sorted(every)
    if strangers := [each for each in wanted if each not in every]:
        stop(f"There is no authority {', '.join(strangers)}.")
    return wanted
