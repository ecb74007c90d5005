"""`wise-bridge adapter …`: an integration officer's tools."""

from __future__ import annotations

from service.commands.lazy import LazyGroup

_HERE = "service.commands.adapter"

adapter = LazyGroup(
    name="adapter",
    help="Connect an authority: begin a profile, check it, see what a record becomes.",
    modules={
        "new": f"{_HERE}.new",
        "check": f"{_HERE}.check",
        "preview": f"{_HERE}.preview",
        "diff": f"{_HERE}.diff",
        "export": f"{_HERE}.export",
        "import": f"{_HERE}.import_",
        "coverage": f"{_HERE}.coverage",
        "conformance": f"{_HERE}.conformance",
    },
    named={"import": "import_"},
)
