"""Answers that would harm a caller who parses XML the way most parsers do when nobody tells them otherwise."""

from werkzeug.wrappers import Response

from simulators.kit.bad_answers import BadAnswer

_LEVELS = 9
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, _LEVELS + 1))
XML_BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY e0 "fictional">{_ENTITIES}]>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    f'<m:FindStepsResponse xmlns:m="urn:wise-bridge:mosaic:1"><m:steps>&e{_LEVELS};</m:steps></m:FindStepsResponse>'
    "</soap:Body></soap:Envelope>"
)


def bad_xml() -> dict[str, BadAnswer]:
    """Faults of this binding alone: a few hundred bytes that unfold to nine gigabytes."""
    return {"xml_bomb": lambda: Response(XML_BOMB, 200, mimetype="text/xml")}
