"""What a profile must say to connect a CareDirector."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting
from service.adapters.shared.way_out import WAY_OUT

SCHEMA = ConnectorSchema(
    kind="caredirector",
    connection={
        "base_url": Setting(meaning="the supplier's address, with /services/api"),
        "client_id": Setting(meaning="the client application"),
        "client_secret": Setting(secret=True, meaning="its secret"),
        "restriction": Setting(
            required=False,
            meaning="GUID of the data restriction for records kept apart; without it they are not sent",
        ),
        "withdrawal_note_type": Setting(
            required=False,
            meaning="GUID of the case note type that takes a form off the file; without it a person withdraws",
        ),
        **WAY_OUT,
    },
    target={
        "team": Setting(meaning="GUID of the team that owns the form"),
        "form_template": Setting(meaning="GUID of the form template"),
        "document_type": Setting(meaning="GUID of the document's type"),
        "document_sub_type": Setting(meaning="GUID of its sub-type, which belongs to that type"),
    },
    task={"team": Setting(meaning="GUID of the team whose tray gets reviews that are due")},
)
