"""What a profile must say to connect a Mosaic."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting
from service.adapters.shared.way_out import WAY_OUT

SCHEMA = ConnectorSchema(
    kind="mosaic",
    connection={
        "binding": Setting(
            required=False,
            choices=("rest", "soap"),
            meaning="the way in: rest (when left out) with base_url and api_key, or soap with soap_url, user and "
            "password; the settings of the other must not be given",
        ),
        "base_url": Setting(
            required=False, meaning="rest: its address with the base path, such as https://mosaic.example/api/v1"
        ),
        "api_key": Setting(required=False, secret=True, meaning="rest: our key"),
        "soap_url": Setting(
            required=False, meaning="soap: the address of the service, such as https://mosaic.example/soap/v1"
        ),
        "user": Setting(required=False, meaning="soap: who we are there (WS-Security)"),
        "password": Setting(
            required=False, secret=True, meaning="soap: the password of that user; only a digest of it is sent"
        ),
        **WAY_OUT,
    },
    target={
        "step_type": Setting(kind="number", meaning="number of the form's step type"),
        "team": Setting(meaning="the team the step belongs to"),
        "next_action": Setting(kind="number", meaning="number of the action raised on completion"),
        "next_team": Setting(meaning="the team that is to read what was filed"),
        "document_category": Setting(meaning="where the document is put"),
        "document_sub_category": Setting(meaning="and in it"),
    },
    task={
        "step_type": Setting(kind="number", meaning="step type of a review that is due; one that no target uses"),
        "team": Setting(meaning="the team with the tray"),
    },
)
