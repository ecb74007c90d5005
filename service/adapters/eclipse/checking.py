"""What a check asks: the sign-in, what it may do, and the form designs that the profile names."""

from __future__ import annotations

from service.adapters.eclipse.client import EclipseApi
from service.adapters.eclipse.reasons import PERMISSIONS
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.guid import guid
from service.adapters.shared.link import Link, Settings
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Finding

NOBODY = "WB-CONNECTION-CHECK"
"""A reference that nobody has."""


def findings(api: EclipseApi, link: Link) -> tuple[Finding, ...]:
    """All of them. The searches show that our reference is a thing one can search by."""
    designs = (_design_finding(api, kind, link) for kind in link.targets)
    return (
        asked("sign-in and permissions", lambda: _require_permissions(api.permissions())),
        *designs,
        asked("search for forms by our reference", lambda: api.forms(NOBODY)),
        asked("search for case notes by our reference", lambda: api.notes(NOBODY)),
        asked("search for tasks by our reference", lambda: api.tasks(NOBODY)),
        not_asked("teams and attachment types", "Eclipse has no route that lists them."),
        not_asked("whether a form design may be added", "It is only told when a form is opened."),
    )


def _design_finding(api: EclipseApi, kind: str, link: Link) -> Finding:
    return asked(
        f"form design of {kind}", lambda: require_design(api, link.targets[kind], documents_here=link.documents_here)
    )


def _require_permissions(given: frozenset[str]) -> None:
    missing = [each for each in PERMISSIONS if each not in given]
    if missing:
        raise NeedsHuman(Reason.NOT_PERMITTED, " ".join(missing))


def require_design(api: EclipseApi, target: Settings, *, documents_here: bool) -> None:
    """One that demands an attachment can never be completed where documents are kept elsewhere."""
    name = guid(target["design_guid"])
    design = api.design(str(name))
    if design.guid != name:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_design")
    if design.needs_attachment and not documents_here:
        raise NeedsHuman(Reason.NOT_SUPPORTED, "attachment_required")
