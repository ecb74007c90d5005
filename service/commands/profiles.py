"""`wise-bridge profiles`: versions of an authority's profile, from a draft to live, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from service import settings
from service.commands.adapter.showing import config_option, json_option, table, told
from service.commands.adapter.showing import console as screen
from service.commands.output import as_json
from service.errors import NotPossible
from service.live import bundle_of, unpack
from service.officer.checking import check_file
from service.officer.connecting import environment
from service.ports import Finding
from service.ports.profile_versions import ProfileVersion
from service.settings import Process
from service.store.engine import short_lived_engine
from service.store.profile_versions import ProfileVersionRows
from service.usecases.profile_versions import VersionDesk

by_option = click.option("--by", required=True, help="Who does this: a staff reference.")
authority_argument = click.argument("authority")
number_argument = click.argument("number", type=int)


@click.group()
def profiles() -> None:
    """Versions of an authority's profile: drafted, checked, approved by a second person, live, rolled back.

    WISE_DATABASE_URL names the owner role. AUTHORITY is an ONS code, as E08000007.
    """


@contextmanager
def _desk() -> Iterator[VersionDesk]:
    with told(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        yield VersionDesk(ProfileVersionRows(engine))


@profiles.command("list")
@click.argument("authority", required=False)
@json_option
def list_versions(authority: str | None, *, json_wanted: bool) -> None:
    """Every version, newest first."""
    with _desk() as desk:
        found = desk.versions.every(authority)
    if json_wanted:
        as_json([_document(each) for each in found])
        return
    made = table("authority", "number", "state", "made by", "approved by", "digest", "note")
    for each in found:
        who = (each.made_by, each.approved_by or "–")
        made.add_row(each.bundle.authority, str(each.number), each.state, *who, each.bundle.digest[:12], each.note)
    screen().print(made if found else "No versions. What is in config/authorities holds.")


@profiles.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@by_option
@click.option("--note", required=True, help="What is different, and why. Nothing about a young person.")
@config_option
def draft(file: Path, by: str, note: str, config: Path) -> None:
    """Take the profile in FILE, with the mappings and forms it uses, as a new draft."""
    with _desk() as desk:
        bundle = bundle_of(config, file)
        number = desk.draft(bundle, by=by, note=note)
    click.echo(f"{bundle.authority} version {number} is a draft of {len(bundle.files)} files.")
    click.echo(f"Next: wise-bridge profiles check {bundle.authority} {number} --by …")


@profiles.command()
@authority_argument
@number_argument
@by_option
@click.option("--offline", is_flag=True, help="Do not call the case system.")
@click.option("--despite", is_flag=True, help="Take it as checked although something is wrong.")
def check(authority: str, number: int, by: str, *, offline: bool, despite: bool) -> None:
    """Look at a draft as `adapter check` does, and keep what was found with it."""
    with _desk() as desk, TemporaryDirectory(prefix="wise-profile-") as folder:
        bundle = desk.versions.bundle(authority, number)
        unpack(bundle, Path(folder))
        found = check_file(Path(folder), Path(folder) / bundle.file, environment(), offline=offline)
        for look in found.looks:
            click.echo(f"{look.standing.value:10} {look.part}: {' '.join(look.what.split())} {look.detail}".rstrip())
        findings = [Finding(f"{each.part}: {each.what}", each.standing, each.detail) for each in found.looks]
        desk.checked(authority, number, findings, by=by, despite=despite)
    click.echo(f"\n{authority} version {number} is checked. A second person approves it next.")


@profiles.command()
@authority_argument
@number_argument
@by_option
def approve(authority: str, number: int, by: str) -> None:
    """Say as a second person that a checked version is right."""
    with _desk() as desk:
        desk.approved(authority, number, by=by)
    click.echo(f"{authority} version {number} is approved by {by}.")


@profiles.command()
@authority_argument
@number_argument
@by_option
def live(authority: str, number: int, by: str) -> None:
    """Let an approved version hold. Running processes take it up within seconds."""
    with _desk() as desk:
        desk.live(authority, number, by=by)
    click.echo(f"{authority} version {number} is live.")


@profiles.command()
@authority_argument
@by_option
@click.option("--reason", required=True, help="Why. Nothing about a young person.")
def rollback(authority: str, by: str, reason: str) -> None:
    """Go back to the version that was live before, or to the file."""
    with _desk() as desk:
        before = desk.rolled_back(authority, by=by, reason=reason)
    holds = "its file in config/authorities" if before is None else f"version {before}"
    click.echo(f"{authority}: {holds} holds again.")


@profiles.command()
@authority_argument
@number_argument
@json_option
def show(authority: str, number: int, *, json_wanted: bool) -> None:
    """A version, what its check found, and how it differs from the live one."""
    with _desk() as desk:
        version = _found(desk, authority, number)
        now = desk.versions.live().get(authority)
        against = desk.versions.bundle(authority, now).files if now not in (None, number) else {}
    differs = [line for name in sorted({*version.bundle.files, *against}) for line in _lines(name, version, against)]
    if json_wanted:
        as_json(_document(version) | {"findings": version.findings, "against": now, "difference": differs})
        return
    click.echo(f"{authority} version {number}: {version.state}; made by {version.made_by}; {version.note}")
    for finding in version.findings or ():
        click.echo(f"  {finding['standing']:10} {' '.join(finding['what'].split())} {finding['detail']}".rstrip())
    click.echo(f"\nAgainst version {now}:" if against else "\nNo other version is live.")
    click.echo("\n".join(differs) if against else "")


def _lines(name: str, version: ProfileVersion, against: Any) -> list[str]:
    before, after = against.get(name, ""), version.bundle.files.get(name, "")
    if not against or before == after:
        return []
    return list(unified_diff(before.splitlines(), after.splitlines(), f"live/{name}", name, n=1, lineterm=""))


@profiles.command()
@authority_argument
@click.option("--version", "number", type=int, help="Default: the live one.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new, empty folder.")
def export(authority: str, number: int | None, out: Path) -> None:
    """Write a version's files, to be read, compared, or kept as the starting set."""
    with _desk() as desk:
        wanted = number if number is not None else desk.versions.live().get(authority)
        if wanted is None:
            raise NotPossible(f"{authority} has no live version. Name one with --version.")
        if out.exists() and any(out.iterdir()):
            raise NotPossible(f"{out} is not empty.")
        bundle = desk.versions.bundle(authority, wanted)
        unpack(bundle, out)
    click.echo(f"{len(bundle.files)} files of {authority} version {wanted} are in {out}.")


@profiles.command()
@authority_argument
@json_option
def history(authority: str, *, json_wanted: bool) -> None:
    """What was done to an authority's versions, and by whom."""
    with _desk() as desk:
        found = desk.versions.history(authority)
    if json_wanted:
        as_json([asdict(each) | {"at": each.at.isoformat()} for each in found])
        return
    for each in found:
        what = f"{each.at:%Y-%m-%d %H:%M}  version {each.number:3}  {each.event.replace('_', ' '):12}"
        click.echo(f"{what} {each.by}  {each.reason or ''}".rstrip())


def _found(desk: VersionDesk, authority: str, number: int) -> ProfileVersion:
    version = desk.versions.get(authority, number)
    if version is None:
        raise NotPossible(f"{authority} has no version {number}.")
    return version


def _document(version: ProfileVersion) -> dict[str, Any]:
    return {
        "authority": version.bundle.authority,
        "number": version.number,
        "state": version.state,
        "digest": version.bundle.digest,
        "made_by": version.made_by,
        "made_at": version.made_at.isoformat(),
        "approved_by": version.approved_by,
        "note": version.note,
    }
