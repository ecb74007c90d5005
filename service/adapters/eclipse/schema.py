"""What a profile must say to connect an Eclipse."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

SCHEMA = ConnectorSchema(
    kind="eclipse",
    connection={
        "base_url": Setting(meaning="With the base path: https://eclipse.example/eclipse/rest"),
        "client_id": Setting(required=False, meaning="To sign in with OAuth2: this and the next"),
        "client_secret": Setting(required=False, secret=True, meaning="To sign in with OAuth2"),
        "user_name": Setting(required=False, meaning="To sign in with a session: this and the next"),
        "password": Setting(required=False, secret=True, meaning="To sign in with a session"),
        "ca_bundle": Setting(
            required=False, meaning="Certificates to trust instead of the public authorities', as PEM"
        ),
        "client_certificate": Setting(required=False, meaning="Ours, with its chain, as PEM"),
        "client_key": Setting(required=False, secret=True, meaning="The certificate's key, as PEM, unencrypted"),
        "proxy_url": Setting(required=False, meaning="A proxy on the way, as http://host:port"),
        "proxy_user": Setting(required=False, meaning="Who we are to the proxy"),
        "proxy_password": Setting(required=False, secret=True, meaning="The proxy's password"),
    },
    target={
        "design_guid": Setting(meaning="The form design in this authority's Eclipse"),
        "team": Setting(meaning="The team that owns the form"),
        "attachment_type": Setting(meaning="What the document is filed as"),
        "attachment_sub_type": Setting(meaning="What the document is filed as, more exactly"),
    },
    task={"team": Setting(meaning="The team whose work list gets a review that is due")},
)
