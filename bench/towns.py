"""Ten authorities behind one inbox, and their records: the configuration and the bodies of the same-job measurement."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from service.clock import LondonClock
from service.configuration import policy_of, profiles
from service.samples import Child, Setting, samples, usual_prefix
from service.settings import ROOT

KEY = "BENCH_API_KEY"
WISE = "wise_assessment"


def make_config(into: Path, port: int, *, documents: bool, in_flight: int) -> Path:
    """The project's own configuration with every authority on the inbox. Training is not asked for: none is kept."""
    read = YAML(typ="safe", pure=True).load
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(ROOT / "config", into)
    sample = read((into / "samples" / "rest_inbox.yaml").read_text("utf-8"))
    for file in sorted((into / "authorities").glob("*.yaml")):
        profile = read(file.read_text("utf-8"))
        changed = _on_the_inbox(sample, profile, port) | {
            "documents": {"in": "case_system" if documents else "none"},
            "delivery": {"in_flight": in_flight, "answer_within_minutes": 30, "quiet_seconds": 5, "poll_seconds": 5},
        }
        file.write_text(json.dumps(changed, indent=1), "utf-8")  # JSON is YAML
    shutil.rmtree(into / "authorities" / "common", ignore_errors=True)
    return into


def _on_the_inbox(sample: dict[str, Any], profile: dict[str, Any], port: int) -> dict[str, Any]:
    code = profile["authority"]
    target = {"scheme": "http", "host": "127.0.0.1", "port": port, "loopback_for_tests_only": True}
    return sample | {
        "authority": code,
        "name": profile["name"],
        "slug": profile["slug"],
        "in_use": True,
        "rules": {"training": "warn"},
        "connection": {"base_url": f"http://127.0.0.1:{port}/{code}", "api_key": f"env:{KEY}"},
        "egress": [target],
    }


def bodies(config: Path, count: int, *, after: int) -> Iterator[tuple[str, bytes]]:
    """(authority, record), the authorities in turn, each record about a young person of its own.

    `after`: how many came before in this run. Somebody who came before would not be a young person of its own: some
    authorities' references are so short that two seeds soon make the same one.
    """
    known = profiles(config)
    share, before = -(-count // len(known)), -(-after // len(known))
    each = [
        samples(_setting(profile, before, share), count=share, seed=after, record_type=WISE)
        for profile in known.values()
    ]
    made = (pair for turn in zip(*each, strict=True) for pair in zip(known, turn, strict=True))
    for code, record in islice(made, count):
        yield code, json.dumps(record, ensure_ascii=False).encode()


def _setting(profile: Any, before: int, count: int) -> Setting:
    policy = policy_of(profile)
    plain = Setting(policy=policy, prefix=usual_prefix(policy, profile.slug), today=LondonClock().today())
    children = tuple(Child(plain.child_id(0, number + 1)) for number in range(before, before + count))
    return replace(plain, children=children, first=plain.today - timedelta(days=14))
