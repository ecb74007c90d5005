"""The whole pack for one authority, as plain values and as a page in Markdown. The same for the same configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from service import __version__
from service.adapters.profiles import Profile
from service.domain.alarm_kinds import GUIDANCE
from service.officer.connecting import Credential, credentials
from service.officer.hub import HOW
from service.officer.impact.facts import crossings
from service.officer.impact.held import KLASSES, beside, held
from service.officer.impact.keeping import passing, tables, window
from service.officer.impact.model import Pack
from service.officer.impact.recipients import READERS, recipients
from service.officer.impact.security_page import protected, still_open
from service.officer.impact.seeing import ROLES, Machine, scopes
from service.officer.impact.terms import terms
from service.officer.impact.told import told
from service.settings import ROOT, Settings


def pack(
    profile: Profile,
    settings: Settings,
    environ: Mapping[str, str],
    machines: tuple[Machine, ...] | None = None,
    security: Path = ROOT / "SECURITY.md",
) -> Pack:
    """The facts. Opens no connection and reads no credential; raises `CannotRun` without SECURITY.md."""
    return Pack(
        authority=profile.authority,
        name=profile.name,
        in_use=profile.in_use,
        case_system=profile.case_system,
        connector=profile.connector,
        file=f"config/authorities/{Path(profile.file).name}",
        digest=profile.digest[:12],
        version=__version__,
        assumed=len(profile.to_confirm),
        confirmed=len(profile.confirmed),
        review={"interval_months": profile.review.interval_months, "window_days": profile.review.window_days},
        rules={name: _worded(value) for name, value in asdict(profile.rules).items()},
        synthetic=profile.synthetic is not None,
        may_reach=_reach(profile),
        held=held(profile),
        beside=beside(),
        recipients=recipients(profile, settings, _addresses(profile, environ)),
        crossings=crossings(),
        alarms=tuple((kind.value, each.sentence, each.owner.value) for kind, each in GUIDANCE.items()),
        roles=ROLES,
        scopes=scopes(profile.authority),
        machines=machines,
        passing=window(profile.retention.body_days) + passing(settings),
        tables=tables(),
        settings=told(settings),
        protected=protected(security),
        still_open=still_open(security),
    )


def as_document(found: Pack) -> dict[str, Any]:
    """The pack as plain values for programs, the checklist with them."""
    return asdict(found) | {"terms": [asdict(each) for each in terms(found)]}


def page(found: Pack) -> str:
    """The pack as Markdown. Every value is text in it, never markup."""
    environment = Environment(
        loader=PackageLoader(__name__.rpartition(".")[0], "."),
        autoescape=select_autoescape(enabled_extensions=(), default=False),  # Markdown: `cell` does what is needed
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell
    template = environment.get_template("pack.md.j2")
    return template.render(pack=found, terms=terms(found), klasses=KLASSES, readers=READERS, how_counted=HOW)


def _worded(value: object) -> str:
    """A decision of the profile in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (", ".join(value) or "none") if isinstance(value, tuple) else str(value)


def _reach(profile: Profile) -> str:
    """Where connections may go. Networks are the authority's own and stay in the profile."""
    if profile.egress is None:
        return "the connection's own address, if that is a public one"
    return ", ".join(f"{each.scheme}://{each.host}:{each.port}" for each in profile.egress.rules) or "nowhere"


def cell(value: object) -> str:
    """Text for a cell of a table: on one line, and no sign of it ends the cell or begins a tag."""
    text = " ".join(str(value).split())
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _addresses(profile: Profile, environ: Mapping[str, str]) -> Mapping[str, Credential]:
    """Of both connections the settings that say where, and no other: nothing secret is even looked up."""
    documents = replace(profile.documents, connection=_where(profile.documents.connection))
    only = replace(profile, connection=_where(profile.connection), documents=documents)
    return {each.key: each for each in credentials(only, environ, offline=True)}


def _where(connection: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in connection.items() if name in ("host", "port") or name.endswith("_url")}
