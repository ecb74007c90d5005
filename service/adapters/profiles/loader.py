"""Reading `config/authorities/*.yaml`: every fault of every file at once, and no credential looked up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from service.adapters.mapping import Files
from service.adapters.profiles.model import Profile
from service.adapters.profiles.reading import read_profile
from service.adapters.profiles.schema import ConnectorSchema
from service.errors import ConfigFault, ConfigurationFault

FOLDER = "authorities"


def load_profiles(config_dir: Path, connectors: Mapping[str, ConnectorSchema]) -> Mapping[str, Profile]:
    """Every authority's profile by GSS code. Raises `ConfigurationFault`; files are named from `config_dir` on."""
    files = Files(config_dir)
    profiles: dict[str, Profile] = {}
    for name in _names(files):
        profile = read_profile(files, name, connectors, taken={code: each.file for code, each in profiles.items()})
        if profile is not None:
            profiles.setdefault(profile.authority, profile)
    if files.faults:
        raise ConfigurationFault(list(dict.fromkeys(files.faults)))
    return profiles


def _names(files: Files) -> list[str]:
    """The profile files. A `.yml` would be an authority that nobody notices is missing."""
    folder = files.root / FOLDER
    for stray in sorted(folder.glob("*.yml")):
        files.faults.append(ConfigFault(f"{FOLDER}/{stray.name}", None, "", "This is not read.", "Name it .yaml."))
    names = [f"{FOLDER}/{path.name}" for path in sorted(folder.glob("*.yaml"))]
    if not names:
        files.faults.append(ConfigFault(FOLDER, None, "", "There is no profile here.", "Add one file per authority."))
    return names
