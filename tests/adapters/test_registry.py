"""A folder of `service/adapters/` that is no whole connector says what is missing, and where."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from service.adapters.registry import METHODS, connector, schemas
from service.errors import ConfigurationFault
from service.settings import ROOT

SCHEMA = """from service.adapters.profiles.schema import ConnectorSchema
SCHEMA = ConnectorSchema(kind="brand_new", connection={}, target={}, task={})
"""
ASK = """from service.adapters import registry
from service.errors import ConfigurationFault
try:
    print(sorted(registry.schemas()), registry.connector("brand_new"))
except ConfigurationFault as fault:
    print(fault)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in ("service", "config"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def said(project: Path, **modules: str) -> str:
    """What the registry says of a folder `brand_new` that holds these modules."""
    folder = project / "service" / "adapters" / "brand_new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    command = [sys.executable, "-B", "-c", ASK]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


PLACE = "service/adapters/brand_new"
NO_SCHEMA = f"{PLACE}/schema.py: SCHEMA: There is none, or it is no ConnectorSchema."
WHOLE = "\n".join(f"    {name} = None" for name in METHODS)


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ({"schema": SCHEMA}, f"{PLACE}/__init__.py: the folder: It has no such file."),
        ({"__init__": "", "schema": ""}, NO_SCHEMA),
        ({"__init__": "", "schema": "SCHEMA = {}"}, NO_SCHEMA),
        ({"__init__": "", "schema": SCHEMA.replace("brand_new", "lcs")}, f"{PLACE}/schema.py: SCHEMA.kind: It is not"),
        ({"__init__": "", "schema": SCHEMA}, f"{PLACE}/system.py: CONNECTOR: There is no such file."),
        ({"__init__": "", "schema": SCHEMA, "system": ""}, f"{PLACE}/system.py: CONNECTOR: There is none in it."),
        (
            {"__init__": "", "schema": SCHEMA, "system": f"class New:\n{WHOLE}\n    del retract\nCONNECTOR = New"},
            f"{PLACE}/system.py: CONNECTOR: Without retract. Add",
        ),
        ({"__init__": "", "schema": SCHEMA, "system": "import no_such_library"}, "No module named 'no_such_library'"),
        (
            {"__init__": "", "schema": SCHEMA, "system": f"class New:\n{WHOLE}\nCONNECTOR = New"},
            "['brand_new', 'caredirector',",
        ),
    ],
)
def test_a_folder_that_is_no_whole_connector_says_why(project: Path, modules: dict[str, str], words: str) -> None:
    assert words in said(project, **modules)


@pytest.mark.parametrize("kind", sorted(schemas()))
def test_every_kind_is_a_whole_connector(kind: str) -> None:
    assert connector(kind)


def test_a_folder_without_a_connector_is_no_kind() -> None:
    with pytest.raises(
        ConfigurationFault, match=r"service/adapters/shared/system\.py: CONNECTOR: There is no such file"
    ):
        connector("shared")


def test_nobody_may_name_any_kind() -> None:
    """The layers are exhaustive, so a kind that is left out of them is told; this list is not."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (protected,) = (each for each in contracts if "nobody names a connector" in each["name"])
    assert {f"service.adapters.{kind}" for kind in schemas()} <= set(protected["protected_modules"])
