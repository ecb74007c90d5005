"""A bridge whose one authority has its records typed in by hand."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from service.store.casework import CaseworkStore
from service.usecases.deliver import Deliverer
from tests.support.bridge import Bridge
from tests.support.config import CONFIG, impatient_config


def config_by_hand(into: Path) -> Path:
    """The shipped configuration with Stockport alone, connected as the sample says."""
    impatient_config(into)
    for file in (into / "authorities").glob("*.yaml"):
        file.unlink()
    text = (CONFIG / "samples" / "manual_pack.yaml").read_text("utf-8")
    for key, value in (("authority", "E08000007"), ("slug", "stockport"), ("in_use", "true"), ("poll_seconds", "1")):
        text, count = re.subn(rf"(?m)^(\s*){key}: \S+", rf"\g<1>{key}: {value}", text)
        assert count == 1, key
    text, count = re.subn(r"(?m)^    templates: .*\n", "", text)  # any edition of the form
    assert count == 3
    (into / "authorities" / "stockport.yaml").write_text(text, "utf-8")
    return into


def config_of_all(into: Path) -> Path:
    """Stockport types in by hand. The others are as they are shipped, but connected to nothing."""
    config_by_hand(into)
    for file in (CONFIG / "authorities").glob("*.yaml"):
        if file.name != "stockport.yaml":
            text = re.sub(r"(?m)^in_use: true", "in_use: false", file.read_text("utf-8"))
            (into / "authorities" / file.name).write_text(text, "utf-8")
    return into


class BridgeByHand(Bridge):
    """With one worker that is kept: each has connections of its own."""

    @cached_property
    def work_store(self) -> CaseworkStore:
        return self.store()

    @cached_property
    def worker(self) -> Deliverer:
        """It needs no credential of a case system."""
        return self.deliverer({})
