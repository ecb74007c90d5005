"""What a profile must say to connect a system over REST, and a document system that speaks the same."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

DIALECTS = ("plain", "odata")
SIGN_INS = ("api_key", "basic", "oauth2", "certificate")
METHODS = ("PATCH", "PUT")

_CONNECTION = {
    "base_url": Setting(meaning="the address with the base path, such as https://host/api"),
    "dialect": Setting(choices=DIALECTS, meaning="plain JSON, or OData 4"),
    "sign_in": Setting(choices=SIGN_INS, meaning="how the bridge signs in"),
    "api_key": Setting(required=False, secret=True, meaning="the key, for api_key"),
    "key_header": Setting(required=False, meaning="the header of the key; X-Api-Key unless given"),
    "user": Setting(required=False, meaning="the user name, for basic"),
    "password": Setting(required=False, secret=True, meaning="the password, for basic"),
    "client_id": Setting(required=False, meaning="the client's id, for oauth2"),
    "client_secret": Setting(required=False, secret=True, meaning="the client's secret, for oauth2"),
    "token_url": Setting(required=False, meaning="where tokens come from, for oauth2"),
    "scope": Setting(required=False, meaning="the scope of a token, where one is asked for"),
    "client_certificate": Setting(required=False, meaning="our certificate with its chain, as PEM text"),
    "client_key": Setting(required=False, secret=True, meaning="the certificate's key, as PEM text"),
    "ca_bundle": Setting(required=False, meaning="the authorities to trust instead of the public ones, as PEM text"),
    "proxy_url": Setting(required=False, meaning="a proxy on the way out, http://host:port"),
    "proxy_user": Setting(required=False, meaning="our name at the proxy"),
    "proxy_password": Setting(required=False, secret=True, meaning="our password at the proxy"),
    "paths": Setting(required=False, several=True, meaning="other paths, as ours=theirs; plain only"),
    "properties": Setting(required=False, several=True, meaning="other property names, as ours=theirs; plain only"),
    "words": Setting(required=False, several=True, meaning="other state words and note type, as ours=theirs"),
    "codes": Setting(required=False, several=True, meaning="other codes of refusals, as ours=theirs"),
    "method": Setting(required=False, choices=METHODS, meaning="how a record is changed; PATCH unless given"),
}
_TARGET = {
    "form_type": Setting(meaning="the form's type there"),
    "document_type": Setting(meaning="the document's type there"),
    "document_sub_type": Setting(meaning="the document's sub-type there"),
}

SCHEMA = ConnectorSchema(
    kind="generic_rest",
    connection=_CONNECTION,
    target=_TARGET,
    task={
        "task_type": Setting(meaning="the type of a review that is due"),
        "team": Setting(meaning="the team whose tray it goes to"),
    },
)

DOCUMENT = ConnectorSchema(kind="generic_rest", connection=_CONNECTION, target=_TARGET, task={})
"""A document system: the record under our reference has no answers there, only the document."""
