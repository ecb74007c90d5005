"""The manifest as XML."""

from xml.etree.ElementTree import Element

from simulators.filedrop.raw import PARTS, Raw, RawAnswer, utf8
from simulators.sftp import shape
from simulators.sftp.safe_xml import BadManifest, parse


def read_xml(content: bytes) -> Raw:
    """Attributes are the fields; only an answer has text."""
    utf8(content)
    root = parse(content)
    if root.tag != "exchange" or (root.text or "").strip():
        raise BadManifest("the root element is not as agreed")
    order = [PARTS.index(child.tag) if child.tag in PARTS else 0 for child in root]
    if 0 in order or order != sorted(order) or any((child.tail or "").strip() for child in root):
        raise BadManifest("an element is unknown, or out of its place, or there is text between elements")
    others = [child for child in root if child.tag != "answer"]
    answers = tuple(_answer(child) for child in root if child.tag == "answer")
    return Raw({"exchange": dict(root.attrib), **_parts(others)}, answers)


def _parts(elements: list[Element]) -> dict[str, dict[str, str]]:
    parts: dict[str, dict[str, str]] = {}
    for element in elements:
        if element.tag in parts or shape.text(element):
            raise BadManifest(f"{element.tag} is repeated, or not empty")
        parts[element.tag] = dict(element.attrib)
    return parts


def _answer(element: Element) -> RawAnswer:
    found = shape.attributes(element, ["question"], ["row"])
    return RawAnswer(found["question"], found.get("row"), shape.text(element))
