"""What a profile must say to connect a Mosaic."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

SCHEMA = ConnectorSchema(
    kind="mosaic",
    connection={"base_url": Setting(), "api_key": Setting(secret=True)},
    target={
        "step_type": Setting(kind="number"),
        "team": Setting(),
        "next_action": Setting(kind="number"),
        "next_team": Setting(),
        "document_category": Setting(),
        "document_sub_category": Setting(),
    },
    task={"step_type": Setting(kind="number"), "team": Setting()},
)
