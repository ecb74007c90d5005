"""Which authority or profile is meant by a word: an ONS code, a short name, a name, or a file wherever it lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from service.adapters.mapping import Files
from service.adapters.mapping.yamlfile import Entry
from service.adapters.profiles import Profile
from service.adapters.profiles.layers import FOLDER
from service.configuration import profile
from service.domain.editions import read_authorities
from service.officer.errors import CannotRun

_NEAR = 0.5


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Up to three known words like this one, without looking at capitals."""
    spelt = {each.casefold(): each for each in known}
    return [spelt[each] for each in get_close_matches(word.casefold(), list(spelt), n=3, cutoff=_NEAR)]


def authority_of(word: str) -> tuple[str, str]:
    """ONS code and name from the list of authorities. Raises `CannotRun` with the nearest names."""
    names = read_authorities()
    found = [(code, name) for code, name in names.items() if word.casefold() in (code.casefold(), name.casefold())]
    if found:
        return found[0]
    near = nearest(word, names.values())
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(names.values())}."
    raise CannotRun(f"There is no authority '{word}' in config/codes/authorities.toml. {hint}")


def load_meant(config: Path, word: str) -> Profile:
    """The profile of an authority or of a file. Raises `CannotRun` or, with all its faults, `ConfigurationFault`."""
    return profile(config, file_meant(config, word))


def load_of_record(config: Path, authority: object) -> Profile:
    """The profile of the authority that a record names. What a record says is never taken for a file's name."""
    for file, names in _names(config):
        if names[1:2] == [authority]:
            return profile(config, file)
    raise CannotRun("There is no profile for the authority this record names. Try one with --authority.")


def load_of_authority(config: Path, word: str) -> Profile:
    """The profile of an authority by code, short name or name. Raises as `load_meant` does."""
    return profile(config, _of_authority(config, word))


def file_meant(config: Path, word: str) -> Path:
    """The profile's file. Other authorities' files may be faulty: only names are read here."""
    path = Path(word)
    if path.is_file():
        return path
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        raise CannotRun(f"There is no file {word}.")
    return _of_authority(config, word)


def _of_authority(config: Path, word: str) -> Path:
    known = dict(_names(config))
    for file, names in known.items():
        if word.casefold() in map(str.casefold, names):
            return file
    near = nearest(word, [name for names in known.values() for name in names])
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There is one for: {_listed(known)}."
    raise CannotRun(f"There is no profile for '{word}' in {config}/{FOLDER}. {hint}")


def profile_files(config: Path) -> list[Path]:
    """Every profile of the folder. Raises `CannotRun` where there is none."""
    found = sorted((config / FOLDER).glob("*.yaml"))
    if not found:
        raise CannotRun(f"There is no profile in {config}/{FOLDER}. Name another folder with --config.")
    return found


def _names(config: Path) -> Iterator[tuple[Path, list[str]]]:
    files = Files(config)
    for file in profile_files(config):
        entry = files.read(f"{FOLDER}/{file.name}")
        said = [_said(entry, key) for key in ("authority", "name")] if entry else []
        yield file, [file.stem, *(each for each in said if each)]


def _said(entry: Entry, key: str) -> str:
    """A plain value of the file, unjudged."""
    pairs = entry.node.value if entry.node else []
    return next((str(value.value) for name, value in pairs if name.value == key), "")


def _listed(known: Mapping[Path, list[str]]) -> str:
    return ", ".join(names[-1] for names in known.values())
