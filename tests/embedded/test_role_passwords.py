"""A folder from before a role was added gets a password for it, and keeps the others."""

from __future__ import annotations

import json
from pathlib import Path

from service.embedded.provision import ROLES, role_passwords


def test_a_new_role_gets_a_password_beside_those_kept(tmp_path: Path) -> None:
    file = tmp_path / "roles.json"
    before = role_passwords(file)
    file.write_text(json.dumps({role: password for role, password in before.items() if role != "wise_release"}))
    after = role_passwords(file)
    assert set(after) == set(ROLES)
    assert {role for role in ROLES if before[role] != after[role]} == {"wise_release"}
    assert role_passwords(file) == after
    assert file.stat().st_mode & 0o777 == 0o600
