"""The connection settings, read once: every fault at start-up, together, and never with a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.adapters.generic_sftp.schema import ANSWERS, LACKING, MANIFESTS
from service.adapters.sftp import Endpoint, read_endpoint
from service.adapters.shared.exchange import Layout
from service.adapters.shared.link import Link
from service.errors import ConfigFault, ConfigurationFault
from service.ports import Ability

_FOLDER = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_CHOICES = {"manifest": MANIFESTS, "answers": ANSWERS}
USUAL = {"in_folder": "in", "archive_folder": "archive", "out_folder": "out", "collected_folder": "out/collected"}


def open_endpoint(link: Link, where: str, folders: Sequence[str], choices: Sequence[str] = ()) -> Endpoint:
    """The server. Faults of the folders' names and of the choices are told with its own."""
    faults = [*_folder_faults(link.connection, folders, where), *_choice_faults(link.connection, choices, where)]
    faults += _lacking_faults(link.connection, where)
    try:
        endpoint = read_endpoint(link.connection, where=where, egress=link.egress)
    except ConfigurationFault as fault:
        raise ConfigurationFault([*fault.faults, *faults]) from None
    if faults:
        raise ConfigurationFault(faults)
    return endpoint


def folder(connection: Mapping[str, str], name: str) -> str:
    """The folder of this setting, or the usual one."""
    return connection.get(name) or USUAL[name]


def layout(connection: Mapping[str, str]) -> Layout:
    """The four folders of an exchange."""
    return Layout(*(folder(connection, name) for name in USUAL))


def abilities(connection: Mapping[str, str]) -> frozenset[Ability]:
    """All but asking who somebody is, less what the importer there lacks."""
    return frozenset(Ability) - {Ability.ASKS_WHO} - {Ability(word) for word in _lacking(connection)}


def _lacking(connection: Mapping[str, str]) -> list[str]:
    return [word.strip() for word in connection.get("lacks", "").split(",") if word.strip()]


def _folder_faults(connection: Mapping[str, str], names: Sequence[str], where: str) -> list[ConfigFault]:
    fix = "Write names of letters, digits, _ and -, joined by /, without one at the beginning."
    faults = [
        ConfigFault(where, None, name, "Not the name of a folder.", fix)
        for name in names
        if not _FOLDER.fullmatch(folder(connection, name))
    ]
    if len({folder(connection, name) for name in names}) == len(names):
        return faults
    return [*faults, ConfigFault(where, None, names[0], "Two folders have one name.", "Give each a name of its own.")]


def _choice_faults(connection: Mapping[str, str], names: Sequence[str], where: str) -> list[ConfigFault]:
    return [
        ConfigFault(where, None, name, "Not a format of this exchange.", f"Write one of {', '.join(_CHOICES[name])}.")
        for name in names
        if connection.get(name) not in _CHOICES[name]
    ]


def _lacking_faults(connection: Mapping[str, str], where: str) -> list[ConfigFault]:
    if set(_lacking(connection)) <= set(LACKING):
        return []
    fix = f"Write some of {', '.join(LACKING)}, or leave it out."
    return [ConfigFault(where, None, "lacks", "Not something an importer can be without.", fix)]
