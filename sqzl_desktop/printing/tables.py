"""表格: ruled tables for forms, one strip per row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqzl_desktop.printing import blocks
from sqzl_desktop.printing.blocks import Measure
from sqzl_desktop.printing.fonts import FontSet, Role
from sqzl_desktop.printing.ink import Mark, Rule, Run, Span
from sqzl_desktop.printing.page import WIDTH, Strip

_SIZE = 14.0
_LEADING = 20.0
_PADDING = 5.0
_ROW = 32.0  # a row to write in by hand is never lower


@dataclass(frozen=True)
class Cell:
    """The text of a cell and the type it is set in."""

    text: str
    role: Role = Role.BODY


def grid(
    rows: Sequence[tuple[str, str]], fonts: FontSet, *, label_share: float = 0.22
) -> tuple[Strip, ...]:
    """Labels in 黑体 with their values beside them."""
    cells = [(Cell(label, Role.HEI), Cell(value)) for label, value in rows]
    return _ruled(cells, (label_share, 1 - label_share), fonts)


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    fonts: FontSet,
    *,
    shares: Sequence[float],
) -> tuple[Strip, ...]:
    """A plain table; `shares` of the width go to its columns and add up to one."""
    head = [Cell(heading, Role.HEI) for heading in headings]
    strips = _ruled([head, *([Cell(text) for text in row] for row in rows)], shares, fonts)
    return (replace(strips[0], keeps_next=True), *strips[1:])


def _ruled(
    rows: Sequence[Sequence[Cell]], shares: Sequence[float], fonts: FontSet
) -> tuple[Strip, ...]:
    edges = [WIDTH * sum(shares[:count]) for count in range(len(shares) + 1)]
    return tuple(_row(cells, edges, fonts) for cells in rows)


def _row(cells: Sequence[Cell], edges: Sequence[float], fonts: FontSet) -> Strip:
    columns = [
        _column(cell, left + _PADDING, right - left - 2 * _PADDING, fonts)
        for cell, (left, right) in zip(cells, pairwise(edges), strict=True)
    ]
    height = max(_ROW, *(len(rows) * _LEADING + 2 * _PADDING for rows in columns))
    marks: list[Mark] = [Rule(edge, 0, edge, height) for edge in edges]
    # Each row carries both its rules, so that a table cut by a page end is closed on both pages.
    marks += [Rule(edges[0], y, edges[-1], y) for y in (0.0, height)]
    for rows in columns:
        top = (height - len(rows) * _LEADING) / 2
        for number, runs in enumerate(rows):
            marks += [replace(run, y=run.y + top + number * _LEADING) for run in runs]
    return Strip(tuple(marks), height)


def _column(cell: Cell, left: float, width: float, fonts: FontSet) -> list[list[Run]]:
    measure = Measure(left=left, cells=width / _SIZE, size=_SIZE, pitch=_SIZE, leading=_LEADING)
    return [
        [mark for mark in strip.marks if isinstance(mark, Run)]
        for part in cell.text.splitlines() or [""]
        for strip in blocks.lines([Span(part, cell.role)], fonts, measure)
    ]
