"""The profile's JSON Schema, its page, the questionnaire and the samples: all of them follow the declarations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from service.adapters.authority import AuthorityAdapter
from service.adapters.profiles import Profile, load_profile
from service.adapters.profiles.keys import FORMAT
from service.adapters.profiles.page import tables
from service.adapters.profiles.schema import ConnectorSchema
from service.adapters.registry import connector, document_schemas, document_sink, schemas
from service.commands.schema import schema as schema_command
from service.configuration import profile_schema
from tests.adapters.test_http_tls import CA

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
CONNECTORS, SINKS = schemas(), document_schemas()
PUBLISHED: dict[str, Any] = json.loads((CONFIG / "profile.schema.json").read_text("utf-8"))
SAMPLES = sorted((CONFIG / "samples").glob("*.yaml"))
PROFILES = [*sorted((CONFIG / "authorities").glob("*.yaml")), *SAMPLES]
SHARED = sorted((CONFIG / "authorities" / "common").glob("*.yaml"))
MODELINE = "# yaml-language-server: $schema=../profile.schema.json\n"


def name(path: Path) -> str:
    return path.name


def content(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def marks(found: Any, part: dict[str, Any] = PUBLISHED) -> list[str]:
    return [error.json_path for error in Draft202012Validator(part).iter_errors(found)]


# ---- for editors -----------------------------------------------------------------------------------------------------


def test_the_schema_is_what_the_generator_makes() -> None:
    """Else: `wise-bridge schema profile > config/profile.schema.json`."""
    Draft202012Validator.check_schema(PUBLISHED)
    assert profile_schema() == PUBLISHED
    printed = CliRunner().invoke(schema_command, ["profile"])
    assert printed.stdout_bytes == (CONFIG / "profile.schema.json").read_bytes()


@pytest.mark.parametrize("path", PROFILES, ids=name)
def test_an_editor_marks_nothing_in_what_is_shipped(path: Path) -> None:
    assert marks(content(path)) == []
    assert path.read_text("utf-8").startswith(MODELINE)


@pytest.mark.parametrize("path", SHARED, ids=name)
def test_an_editor_marks_nothing_in_what_is_shared(path: Path) -> None:
    assert marks(content(path), PUBLISHED["$defs"]["common"]) == []


@pytest.mark.parametrize("path", PROFILES, ids=name)
@pytest.mark.parametrize("place", ["connection", "review.task", "records.wise_assessment.target"])
def test_each_connectors_own_settings_are_known(path: Path, place: str) -> None:
    """A key nobody knows is marked in every section of every kind."""
    found = content(path)
    section = found
    for step in place.split("."):
        section = section.setdefault(step, {})
    section["nobody_knows"] = "x"
    assert f"$.{place}" in marks(found)


# ---- samples ---------------------------------------------------------------------------------------------------------


def credentials(profile: Profile) -> Iterator[tuple[str, str]]:
    """A value of the right form for every variable a sample names."""
    for setting, written in (*profile.connection.items(), *profile.documents.connection.items()):
        for variable in re.findall(r"env:(\w+)", written):
            yield variable, f"SHA256:{'a' * 43}" if setting == "host_keys" else "made-up"


def in_reach(profile: Profile, folder: Path) -> Profile:
    """The sample with its files, and what it has in a Vault, in a folder of the test."""
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    (folder / "key").write_text(key)
    (folder / "ca.pem").write_text(CA.pem)
    text = (CONFIG / profile.file).read_text("utf-8")
    text = re.sub(r"file:\S+-key", f"file:{folder}/key", text)
    text = re.sub(r"file:\S+\.pem", f"file:{folder}/ca.pem", text)
    text = re.sub(r"vault:\S+", "env:FROM_VAULT", text)
    copy = folder / Path(profile.file).name
    copy.write_text(text, "utf-8")
    return load_profile(CONFIG, copy, CONNECTORS, SINKS)


@pytest.mark.parametrize("path", SAMPLES, ids=name)
def test_a_sample_loads_and_its_connector_takes_it(path: Path, tmp_path: Path) -> None:
    profile = in_reach(load_profile(CONFIG, path, CONNECTORS, SINKS), tmp_path)
    beside = profile.documents.elsewhere
    made = AuthorityAdapter(
        profile,
        connector(profile.connector),
        dict(credentials(profile)),
        sink=document_sink(beside) if beside else None,
    )
    assert made.case_system.kind == profile.connector
    assert not profile.in_use
    assert profile.confirmed == {}


def test_there_is_a_sample_of_every_kind_that_no_authority_uses() -> None:
    used = {content(path)["connector"] for path in (CONFIG / "authorities").glob("*.yaml")}
    assert {content(path)["connector"] for path in SAMPLES} | used == set(CONNECTORS)
    assert {content(path).get("connection", {}).get("dialect") for path in SAMPLES} >= {"plain", "odata"}
    assert {content(path).get("documents", {}).get("in") for path in SAMPLES} >= {"generic_sftp"}


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_the_page_has_the_table_of_keys() -> None:
    """Else: `python -m tests.adapters.profile_page`."""
    assert tables(CONNECTORS, SINKS) in (ROOT / "docs" / "profiles.md").read_text("utf-8")


def asked_for() -> set[str]:
    """What the questionnaire's answers go into."""
    text = (ROOT / "docs" / "onboarding-questionnaire.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return {key for row in rows for key in re.findall(r"`([\w.<>\[\]*]+)`", row.rsplit("|", 2)[1])}


def own_keys() -> Iterator[str]:
    for place, keys in FORMAT.items():
        for key in keys:
            yield f"{place}.{key}".lstrip(".")


def connectors_keys() -> Iterator[str]:
    kinds: list[tuple[str, ConnectorSchema]] = [("", each) for each in CONNECTORS.values()]
    kinds += [("documents.", each) for each in SINKS.values()]
    for above, kind in kinds:
        for place, settings in (("connection", kind.connection), ("target", kind.target), ("task", kind.task)):
            yield from (f"{above}{place}.{setting}" for setting in settings)


def test_every_key_is_asked_for() -> None:
    asked = asked_for()
    wanted = set(own_keys()) | set(connectors_keys())
    covered = {key for key in wanted if key in asked or f"{key.rpartition('.')[0]}.*" in asked}
    assert sorted(wanted - covered) == []


def test_nothing_is_asked_for_that_no_profile_takes() -> None:
    wanted = set(own_keys()) | set(connectors_keys())
    sections = {f"{key.rpartition('.')[0]}.*" for key in wanted}
    assert sorted(asked_for() - wanted - sections) == []
