"""Every name of the environment that the project reads, found where it is read."""

from __future__ import annotations

import ast
import re

from tests.architecture.project import ROOT, sources, texts

EXAMPLE = ROOT / "config" / "env.example"
PREFIX = "WISE_"


def settings_names() -> set[str]:
    """What service/settings.py asks for: `env.str("DATABASE_URL", …)` and the like."""
    (settings,) = (file for file in sources("service") if file.name == "service/settings.py")
    return {
        PREFIX + ast.literal_eval(call.args[0])
        for call in settings.nodes(ast.Call)
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "env" and call.args
    }


def command_names() -> set[str]:
    """What options of commands may come from."""
    return {
        ast.literal_eval(given.value)
        for file in sources("service/commands")
        for call in file.nodes(ast.Call)
        for given in call.keywords
        if given.arg == "envvar"
    }


def profile_names() -> set[str]:
    """What the authorities' profiles refer to."""
    return {name for _, text in texts("config/authorities") for name in re.findall(r": env:(\w+)$", text, re.MULTILINE)}


def constant_names() -> set[str]:
    """What the adapters read themselves, each name a constant of its module: VAULT_ADDR is not ours to rename."""
    return {
        node.value.value
        for file in sources("service/adapters")
        for node in file.nodes(ast.Assign)
        if isinstance(node.value, ast.Constant) and re.fullmatch(r"(WISE|VAULT)_[A-Z_]+", str(node.value.value))
    }


def compose_names() -> set[str]:
    """What docker-compose.yml is filled in with."""
    text = (ROOT / "docker-compose.yml").read_text()
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text)) | set(re.findall(r"environment: ([A-Z_]+)}", text))


def example() -> dict[str, str]:
    """config/env.example by name; a setting that may be left out stands there with a # before it."""
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
