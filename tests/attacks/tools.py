"""Other people's programs that attack for us. They have an environment of their own, which `make attacks` makes."""

from __future__ import annotations

import os
import shutil

from tests.architecture.project import ROOT

TOOLS = ROOT / ".venv-attacks" / "bin"


def program(name: str) -> str:
    """Where it is: there, or on the path. Empty when it is nowhere."""
    return shutil.which(name, path=f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}") or ""
