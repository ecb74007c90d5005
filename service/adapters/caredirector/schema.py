"""What a profile must say to connect a CareDirector."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

_WAY_OUT = {
    "ca_bundle": Setting(required=False, meaning="PEM text of the authorities to trust instead of the public ones"),
    "client_certificate": Setting(required=False, meaning="PEM text of our certificate, with its chain"),
    "client_key": Setting(required=False, secret=True, meaning="PEM text of that certificate's unencrypted key"),
    "proxy_url": Setting(required=False, meaning="the outbound proxy, as http://host:port"),
    "proxy_user": Setting(required=False, meaning="who we are to the proxy"),
    "proxy_password": Setting(required=False, secret=True, meaning="the proxy's password for that user"),
}

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
        **_WAY_OUT,
    },
    target={
        "team": Setting(meaning="GUID of the team that owns the form"),
        "form_template": Setting(meaning="GUID of the form template"),
        "document_type": Setting(meaning="GUID of the document's type"),
        "document_sub_type": Setting(meaning="GUID of its sub-type, which belongs to that type"),
    },
    task={"team": Setting(meaning="GUID of the team whose tray gets reviews that are due")},
)
