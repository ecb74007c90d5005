"""Reading `config/authorities/*.yaml`: every fault of every file at once, and no credential looked up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from service.adapters.mapping import Files
from service.adapters.profiles.layers import FOLDER
from service.adapters.profiles.model import Profile
from service.adapters.profiles.reading import Known, read_profile
from service.adapters.profiles.records import Mappings
from service.adapters.profiles.schema import ConnectorSchema
from service.errors import ConfigFault, ConfigurationFault


def load_profiles(
    config_dir: Path,
    connectors: Mapping[str, ConnectorSchema],
    sinks: Mapping[str, ConnectorSchema] | None = None,
    *,
    folder: str = FOLDER,
) -> Mapping[str, Profile]:
    """Every authority's profile by GSS code. Raises `ConfigurationFault`; files are named from `config_dir` on."""
    files = Files(config_dir)
    known = Known(Mappings(files), connectors, sinks or {})
    profiles: dict[str, Profile] = {}
    for name in _names(files, folder):
        profile = read_profile(name, known, taken={code: each.file for code, each in profiles.items()})
        if profile is not None:
            profiles.setdefault(profile.authority, profile)
    _require_none(files)
    return profiles


def load_profile(
    config_dir: Path,
    file: Path,
    connectors: Mapping[str, ConnectorSchema],
    sinks: Mapping[str, ConnectorSchema] | None = None,
) -> Profile:
    """The profile of one file, wherever it lies, with mappings from `config_dir`. Raises `ConfigurationFault`."""
    files, root, path = Files(config_dir), config_dir.resolve(), file.resolve()
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    profile = read_profile(name, Known(Mappings(files), connectors, sinks or {}), taken={})
    _require_none(files)
    if profile is None:
        raise AssertionError
    return profile


def _require_none(files: Files) -> None:
    """In the order of the files' lines, and each once, however many profiles share the file."""
    if files.faults:
        faults = dict.fromkeys(files.faults)
        raise ConfigurationFault(sorted(faults, key=lambda each: (each.file, each.line or 0, each.column or 0)))


def _names(files: Files, where: str) -> list[str]:
    """The profile files. A `.yml` would be an authority that nobody notices is missing."""
    folder = files.root / where
    for stray in sorted(folder.glob("*.yml")):
        files.faults.append(ConfigFault(f"{where}/{stray.name}", None, "", "This is not read.", "Name it .yaml."))
    names = [f"{where}/{path.name}" for path in sorted(folder.glob("*.yaml"))]
    if not names:
        files.faults.append(ConfigFault(where, None, "", "There is no profile here.", "Add one file per authority."))
    return names
