"""`python -m bench.plot [FILE.svg]`: draws what `python -m bench.same_job` kept, beside it when no file is named."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.same_job import KEPT

AIMS = {"in /s": 1000, "delivered /s": 900}
"""Without the document, two cores."""
IN, OUT, YARDSTICK, MEMORY = "#2f6f8f", "#b5651d", "#9a9a9a", "#5a4a8a"


def main() -> None:
    """Draws, and says where."""
    matplotlib.rcParams |= {"svg.hashsalt": "same-job", "font.size": 9, "svg.fonttype": "none"}
    rows = json.loads(KEPT.read_text("utf-8"))
    figure = Figure(figsize=(11, 4.6), layout="constrained")
    rates, backlog = figure.subplots(1, 2, width_ratios=(3, 2))
    _rates(rates, rows)
    _backlog(backlog, rows)
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else KEPT.with_suffix(".svg")
    figure.savefig(into, metadata={"Date": None})
    print(f"Drawn: {into}")


def _rates(axes: Axes, rows: list[dict[str, Any]]) -> None:
    """Each row's rates on one scale with the yardsticks; a logarithmic one, for they lie far apart."""
    bars = [(row["what"], name, row[name]) for row in rows for name in AIMS if name in row]
    for place, (what, name, rate) in enumerate(reversed(bars)):
        color = YARDSTICK if what.startswith("yardstick") else IN if name == "in /s" else OUT
        axes.barh(place, rate, color=color)
        axes.text(rate * 1.08, place, f"{rate:,.0f}", va="center")
    axes.set_yticks(range(len(bars)), [f"{what.removeprefix('yardstick: ')}, {name}" for what, name, _ in bars[::-1]])
    for name, aim in AIMS.items():
        axes.axvline(aim, color=IN if name == "in /s" else OUT, linestyle=":", label=f"aim, {name}")
    axes.set_xscale("log")
    axes.set_xlim(1, 10_000)
    axes.set_xlabel("a second")
    axes.legend(loc="lower right")


def _backlog(axes: Axes, rows: list[dict[str, Any]]) -> None:
    (row,) = [each for each in rows if each["what"].startswith("backlog")]
    seconds, left, megabytes = zip(*row["curve"], strict=True)
    axes.plot(seconds, left, color=OUT)
    axes.set_xlabel("seconds")
    axes.set_ylabel("open deliveries", color=OUT)
    axes.set_title(row["what"])
    memory = axes.twinx()
    memory.plot(seconds, megabytes, color=MEMORY)
    memory.set_ylabel("MB of web and worker", color=MEMORY)
    for each in (axes, memory):
        each.set_ylim(bottom=0)


if __name__ == "__main__":
    main()
