"""What a profile must say to reach an inbox over REST."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting
from service.adapters.shared.way_out import WAY_OUT

SCHEMA = ConnectorSchema(
    kind="rest_inbox",
    connection={
        "base_url": Setting(meaning="the address with the base path, such as https://host/wise"),
        "api_key": Setting(secret=True, meaning="the key"),
        "key_header": Setting(required=False, meaning="the header of the key; X-Api-Key unless given"),
        **WAY_OUT,
    },
    target={
        "form": Setting(meaning="the form there"),
        "document_type": Setting(meaning="the document's type there"),
    },
    task={
        "task_kind": Setting(meaning="the kind of task of a review that is due"),
        "team": Setting(meaning="the team whose tray it goes to"),
    },
)
