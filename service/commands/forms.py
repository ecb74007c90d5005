"""`wise-bridge forms blank`: the form on paper, before anything is written on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from service import settings
from service.adapters.profiles import Profile
from service.commands.output import stop, told_plainly
from service.configuration import profiles
from service.documents.errors import DocumentError
from service.documents.forms import Form, make, page_count, paper_reference

KINDS = {"wise": "wise_assessment", "rise": "rise_meeting_output", "nwg": "nwg_assessment"}
MOST = 100
"""Copies in one file."""


@click.group()
def forms() -> None:
    """Forms on paper."""


@forms.command("blank")
@click.argument("name", type=click.Choice(list(KINDS)))
@click.option("--authority", required=True, help="ONS code of the authority whose form it is.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: blank-NAME-AUTHORITY.pdf here.")
@click.option("--copies", type=click.IntRange(1, MOST), default=1, show_default=True)
@click.option("--template-version", help="Edition of the form, for the footer and for the record typed in from it.")
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=settings.ROOT / "config")
def blank(
    name: str, authority: str, out: Path | None, copies: int, *, template_version: str | None, config: Path
) -> None:
    """Print the blank form NAME of an authority as a PDF. Each copy has a reference of its own on every page.

    An existing file is not overwritten: its references may be on paper already.
    """
    with told_plainly():
        profile = _profile(authority, config)
    form = _form(KINDS[name], profile, template_version)
    references = [paper_reference() for _ in range(copies)]
    file = out or Path(f"blank-{name}-{profile.slug}.pdf")
    pages = _write(file, form, references)
    click.echo(f"{file}: {copies} {'copy' if copies == 1 else 'copies'}, {pages} {'page' if pages == 1 else 'pages'}.")
    for reference in references:
        click.echo(f"  {reference}")


def _profile(authority: str, config: Path) -> Profile:
    found = profiles(config)
    if authority not in found:
        stop(f"There is no profile for {authority} in {config}. There is one for: {', '.join(found)}.")
    return found[authority]


def _form(kind: str, profile: Profile, edition: str | None) -> Form:
    if kind not in profile.records:
        stop(f"{profile.name} does not take this record. Its profile has: {', '.join(profile.records)}.")
    return Form(
        kind=kind,
        authority=profile.name,
        label=profile.records[kind].label,
        plan_items_max=profile.support_plan_items_max,
        edition=edition or next(reversed(profile.records[kind].templates), None),
    )


def _write(file: Path, form: Form, references: Sequence[str]) -> int:
    """The number of pages written."""
    try:
        content = make(form, references)
        with file.open("xb") as opened:
            opened.write(content)
    except DocumentError as error:
        stop(f"{error}.")
    except FileExistsError:
        stop(f"{file} is there already. Give another name with --out, or take it away first.")
    except OSError as error:
        stop(f"{file}: {error.strerror or 'cannot be written'}.")
    return page_count(content)
