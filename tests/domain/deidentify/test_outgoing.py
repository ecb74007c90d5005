"""Bytes that leave: each kind of direct identifier is seen in whatever writing, and an ordinary release is silent."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import uuid
from collections.abc import Callable
from urllib.parse import quote

import pytest

from bench.deidentify import BLIND, CORPUS, OWN, labelled
from service.domain.deidentify.finding import Kind
from service.domain.deidentify.outgoing import holds_marker
from service.settings import ROOT

KINDS = {
    "NHS_NUMBER": Kind.NHS_NUMBER,
    "UPN": Kind.UPN,
    "NINO": Kind.NINO,
    "POSTCODE": Kind.POSTCODE,
    "PHONE": Kind.PHONE,
    "VEHICLE_REG": Kind.VEHICLE,
    "EMAIL": Kind.EMAIL,
    "SOCIAL_HANDLE": Kind.HANDLE,
}


def is_whole(label: str, value: str) -> bool:
    """Half a plate is none, and a name used online is seen by its signs only."""
    return (label != "VEHICLE_REG" or len(value) > 4) and (label != "SOCIAL_HANDLE" or "@" in value or "#" in value)


CANARIES = sorted(
    {
        (KINDS[span["label"]], row["text"][span["start"] : span["end"]])
        for file in (CORPUS, OWN, BLIND)
        for row in labelled(file)
        for span in row["spans"]
        if span["label"] in KINDS and is_whole(span["label"], row["text"][span["start"] : span["end"]])
    }
)
WRITINGS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda value: value.encode(),
    "in JSON": lambda value: json.dumps({"shown": value, "count": 15}).encode(),
    "in base64 within JSON": lambda value: json.dumps([base64.b64encode(value.encode()).decode()]).encode(),
    "JSON in base64": lambda value: base64.b64encode(json.dumps({"x": value, "y": [5, 10]}).encode()),
    "UTF-16 in base64 for addresses": lambda value: base64.urlsafe_b64encode(value.encode("utf-16")),
    "base64 in lines": lambda value: base64.encodebytes(f"{'a note of many words. ' * 4}{value} and more".encode()),
    "base64 twice": lambda value: base64.b64encode(base64.b64encode(value.encode())),
    "in hexadecimal": lambda value: json.dumps(value.encode().hex()).encode(),
    "for an address": lambda value: quote(value, safe="").encode(),
    "per cent throughout": lambda value: "".join(f"%{byte:02x}" for byte in value.encode()).encode(),
    "in UTF-16, little end first": lambda value: f"a {value}".encode("utf-16-le"),
    "in UTF-16, big end first": lambda value: f"a {value}".encode("utf-16-be"),
    "JSON in UTF-16": lambda value: json.dumps([value]).encode("utf-16"),
    "split by unseen spaces": lambda value: "\u200b".join(value).encode(),
    "split in JSON's own writing": lambda value: json.dumps("\u200d".join(value)).encode(),
    "split in UTF-16": lambda value: "\u2060".join(value).encode("utf-16"),
    "in HTML's writing": lambda value: "".join(f"&#{ord(sign)};" for sign in value).encode(),
    "in wide letters": lambda value: value.translate({code: code + 0xFEE0 for code in range(33, 127)}).encode(),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_each_kind_is_seen(writing: str) -> None:
    missed = [canary for canary in CANARIES if canary[0] not in holds_marker(WRITINGS[writing](canary[1]))]

    assert missed == []


def test_there_are_canaries_of_every_kind() -> None:
    assert {kind for kind, _ in CANARIES} == set(KINDS.values())
    assert len(CANARIES) >= 50


def test_kinds_are_named_once_and_in_order_and_without_a_value() -> None:
    content = b'["07700 900123", "ZZ9 7QX", "07700 900124", "a.b@team.example"]'

    assert holds_marker(content) == [Kind.EMAIL, Kind.PHONE, Kind.POSTCODE]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"authority": "E08000007", "release": "2026Q3", "as_of": "2026Q2", "shown": "c", "count": 1235}',
        b'{"forms": "sexual_and_criminal", "age_band": "10_13", "plan_items": "1_to_3", "late": "late_up_to_14_days"}',
        b'{"@context": "http://www.w3.org/ns/csvw", "@type": "Table", "url": "https://hub.example/2026Q3/t01.csv#row"}',
        b"E08000007,2026Q3,at_risk,c,c,15,20,25\nE08000008,2026Q3,at_risk,c,10,15,20,25\n",
        b"2026-11-20T09:00:00+00:00 and 20261120T090000Z, version 1.12.0, 95.5 %, 1790000001.25",
        "Figures under 10 are shown as “c”. Others are rounded to 5.".encode("utf-16"),
        b"\x00\xff\xfe\x00" * 20,
    ],
)
def test_what_a_release_is_made_of_is_silent(content: bytes) -> None:
    assert holds_marker(content) == []


def test_digests_keys_and_signatures_are_silent() -> None:
    chance = random.Random(20261123)
    found = [content for content in (_release(chance) for _ in range(1_000)) if holds_marker(content)]

    assert found == []


def _release(chance: random.Random) -> bytes:
    release = {
        "id": str(uuid.UUID(int=chance.getrandbits(128))),
        "sha256": chance.randbytes(32).hex(),
        "key": base64.urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("="),
        "signature": base64.b64encode(chance.randbytes(64)).decode(),
        "cells": [{"authority": f"E0800000{number}", "shown": chance.randrange(10, 4_000)} for number in range(10)],
    }
    return json.dumps(release).encode()


def test_it_needs_the_standard_library_only_and_no_other_part_of_the_service() -> None:
    said = "import sys, service.domain.deidentify.outgoing; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = {name for name in done.stdout.split() if name.startswith("service")}

    assert ours == {
        "service",
        "service.domain",
        "service.domain.deidentify",
        "service.domain.deidentify.disguises",
        "service.domain.deidentify.finding",
        "service.domain.deidentify.outgoing",
        "service.domain.text",
        "service.domain.text.identifiers",
    }
