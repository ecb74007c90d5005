"""What the code never does, found by reading it. Each check is shown to see what it looks for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator

import pytest

from service.observability import ALLOWED
from tests.architecture.project import Source, is_within, module_of, source, sources

CODE = ("service", "simulators", "bench", "migrations")
FILE_LINES, FUNCTION_LINES, TEST_LINES = 300, 40, 700
TABLES = {"service/domain/words/headings.py", "service/domain/words/values.py"}
"""Dictionaries of words, one a line: nothing in them is read from top to bottom."""

MAY_PRINT = ("service.demo",)
MAY_USE_REQUESTS = ("service.adapters.http", "service.commands", "service.demo")
MAY_READ_ENVIRONMENT = (
    "service.settings",
    "service.wiring",
    "service.embedded",
    "service.demo",
    "service.adapters.egress",
    "service.officer.connecting",
)
LOGGERS = {"log", "_log", "logger", "_logger", "logging"}
LEVELS = {"debug", "info", "warning", "warn", "error", "critical", "exception", "log", "msg"}
NO_MODULES = {"pickle", "marshal", "shelve", "dill", "telnetlib", "ftplib"}
NO_SETTINGS = {"verify": False, "allow_redirects": True, "shell": True, "debug": True}
NO_CALLS = {"eval", "exec", "yaml.load", "yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen"}


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name, or of the end of one: `x().b` is `.b`."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def imported(file: Source) -> Iterator[tuple[int, str]]:
    for node in file.nodes(ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    for found in file.nodes(ast.ImportFrom):
        if found.level == 0 and found.module:
            yield found.lineno, found.module


def dangers(file: Source) -> Iterator[str]:
    """Modules, calls and settings that have no place in the code."""
    for line, module in imported(file):
        if module.split(".")[0] in NO_MODULES:
            yield f"{file.name}:{line}: imports {module}"
    for call in file.nodes(ast.Call):
        if dotted(call.func) in NO_CALLS:
            yield f"{file.name}:{call.lineno}: calls {dotted(call.func)}"
        for given in call.keywords:
            value = given.value.value if isinstance(given.value, ast.Constant) else None
            if given.arg in NO_SETTINGS and value is NO_SETTINGS[given.arg]:
                yield f"{file.name}:{call.lineno}: {given.arg}={value}"


def prints(file: Source) -> Iterator[str]:
    if not is_within(module_of(file.name), MAY_PRINT):
        for call in file.nodes(ast.Call):
            if dotted(call.func) in ("print", "pprint", "pprint.pprint"):
                yield f"{file.name}:{call.lineno}: prints"


def loose_requests(file: Source) -> Iterator[str]:
    if not is_within(module_of(file.name), MAY_USE_REQUESTS):
        yield from (f"{file.name}:{line}: imports {name}" for line, name in imported(file) if name == "requests")


def loose_environment(file: Source) -> Iterator[str]:
    if not is_within(module_of(file.name), MAY_READ_ENVIRONMENT):
        for node in file.nodes(ast.Attribute):
            if dotted(node) in ("os.environ", "os.getenv", "os.environb"):
                yield f"{file.name}:{node.lineno}: reads {dotted(node)}"


def loose_logs(file: Source) -> Iterator[str]:
    """A log call is one constant event and listed keys: a value inside the event would pass the list by."""
    for call in file.nodes(ast.Call):
        logger, _, level = dotted(call.func).rpartition(".")
        if logger not in LOGGERS or level not in LEVELS:
            continue
        where = f"{file.name}:{call.lineno}"
        constant = len(call.args) == 1 and isinstance(call.args[0], ast.Constant)
        if not constant or "%" in str(ast.literal_eval(call.args[0])):
            yield f"{where}: the event is not one constant text"
        for given in call.keywords:
            if isinstance(given.value, ast.JoinedStr | ast.BinOp):
                yield f"{where}: `{given.arg}` is put together from other values"
            if given.arg is None and not _is_describe(given.value):
                yield f"{where}: keys come from something else than describe()"
            if given.arg is not None and given.arg not in ALLOWED:
                yield f"{where}: `{given.arg}` is not an allowed key, so it would be dropped"


def _is_describe(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and dotted(value.func) == "describe"


def unknown_to_the_standard_library(file: Source) -> Iterator[str]:
    for line, name in imported(file):
        if name.split(".")[0] not in sys.stdlib_module_names and not is_within(name, ("service.domain",)):
            yield f"{file.name}:{line}: imports {name}"


def found_by(check: Callable[[Source], Iterator[str]], *folders: str) -> list[str]:
    return [finding for file in sources(*folders) for finding in check(file)]


@pytest.mark.parametrize(
    ("check", "folders"),
    [
        (dangers, CODE),
        (prints, ("service",)),
        (loose_requests, ("service",)),
        (loose_environment, ("service",)),
        (loose_logs, ("service",)),
        (unknown_to_the_standard_library, ("service/domain",)),
    ],
)
def test_the_code_keeps_its_habits(check: Callable[[Source], Iterator[str]], folders: tuple[str, ...]) -> None:
    assert found_by(check, *folders) == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (dangers, "import pickle"),
        (dangers, "from pickle import loads"),
        (dangers, "eval('1')"),
        (dangers, "yaml.load(text)"),
        (dangers, "requests.get(url, verify=False)"),
        (dangers, "session.post(url, allow_redirects=True)"),
        (dangers, "subprocess.run(command, shell=True)"),
        (prints, "def show(record):\n    print(record)"),
        (loose_requests, "import requests"),
        (loose_environment, "import os\nos.environ['HOME']"),
        (loose_environment, "import os\nos.getenv('HOME')"),
        (loose_logs, "_log.info(f'got {record}')"),
        (loose_logs, "logger.warning('got %s', record)"),
        (loose_logs, "_log.info('got', reason=f'{record}')"),
        (loose_logs, "_log.error('got', reason='%s' % record)"),
        (loose_logs, "_log.info('got', child_name=name)"),
        (loose_logs, "_log.info('got', **record)"),
        (unknown_to_the_standard_library, "import service.errors"),
        (unknown_to_the_standard_library, "from dateutil import parser"),
    ],
)
def test_each_habit_is_seen_when_broken(check: Callable[[Source], Iterator[str]], text: str) -> None:
    assert list(check(source(text)))


def test_files_and_functions_stay_readable() -> None:
    """A file that outgrows this usually holds two things, and a function that does hides its own steps."""
    long_files = [
        f"{file.name}: {lines} lines"
        for file in sources("service")
        if (lines := len(file.text.splitlines())) > FILE_LINES and file.name not in TABLES
    ]
    long_functions = [
        f"{file.name}: {node.name} has {lines} lines"
        for file in sources("service")
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef)
        for node in file.nodes(kind)
        if (lines := _lines(node)) > FUNCTION_LINES
    ]

    assert long_files + long_functions == []


def test_tests_stay_readable() -> None:
    lengths = {file.name: len(file.text.splitlines()) for file in sources("tests")}

    assert {name: lines for name, lines in lengths.items() if lines > TEST_LINES} == {}


def test_the_tables_of_words_are_still_tables() -> None:
    """What is let off the limit is let off because it is data, statement by statement."""
    tables = [file for file in sources("service") if file.name in TABLES]
    data = (ast.Assign, ast.AnnAssign, ast.Expr, ast.Import, ast.ImportFrom)

    code = {file.name: sum(_lines(node) for node in file.tree.body if not isinstance(node, data)) for file in tables}

    assert code.keys() == TABLES
    assert max(code.values()) <= FUNCTION_LINES


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
