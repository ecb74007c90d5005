"""A small sound catalogue, changes to it, and the values of the few fields it uses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from service.central.catalogue import read
from service.errors import ConfigFault, ConfigurationFault

FOLDER = Path(__file__).parent
SOUND = FOLDER / "sound.yaml"
FAULTY = FOLDER / "faulty.yaml"
ALL_AT_ONCE = FOLDER / "all_at_once.yaml"
TOLD = FOLDER / "all_at_once.txt"

FIELDS = {
    "record_type": ("wise_assessment", "rise_meeting_output", "nwg_assessment"),
    "first_or_review": ("first", "review"),
    "exploitation": ("experiencing", "at_risk", "no_known_risk_or_manageable", "not_asked"),
    "sex": ("F", "M", "not_recorded"),
    "age_band": ("under_10", "10_13", "14_15", "16_17", "18_plus", "not_recorded"),
    "supervision": ("yes", "no", "not_recorded"),
    "review_timeliness": ("early", "on_time", "late", "not_recorded", "not_a_review"),
    "child_reference": ("STK0000417",),
}


@dataclass(frozen=True)
class Faulty:
    """`old` becomes `new`; `told` is all that is said then, as `line: field: what is wrong`."""

    why: str
    old: str
    new: str
    told: tuple[str, ...]

    def write(self, into: Path) -> Path:
        text = SOUND.read_text("utf-8")
        assert text.count(self.old) >= 1, "the sound catalogue has changed: correct this case"
        path = into / "sound.yaml"
        path.write_text(text.replace(self.old, self.new, 1), "utf-8")
        return path


def cases() -> list[Faulty]:
    """Every case of `faulty.yaml`."""
    return [Faulty(**{**case, "told": tuple(case["told"])}) for case in YAML(typ="safe", pure=True).load(FAULTY)]


def faults(path: Path) -> tuple[ConfigFault, ...]:
    try:
        read(path, FIELDS)
    except ConfigurationFault as caught:
        return caught.faults
    return ()


def told(fault: ConfigFault) -> str:
    return f"{fault.line}: {fault.field}: {fault.detail}"
