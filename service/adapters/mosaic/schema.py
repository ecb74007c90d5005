"""What a profile must say to connect a Mosaic."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

SCHEMA = ConnectorSchema(
    kind="mosaic",
    connection={
        "binding": Setting(
            required=False,
            choices=("rest", "soap"),
            meaning="Which of the two ways in: rest (when left out) needs base_url and api_key; soap needs soap_url, "
            "user and password. The settings of the other must not be given.",
        ),
        "base_url": Setting(required=False, meaning="rest: with the base path, such as https://mosaic.example/api/v1."),
        "api_key": Setting(required=False, secret=True, meaning="rest: sent as a bearer's."),
        "soap_url": Setting(required=False, meaning="soap: the service, such as https://mosaic.example/soap/v1."),
        "user": Setting(required=False, meaning="soap: the user name of the WS-Security token."),
        "password": Setting(required=False, secret=True, meaning="soap: never sent; a digest of it is."),
        "ca_bundle": Setting(required=False, meaning="Certificates to trust instead of the public authorities, PEM."),
        "client_certificate": Setting(required=False, meaning="Ours, where Mosaic asks for one, PEM."),
        "client_key": Setting(required=False, secret=True, meaning="Of our certificate, PEM."),
        "proxy_url": Setting(required=False, meaning="The way out where there is no straight one."),
        "proxy_user": Setting(required=False),
        "proxy_password": Setting(required=False, secret=True),
    },
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
