"""Draws the share of cells shown by size of cohort. Needs matplotlib, which is in requirements/bench only.

`python -m tests.intruder.plot FILE` draws what a run kept with `--json FILE`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.intruder.keeping import read
from tests.intruder.report import SEEN, shares
from tests.intruder.run import Result

FILE = Path(__file__).parents[2] / "docs" / "intruder.svg"


def can_draw() -> bool:
    """Whether matplotlib is installed: to be known before a run of hours."""
    return find_spec("matplotlib") is not None


def draw(results: Sequence[Result], into: Path = FILE) -> Path:
    """Raises `ImportError` where matplotlib is not installed."""
    import matplotlib  # not everybody has it
    from matplotlib.figure import Figure

    matplotlib.rcParams |= {"svg.hashsalt": "intruder", "font.size": 9, "svg.fonttype": "none"}
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes, by_size = figure.subplots(), shares(results)
    for kind in SEEN:
        axes.plot(list(by_size), [100 * each[kind] for each in by_size.values()], marker="o", label=kind)
    axes.set_xscale("log")
    axes.set_xticks(list(by_size), [str(size) for size in by_size])
    axes.set_xlabel("young people in the region")
    axes.set_ylabel("% of cells that show a figure")
    axes.set_ylim(0, 100)
    axes.legend()
    figure.savefig(into, metadata={"Date": None})
    return into


if __name__ == "__main__":
    draw(read(Path(sys.argv[1])))
