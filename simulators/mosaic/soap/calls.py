"""Which operation a request is for, told from its header alone: what stands in front of a server sees no more."""

from typing import Any

from .names import MOSAIC

READING = frozenset({"GetPerson", "FindSteps", "GetStep", "FindNotes"})


def operation_of(action: str | None) -> str:
    """The operation a `SOAPAction` names, or nothing."""
    written = (action or "").strip()
    name = written.removeprefix(f'"{MOSAIC}/').removesuffix('"')
    return name if written == f'"{MOSAIC}/{name}"' else ""


def operation_named(environ: dict[str, Any]) -> str:
    """The path by which a fault can be set for one operation: `/CompleteStep`."""
    return "/" + operation_of(environ.get("HTTP_SOAPACTION"))


def reads(environ: dict[str, Any]) -> bool:
    """Whether the request changes nothing."""
    return environ["REQUEST_METHOD"] != "POST" or operation_named(environ)[1:] in READING
