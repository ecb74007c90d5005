"""What a profile must say to connect an LCS over HTTP, and what it may say where this LCS differs from our page."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

_SIGN_IN = {
    "sign_in": Setting(required=False),
    "token_url": Setting(required=False),
    "client_id": Setting(required=False),
    "client_secret": Setting(required=False, secret=True),
    "client_in": Setting(required=False),
    "scope": Setting(required=False),
    "api_key": Setting(required=False, secret=True),
    "key_header": Setting(required=False),
}
_WAY_OUT = {
    "ca_bundle": Setting(required=False),
    "client_certificate": Setting(required=False),
    "client_key": Setting(required=False, secret=True),
    "proxy_url": Setting(required=False),
    "proxy_user": Setting(required=False),
    "proxy_password": Setting(required=False, secret=True),
}
_DIALECT = {
    "child_id": Setting(required=False),
    "largest_document": Setting(kind="number", required=False),
    "paths": Setting(required=False, several=True),
    "parameters": Setting(required=False, several=True),
    "members": Setting(required=False, several=True),
    "words": Setting(required=False, several=True),
    "none": Setting(required=False),
}

SCHEMA = ConnectorSchema(
    kind="lcs_rest",
    connection={"base_url": Setting(), **_SIGN_IN, **_WAY_OUT, **_DIALECT},
    target={"form": Setting(), "document_type": Setting()},
    task={
        "type": Setting(),
        "department": Setting(required=False),
        "worker": Setting(kind="number", required=False),
    },
)
