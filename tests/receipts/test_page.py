"""The code that docs/receipts.md gives to other people does what it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.project import ROOT
from tests.support.bridge import Bridge
from tests.support.records import example


def run(bridge: Bridge, tmp_path: Path, receipt: str) -> subprocess.CompletedProcess[str]:
    (code,) = re.findall(r"```python\n(.+?)```", (ROOT / "docs" / "receipts.md").read_text(), re.DOTALL)
    (tmp_path / "check.py").write_text(code)
    (tmp_path / "answer.json").write_text(json.dumps({"receipt": receipt}))
    (tmp_path / "keys.json").write_text(bridge.casework.get("/.well-known/wise-bridge-receipts.json").text)
    arguments = [sys.executable, tmp_path / "check.py", tmp_path / "answer.json", tmp_path / "keys.json"]
    return subprocess.run(arguments, capture_output=True, text=True)


def test_the_few_lines_of_python_check_a_receipt(bridge: Bridge, tmp_path: Path) -> None:
    answer = bridge.post(example("wise")).get_json()
    done = run(bridge, tmp_path, answer["receipt"])
    assert done.returncode == 0, done.stderr
    assert answer["receipt_id"] in done.stdout
    head, _, signature = answer["receipt"].split(".")
    forged = run(bridge, tmp_path, f"{head}.e30.{signature}")
    assert (forged.returncode, "InvalidSignature" in forged.stderr) == (1, True)
