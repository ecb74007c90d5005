"""What can be known of an authority's way in before the first record: what is ok, what is wrong, what was not asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.adapters.profiles import Profile
from service.configuration import profile as load
from service.configuration import profiles
from service.domain import words
from service.domain.codes import RECORD_TYPES
from service.errors import ConfigFault, ConfigurationFault, DeliveryProblem
from service.officer import able
from service.officer.confirming import NUMBER, TO_BE_CONFIRMED, doubtful, unfinished
from service.officer.connecting import Credential, case_system, credentials
from service.officer.targets import targets
from service.ports import CaseSystem, Finding, Standing

_LINK = "link"


@dataclass(frozen=True)
class Look:
    """One thing looked at: which part it belongs to, how it stands, and what to do. Holds no value of a setting."""

    part: str
    what: str
    standing: Standing
    detail: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Checked:
    """One profile with all that was looked at. `name` is the file's where the profile does not load."""

    name: str
    file: str
    looks: tuple[Look, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong. What could not be asked is not wrong."""
        return all(look.standing is not Standing.WRONG for look in self.looks)


def check_file(config: Path, file: Path, environ: Mapping[str, str], *, offline: bool) -> Checked:
    """One profile, wherever it lies."""
    try:
        profile = load(config, file)
    except ConfigurationFault as fault:
        return Checked(file.stem, str(file), tuple(_unloaded(fault.faults)))
    return Checked(profile.name, profile.file, tuple(_looks(profile, environ, offline=offline)))


def check_folder(config: Path) -> Checked:
    """What no file can know alone: that each authority and name is there once."""
    try:
        count = len(profiles(config))
    except ConfigurationFault as fault:
        return Checked("all together", str(config), tuple(map(_fault, fault.faults)))
    look = Look("profile", f"{count} profiles, one for each authority", Standing.GOOD)
    return Checked("all together", str(config), (look,))


def _unloaded(faults: Sequence[ConfigFault]) -> Iterator[Look]:
    yield from map(_fault, faults)
    yield Look(_LINK, "everything else", Standing.NOT_ASKED, "The profile has to load first.")


def _fault(fault: ConfigFault) -> Look:
    where = ":".join(str(part) for part in (fault.file, fault.line, fault.column) if part is not None)
    what = f"{fault.field}\n{where}" if fault.field else where
    return Look("profile", what, Standing.WRONG, fault.detail, fault.fix)


def _looks(profile: Profile, environ: Mapping[str, str], *, offline: bool) -> Iterator[Look]:
    found = list(credentials(profile, environ, offline=offline))
    yield from _profile(profile)
    yield from _forms(profile)
    yield from _credentials(found)
    yield from _targets(profile, found)
    yield from _link(profile, found, environ, offline=offline)


def _profile(profile: Profile) -> Iterator[Look]:
    used = "in use" if profile.in_use else "not in use: its records are not taken yet"
    yield Look("profile", "profile, mappings and forms load", Standing.GOOD, f"{profile.connector}; {used}")
    if keys := unfinished(profile):
        fix = "Ask, and write them there."
        yield Look("profile", f"still '{TO_BE_CONFIRMED}'", Standing.WRONG, "\n".join(keys), fix)
    if keys := doubtful(profile):
        detail = "\n".join((*keys, f"A new profile begins with {NUMBER}."))
        yield Look("profile", f"still {NUMBER}", Standing.NOT_ASKED, detail, "Ask, and write them there.")
    if profile.to_confirm:
        count = len(profile.to_confirm)
        detail = f"{count} {'value is' if count == 1 else 'values are'} assumed: {_some(profile.to_confirm)}."
        fix = "Ask, then name each under 'confirmed' with who says so."
        yield Look("profile", "confirmed by the authority", Standing.NOT_ASKED, detail, fix)


def _some(keys: Sequence[str], shown: int = 3) -> str:
    more = f" and {len(keys) - shown} more" if len(keys) > shown else ""
    return ", ".join(keys[:shown]) + more


def _forms(profile: Profile) -> Iterator[Look]:
    for kind, record in profile.records.items():
        mapping, what = record.mapping, f"form of {words.words(RECORD_TYPES, kind)}"
        if mapping.form is not None:
            detail = (
                f"{len(mapping.rows)} rows fit {mapping.form.file}. Whether your form is that one is not known here."
            )
            yield Look("forms", what, Standing.GOOD, detail)
        elif mapping.form_name:
            detail = f"{mapping.name} names {mapping.form_name}, and there is no folder config/forms."
            yield Look("forms", what, Standing.NOT_ASKED, detail, "Add the folder with the form.")
        else:
            detail = f"{mapping.name} names no form, so lengths, lists and types were not checked."
            yield Look("forms", what, Standing.NOT_ASKED, detail, "Describe the form; name it at 'form:'.")


def _credentials(found: Sequence[Credential]) -> Iterator[Look]:
    for each in found:
        if each.value is not None and each.written:
            yield Look("credentials", each.key, Standing.GOOD, f"{each.written} is there")
        elif each.value is None:
            standing = Standing.WRONG if each.asked else Standing.NOT_ASKED
            yield Look("credentials", each.key, standing, each.detail, each.fix)


def _targets(profile: Profile, found: Sequence[Credential]) -> Iterator[Look]:
    if profile.egress is None:
        detail = "No rules: only the connection's own address, and only where that is a public one."
        yield Look("connections", "where they may go", Standing.GOOD, detail)
        return
    rules = [f"{rule.scheme}://{rule.host}:{rule.port}" for rule in profile.egress.rules]
    yield Look("connections", "where they may go", Standing.GOOD, ", ".join(rules))
    for target in targets({each.key: each.value for each in found if each.value is not None}):
        if target.is_allowed(profile.egress):
            yield Look("connections", target.key, Standing.GOOD, "is among the rules")
        else:
            yield Look("connections", target.key, Standing.WRONG, "No rule allows this address.", "Add it to 'egress'.")


def _link(
    profile: Profile, found: Sequence[Credential], environ: Mapping[str, str], *, offline: bool
) -> Iterator[Look]:
    if waiting := [each.key for each in found if each.value is None]:
        yield Look(_LINK, "settings, sign-in, codes", Standing.NOT_ASKED, f"{_some(waiting)}: needed first.")
        return
    try:
        system = case_system(profile, environ)
    except ImportError:
        detail = f"The connector {profile.connector} cannot be loaded on this machine."
        yield Look(_LINK, "connector", Standing.WRONG, detail, "Tell whoever runs the bridge.")
    except ConfigurationFault as fault:
        yield from (Look(_LINK, each.field, Standing.WRONG, each.detail, each.fix) for each in fault.faults)
    else:
        yield from _connector(profile, system, offline=offline)


def _connector(profile: Profile, system: CaseSystem, *, offline: bool) -> Iterator[Look]:
    yield Look(_LINK, "settings of the connection", Standing.GOOD, f"{system.kind}, connector version {system.version}")
    for lacks in able.missing(system.abilities):
        yield Look(_LINK, f"not here: {able.CAN[lacks]}", Standing.GOOD, f"So {able.WITHOUT[lacks]}.")
    if profile.documents.elsewhere:
        detail = "A document system beside the case system has no check of its own."
        yield Look(_LINK, "document system", Standing.NOT_ASKED, detail, "File a first record, and look there.")
    if offline:
        yield Look(_LINK, "sign-in, forms and codes", Standing.NOT_ASKED, "Left out by --offline.", "Check without it.")
        return
    try:
        findings = system.check()
    except DeliveryProblem as problem:
        findings = (Finding("the check itself", Standing.WRONG, problem.reason.value),)
    yield from (Look(_LINK, each.what, each.standing, each.detail) for each in findings)
