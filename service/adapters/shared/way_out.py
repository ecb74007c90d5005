"""The keys of a connection that `open_web` reads: how a call gets out, whatever it says there. Imports no HTTP."""

from __future__ import annotations

from service.adapters.profiles.schema import Setting

WAY_OUT = {
    "ca_bundle": Setting(required=False, meaning="PEM text of the authorities to trust instead of the public ones"),
    "client_certificate": Setting(required=False, meaning="PEM text of our certificate, with its chain"),
    "client_key": Setting(required=False, secret=True, meaning="PEM text of that certificate's unencrypted key"),
    "proxy_url": Setting(required=False, meaning="the outbound proxy, as http://host:port"),
    "proxy_user": Setting(required=False, meaning="who we are to the proxy"),
    "proxy_password": Setting(required=False, secret=True, meaning="the proxy's password for that user"),
}
"""For a `ConnectorSchema`: `connection={…, **WAY_OUT}`."""
