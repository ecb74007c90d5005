"""What a client knows besides the document: its authority, and the names of what is there. Loaded by schemathesis.

Without it every record would be another authority's, and every address that of nothing. Only what fits the document is
exchanged for something that fits it too; what was made to be wrong stays as wrong as it was.
"""

from __future__ import annotations

import json
import os
import random
import re
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

KNOWS: dict[str, Any] = json.loads(os.environ["ATTACK_KNOWS"])
OFTEN = 0.5
_AUTHORITY = re.compile(r"[EWSN][0-9]{8}")


@schemathesis.hook
def before_call(_context: Any, case: Any, **_: Any) -> None:
    """The client's own authority in place of any other; every other time the name of something that is there."""
    if isinstance(case.body, dict) and _AUTHORITY.fullmatch(str(case.body.get("authority"))):
        case.body["authority"] = KNOWS["authority"]
    chosen = random.Random(json.dumps(case.path_parameters, default=str))  # the same again for the same
    for name in set(case.path_parameters or {}) & set(KNOWS["places"]):
        if case.path_parameters[name] and chosen.random() < OFTEN:
            case.path_parameters[name] = chosen.choice(KNOWS["places"][name])


@schemathesis.check
def what_does_not_fit_is_not_called_valid(_context: Any, response: Any, case: Any) -> None:
    """A record that does not fit the document is never said to be right."""
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    if not case.path.endswith("/validate") or response.status_code != 200 or body is None:
        return
    if body.mode.is_negative and response.json()["valid"]:
        raise AssertionError("a record that does not fit the document is called valid")
