"""Mosaic over SOAP 1.1, as `docs/protocols/mosaic-soap.md` and its WSDL describe it.

zeep builds the envelopes and reads the answers; it never sends, loads or logs anything. What is sent goes through
`service.adapters.http`, with all that its client promises.
"""
