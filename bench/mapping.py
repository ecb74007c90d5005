"""`python -m bench.mapping`: full records mapped per second on one core, for every kind of record and mapping set.

A full record holds every field that samples ever have, and of each list the longest: no record is more work than that.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Iterator, Sequence
from functools import reduce
from statistics import median
from typing import Any

from bench.records import STOCKPORT, setting_of
from service.adapters.mapping import CompiledMapping, Files, compile_mapping, load_mapping
from service.domain.records import RECORDS
from service.errors import ConfigurationFault
from service.samples import samples
from service.settings import ROOT

KINDS = ("lcs", "mosaic")
SAMPLES_IN_ONE = 40
"""Few fields of a record are in one sample out of forty only; more change nothing."""

WANTED = 2_000
"""Records per second, the least that is enough: mapping must not be what a delivery waits for."""


def main() -> None:
    """Measures and prints."""
    options = _options()
    print(f"{platform.machine()}, one core, Python {platform.python_version()}; {options.rounds} rounds")
    for record_type in RECORDS:
        records = full_records(record_type, options.records)
        print(f"\n{record_type}: {len(json.dumps(records[0], ensure_ascii=False).encode()):,} bytes")
        for kind in options.kinds:
            _print_rate(kind, compiled(f"{kind}/{record_type}.yaml"), records, options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=25, help="different records of each type")
    parser.add_argument("--rounds", type=int, default=20, help="turns through them")
    parser.add_argument("--kinds", nargs="+", default=KINDS, help="folders of config/mappings")
    return parser.parse_args()


def full_records(record_type: str, count: int) -> list[dict[str, Any]]:
    """Different full records, the same in every run of one day."""
    made = samples(setting_of(STOCKPORT), count=count * SAMPLES_IN_ONE, seed=1, record_type=record_type)
    return [reduce(_together, run) for run in _runs(list(made))]


def _runs(made: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for first in range(0, len(made), SAMPLES_IN_ONE):
        yield made[first : first + SAMPLES_IN_ONE]


def _together(one: Any, other: Any) -> Any:
    """Both records in one: every field of either, and the longer of two lists."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**other, **{name: _together(value, other.get(name)) for name, value in one.items()}}
    if isinstance(one, list) and isinstance(other, list):
        return max(one, other, key=lambda items: len(json.dumps(items)))
    return other if one is None else one


def compiled(name: str) -> CompiledMapping:
    """The mapping `config/mappings/<name>`, ready to run."""
    files = Files(ROOT / "config")
    mapping = load_mapping(files, name)
    if mapping is None:
        raise ConfigurationFault(files.faults)
    return compile_mapping(mapping)


def _print_rate(kind: str, mapping: CompiledMapping, records: list[dict[str, Any]], rounds: int) -> None:
    answers = median(len(mapping.apply(record)) for record in records)
    rates = []
    for _ in range(rounds):
        began = time.process_time()
        for record in records:
            mapping.apply(record)
        rates.append(len(records) / (time.process_time() - began))
    enough = "" if median(rates) >= WANTED else f"   below {WANTED:,}"
    spread = f"({min(rates):,.0f} to {max(rates):,.0f})"
    print(f"  {kind:14}{median(rates):8,.0f} /s   {answers:.0f} answers   {spread}{enough}")


if __name__ == "__main__":
    main()
