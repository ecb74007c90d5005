"""The configuration of a fault run: the project's own, with every authority on REST behind its own route."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CONFIG = Path(__file__).parents[2] / "config"
KEY_VARIABLE = "FAULTS_API_KEY"


@dataclass(frozen=True)
class Town:
    """An authority, and the proxy's route to its case system."""

    code: str
    slug: str
    route: int
    port: int = 0
    scheme: str = "http"

    @property
    def base_url(self) -> str:
        """Where its profile says the case system is: the proxy."""
        return f"{self.scheme}://127.0.0.1:{self.port}/{self.code}/api"


@dataclass(frozen=True)
class Pace:
    """What the profiles say of patience. `documents`: whether each record's PDF is filed, which costs most."""

    in_flight: int = 4
    quiet_seconds: int = 1
    poll_seconds: int = 1
    documents: bool = False


def read_towns(count: int) -> list[Town]:
    """The first authorities of the project's configuration, in the order of their slugs. The last one's way is TLS."""
    yaml = YAML(typ="safe", pure=True)
    files = sorted((CONFIG / "authorities").glob("*.yaml"))[:count]
    profiles = [yaml.load(file.read_text(encoding="utf-8")) for file in files]
    schemes = ["http"] * (count - 1) + ["https"]
    return [
        Town(each["authority"], each["slug"], route, scheme=scheme)
        for route, (each, scheme) in enumerate(zip(profiles, schemes, strict=True))
    ]


def make_config(into: Path, towns: list[Town], pace: Pace, certificate: Path) -> Path:
    """A whole configuration folder in which there are these authorities and no others."""
    shutil.copytree(CONFIG, into)
    shutil.rmtree(into / "authorities")
    (into / "authorities").mkdir()
    sample = YAML(typ="safe", pure=True).load((CONFIG / "samples" / "generic_rest.yaml").read_text(encoding="utf-8"))
    for town in towns:
        profile = _profile(sample, town, pace, certificate)
        text = json.dumps(profile, indent=1)  # JSON is YAML
        (into / "authorities" / f"{town.slug}.yaml").write_text(text, encoding="utf-8")
    return into


def with_ports(towns: list[Town], ports: list[int]) -> list[Town]:
    """The same, with the ports the proxy took."""
    return [replace(town, port=ports[town.route]) for town in towns]


def _profile(sample: dict[str, Any], town: Town, pace: Pace, certificate: Path) -> dict[str, Any]:
    connection = {"base_url": town.base_url, "dialect": "plain", "sign_in": "api_key", "api_key": f"env:{KEY_VARIABLE}"}
    if town.scheme == "https":
        connection["ca_bundle"] = f"file:{certificate}"
    target = {"scheme": town.scheme, "host": "127.0.0.1", "port": town.port, "loopback_for_tests_only": True}
    return sample | {
        "authority": town.code,
        "name": town.slug.title(),
        "slug": town.slug,
        "in_use": True,
        "rules": {"training": "warn"},
        "connection": connection,
        "egress": [target],
        "documents": {"in": "case_system" if pace.documents else "none"},
        "delivery": {
            "in_flight": pace.in_flight,
            "answer_within_minutes": 30,
            "quiet_seconds": pace.quiet_seconds,
            "poll_seconds": pace.poll_seconds,
        },
    }
