"""Sample records for many deliveries at once: about young people whom the simulators know, by trained workers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import requests

from service.api.scopes import HUB, TRAINING_SCOPES
from service.clock import LondonClock
from service.configuration import policy_of, profiles
from service.demo.stack import Stack
from service.samples import Child, Setting, attendances, usual_prefix
from service.settings import ROOT

OLDHAM, STOCKPORT = "E08000004", "E08000007"

_BORN = {
    STOCKPORT: (
        "2009-02-03 2009-05-08 2009-08-10 2009-11-12 2010-02-14 2010-05-19 2010-08-04 2010-11-06 2011-02-08 2011-05-13"
        " 2011-08-15 2011-11-17 2012-02-02 2012-05-06 2012-08-08 2012-11-10 2013-02-12 2013-04-30 2013-08-02 2013-11-04"
    ),
    OLDHAM: (
        "2010-01-14 2010-03-03 2010-06-21 2010-09-09 2010-12-30 2011-02-11 2011-04-27 2011-07-05 2011-10-18 2011-12-01"
        " 2012-02-29 2012-05-16 2012-08-08 2012-10-25 2013-01-07 2013-03-19 2013-06-02 2013-08-30 2014-01-22 2014-05-11"
    ),
}
_REFERENCES = {STOCKPORT: "STK{:07}", OLDHAM: "{}"}
_FIRST = {STOCKPORT: 700, OLDHAM: 40300}

CHILDREN = {
    authority: tuple(
        Child(_REFERENCES[authority].format(number), date.fromisoformat(day))
        for number, day in enumerate(born.split(), _FIRST[authority])
    )
    for authority, born in _BORN.items()
}
"""The simulators' children for load: fictional references and dates of birth, as their seed files have them."""


def setting_of(authority: str, **more: Any) -> Setting:
    """The setting for an authority's samples today, with more of its fields where they are given."""
    profile = profiles(ROOT / "config")[authority]
    policy = policy_of(profile)
    return Setting(policy=policy, prefix=usual_prefix(policy, profile.slug), today=LondonClock().today(), **more)


def register(stack: Stack, setting: Setting) -> None:
    """A trainer of the Hub registers who attended. Without it the samples would be refused, and nothing measured."""
    trainer = stack.client(HUB, "samples trainer", TRAINING_SCOPES)
    answer = trainer.post("/v1/training-records", as_json(attendances(setting)))
    refused = [each for each in answer.json()["results"] if each["status"] >= requests.codes.bad_request]
    if refused:
        raise RuntimeError(f"The training register refused {len(refused)} of the samples' attendances: {refused[0]}")


def as_json(value: Any) -> bytes:
    """A body."""
    return json.dumps(value, ensure_ascii=False).encode()


def as_lines(records: Iterable[Any]) -> bytes:
    """A batch, one record a line."""
    return b"\n".join(as_json(each) for each in records)
