"""The straight lines and filled areas of a PDF page, in points from its lower left corner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pikepdf


@dataclass(frozen=True)
class Shape:
    """What a line or an area covers; `line` is the width of a line and 0 for an area, `grey` its colour, 0 is black."""

    left: float
    bottom: float
    right: float
    top: float
    line: float
    grey: float


@dataclass(frozen=True)
class _State:
    matrix: pikepdf.Matrix
    line: float = 1.0
    stroke: float = 0.0
    fill: float = 0.0


def shapes(page: pikepdf.Page) -> Iterator[Shape]:
    """Each straight segment that is drawn, and what each filled path covers. Colours are read as greys."""
    state, saved = _State(pikepdf.Matrix()), list[_State]()
    points: list[tuple[float, float]] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            saved.append(state)
        elif name == "Q":
            state = saved.pop()
        elif name in ("m", "l"):
            here = state.matrix.transform((float(operands[0]), float(operands[1])))
            points = [here] if name == "m" else [*points, here]
        elif name == "S":
            for one, other in pairwise(points):
                yield _covered([one, other], state.line, state.stroke)
        elif name == "f":
            yield _covered(points, 0, state.fill)
        else:
            state = _changed(state, name, operands)


def _changed(state: _State, name: str, operands: pikepdf.Object) -> _State:
    match name:
        case "cm":
            return replace(state, matrix=pikepdf.Matrix(*map(float, operands)) @ state.matrix)
        case "w":
            return replace(state, line=float(operands[0]))
        case "scn":
            return replace(state, fill=float(operands[0]))
        case "SCN":
            return replace(state, stroke=float(operands[0]))
        case _:
            return state


def _covered(points: list[tuple[float, float]], line: float, grey: float) -> Shape:
    across, up = zip(*points, strict=True)
    return Shape(min(across), min(up), max(across), max(up), line, grey)
