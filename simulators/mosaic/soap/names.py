"""Namespaces and fixed names, as published, and those of the protocol page."""

MOSAIC = "urn:wise-bridge:mosaic:1"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = f"{_OASIS}wssecurity-secext-1.0.xsd"
WSU = f"{_OASIS}wssecurity-utility-1.0.xsd"
PASSWORD_DIGEST = f"{_OASIS}username-token-profile-1.0#PasswordDigest"
PASSWORD_TEXT = f"{_OASIS}username-token-profile-1.0#PasswordText"
BASE64 = f"{_OASIS}soap-message-security-1.0#Base64Binary"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"soap": ENVELOPE, "m": MOSAIC}
