"""What can be wrong with a trail, each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """Kinds of findings."""

    CHANGED = "changed"
    ENTRY_GONE = "entry_gone"
    POSITIONS_GONE = "positions_gone"
    ORDER = "order"
    TWICE = "twice"
    CUT_OFF = "cut_off"
    REWRITTEN = "rewritten"
    NOT_SEALED = "not_sealed"
    OTHER_AUTHORITY = "other_authority"
    EXPORT_CUT = "export_cut"
    LINE_UNREADABLE = "line_unreadable"
    SIGNATURE = "signature"
    CHECKPOINTS_DISAGREE = "checkpoints_disagree"
    CHECKPOINT_GONE = "checkpoint_gone"
    NO_CHECKPOINT = "no_checkpoint"
    CUT_EARLY = "cut_early"
    CUT_UNSIGNED = "cut_unsigned"


SENTENCES: Mapping[Wrong, str] = {
    Wrong.CHANGED: "the entry, or the digest beside it, is not what was sealed there",
    Wrong.ENTRY_GONE: "the entry is gone; its link is still there",
    Wrong.POSITIONS_GONE: "these positions are gone from the chain",
    Wrong.ORDER: "entries stand in another order than they were sealed in",
    Wrong.TWICE: "an entry stands in the chain a second time",
    Wrong.CUT_OFF: "the end of the chain is gone: a checkpoint had seen these positions",
    Wrong.REWRITTEN: "the chain is not the one a checkpoint had seen: somewhere in these positions it was made anew",
    Wrong.NOT_SEALED: "entries wait to be sealed for longer than they should; whoever changes them now is not seen",
    Wrong.OTHER_AUTHORITY: "the entry says that it is another authority's",
    Wrong.EXPORT_CUT: "the export has no end, or other numbers of entries than it says: it is not whole",
    Wrong.LINE_UNREADABLE: "a line of the file cannot be read",
    Wrong.SIGNATURE: "a checkpoint is not signed by any of these keys, or says something else beside its signature",
    Wrong.CHECKPOINTS_DISAGREE: "two signed checkpoints disagree about this position",
    Wrong.CHECKPOINT_GONE: "a checkpoint between these positions is missing from the file",
    Wrong.NO_CHECKPOINT: "no checkpoint of this authority was given, so that a trail made anew would not be seen",
    Wrong.CUT_EARLY: "these positions were taken away before they had been kept for six years",
    Wrong.CUT_UNSIGNED: "these positions were taken away, and no checkpoint says that the chain had come so far",
}


@dataclass(frozen=True)
class Finding:
    """`first` to `last` are positions; for what is wrong with a file, numbers of its lines; 0 where neither fits."""

    wrong: Wrong
    authority: str
    first: int = 0
    last: int = 0

    @property
    def sentence(self) -> str:
        """What is wrong and where."""
        return f"{self.authority}{self._where()}: {SENTENCES[self.wrong]}."

    def _where(self) -> str:
        if not self.first:
            return ""
        unit = "line" if self.wrong in (Wrong.LINE_UNREADABLE, Wrong.SIGNATURE) else "position"
        return f", {unit} {self.first:,}" if self.first == self.last else f", {unit}s {self.first:,} to {self.last:,}"
