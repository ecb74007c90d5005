"""`wise-bridge adapter new`: a profile to begin with."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory

import click

from service.adapters.profiles.layers import FOLDER
from service.commands.adapter.showing import config_option, told
from service.commands.output import as_json, stop
from service.configuration import profile, profiles
from service.errors import ConfigurationFault
from service.officer.confirming import TO_BE_CONFIRMED
from service.officer.meant import authority_of
from service.officer.starting import Start, keys_in_use, mappings_for, schema_of, text_of

_SCHEMA_LINE = "# yaml-language-server: $schema=../profile.schema.json"


@click.command()
@click.option("--system", required=True, help="Kind of case system: mosaic, lcs, eclipse, …")
@click.option("--authority", required=True, help="Name or ONS code, such as Trafford or E08000009.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: in the folder of profiles.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON document instead of sentences.")
@config_option
def new(system: str, authority: str, out: Path | None, config: Path, *, json_wanted: bool) -> None:
    """Write a commented profile that already loads, with everything in it that has to be asked for.

    Nothing is overwritten. Exit code 2: nothing was written.
    """
    with told():
        schema = schema_of(system)
        code, name = authority_of(authority)
        file = out or config / FOLDER / f"{name.casefold().replace(' ', '-')}.yaml"
        home = file.parent.resolve() == (config / FOLDER).resolve()
        line = _SCHEMA_LINE if home and (config / "profile.schema.json").is_file() else ""
        product, taken = _known(config, system, code)
        used = keys_in_use(config, schema)
        start = Start(code, name, file.stem, schema, product, mappings_for(config, system), used, line)
        text = text_of(start)
        _require_loading(config, file.name, text)
        _write(file, text)
    _say(file, start, taken, home=home, json_wanted=json_wanted)


def _known(config: Path, system: str, code: str) -> tuple[str, str]:
    """What the product is called where it is in use already, and the profile this authority has. Neither is needed."""
    try:
        known = profiles(config)
    except ConfigurationFault:
        return TO_BE_CONFIRMED, ""
    products = [each.case_system for each in known.values() if each.connector == system]
    return (products[0] if products else TO_BE_CONFIRMED), (known[code].file if code in known else "")


def _require_loading(config: Path, name: str, text: str) -> None:
    """What does not load is not handed out."""
    with TemporaryDirectory() as folder:
        begun = Path(folder) / name
        begun.write_text(text, encoding="utf-8")
        profile(config, begun)


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        stop(f"{file} is there already and stays as it is. Give another name with --out.")
    except OSError as error:
        stop(f"{file}: {error.strerror or 'cannot be written'}.")


def _say(file: Path, start: Start, taken: str, *, home: bool, json_wanted: bool) -> None:
    if json_wanted:
        as_json({"file": str(file), "authority": start.code, "variables": start.variables(), "other_profile": taken})
        return
    shown = quote(str(file))
    click.echo(f"Written: {file}. It loads, and is not in use yet.\n")
    click.echo(f"1. Ask {start.name} for every value marked '{TO_BE_CONFIRMED}':")
    click.echo(f"     grep -n '{TO_BE_CONFIRMED}' {shown}")
    click.echo("2. Say where it is and who we are there, in this terminal, never in the file:")
    for name in start.variables():
        click.echo(f"     export {name}=…")
    click.echo("3. See what is still wrong (without --offline it also signs in):")
    click.echo(f"     wise-bridge adapter check {shown} --offline")
    click.echo("4. See what a fictional record becomes there:")
    click.echo(f"     wise-bridge adapter preview tests/examples/wise_assessment-stockport.json --profile {shown}")
    if taken and home:
        click.echo(
            f"\nTwo profiles for {start.name} now stop the bridge: {taken} has it already. Move one of them away."
        )
    elif taken:
        click.echo(f"\n{start.name} has a profile already: {taken}. Only one of them may lie in config/{FOLDER}.")
