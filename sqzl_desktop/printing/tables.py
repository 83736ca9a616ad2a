"""表格: ruled tables for forms, a strip for a row; a very high row is several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqzl_desktop.printing import blocks, ink
from sqzl_desktop.printing.blocks import Measure
from sqzl_desktop.printing.fonts import FontSet, Role
from sqzl_desktop.printing.ink import Mark, Rule, Run, Span
from sqzl_desktop.printing.page import WIDTH, Strip

_LINES_TOGETHER = 8  # a cell with more lines may be cut by the end of a page


@dataclass(frozen=True)
class Look:
    """The type of a table in points; a row to write in by hand is never lower than `row`."""

    size: float = 14.0
    leading: float = 20.0
    padding: float = 5.0
    row: float = 32.0


WIDE = Look()
CLOSE = Look(11.0, 14.0, 3.0, 20.0)
FINE = Look(9.0, 12.0, 3.0, 17.0)


@dataclass(frozen=True)
class Cell:
    """The text of a cell and the type it is set in.

    `place` is where a text of one line stands: 0 left, 0.5 in the middle, 1 right. `least` is
    how high the cell is at least.
    """

    text: str
    role: Role = Role.BODY
    place: float = 0.0
    least: float = 0.0


@dataclass(frozen=True)
class Row:
    """Cells beside each other; `shares` of the width go to them and add up to one."""

    cells: tuple[Cell, ...]
    shares: tuple[float, ...]


def grid(
    rows: Sequence[tuple[str, str]],
    fonts: FontSet,
    *,
    label_share: float = 0.22,
    look: Look = WIDE,
) -> tuple[Strip, ...]:
    """Labels in 黑体 with their values beside them."""
    shares = (label_share, 1 - label_share)
    return ruled(
        [Row((Cell(label, Role.HEI), Cell(value)), shares) for label, value in rows], fonts, look
    )


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | Cell]],
    fonts: FontSet,
    *,
    shares: Sequence[float],
    look: Look = WIDE,
) -> tuple[Strip, ...]:
    """A plain table; `shares` of the width go to its columns and add up to one."""
    head = Row(tuple(Cell(heading, Role.HEI) for heading in headings), tuple(shares))
    body = [
        Row(tuple(each if isinstance(each, Cell) else Cell(each) for each in row), tuple(shares))
        for row in rows
    ]
    strips = ruled([head, *body], fonts, look)
    return (replace(strips[0], keeps_next=True), *strips[1:])


def fields(
    rows: Sequence[Sequence[tuple[str, str]]], fonts: FontSet, *, look: Look = CLOSE
) -> tuple[Strip, ...]:
    """One or two labels with their values in a row, under each other."""
    return ruled([field_row(*pairs) for pairs in rows], fonts, look)


def field_row(*pairs: tuple[str, str | Cell]) -> Row:
    """A row of labels with their values, the label columns under each other."""
    label = 0.15
    share = 1 / len(pairs) - label
    cells: list[Cell] = []
    for name, value in pairs:
        cells.append(Cell(name, Role.HEI, place=0.5))
        cells.append(value if isinstance(value, Cell) else Cell(value))
    return Row(tuple(cells), (label, share) * len(pairs))


def ruled(rows: Sequence[Row], fonts: FontSet, look: Look = CLOSE) -> tuple[Strip, ...]:
    """Rows of their own columns each."""
    return tuple(strip for row in rows for strip in _row(row, fonts, look))


def _row(row: Row, fonts: FontSet, look: Look) -> tuple[Strip, ...]:
    edges = [WIDTH * sum(row.shares[:count]) for count in range(len(row.shares) + 1)]
    columns = [
        _column(cell, left + look.padding, right - left - 2 * look.padding, fonts, look)
        for cell, (left, right) in zip(row.cells, pairwise(edges), strict=True)
    ]
    least = max(look.row, *(cell.least for cell in row.cells))
    most = max(map(len, columns))
    starts = range(0, max(most, 1), _LINES_TOGETHER)
    pieces = []
    for at in starts:
        # Each row carries both its rules, so that a table cut by a page end is closed on both
        # pages; the pieces of a very high row have nothing between them.
        parts = [rows[at : at + _LINES_TOGETHER] for rows in columns]
        above, below = look.padding * (at == 0), look.padding * (at == starts[-1])
        height = max(len(rows) * look.leading for rows in parts) + above + below
        height = max(height, least) if len(starts) == 1 else height
        rules = [0.0] * (at == 0) + [height] * (at == starts[-1])
        marks: list[Mark] = [Rule(edge, 0, edge, height) for edge in edges]
        marks += [Rule(edges[0], y, edges[-1], y) for y in rules]
        written = _written(parts, (above, height - below), look)
        pieces.append(Strip((*marks, *written), height))
    return tuple(pieces)


def _written(
    columns: Sequence[Sequence[Sequence[Run]]], room: tuple[float, float], look: Look
) -> Iterator[Run]:
    for rows in columns:
        top = (sum(room) - len(rows) * look.leading) / 2
        for number, runs in enumerate(rows):
            yield from (replace(run, y=run.y + top + number * look.leading) for run in runs)


def _column(cell: Cell, left: float, width: float, fonts: FontSet, look: Look) -> list[list[Run]]:
    size = look.size
    measure = Measure(left=left, cells=width / size, size=size, pitch=size, leading=look.leading)
    return [
        [mark for mark in strip.marks if isinstance(mark, Run)]
        for part in cell.text.splitlines() or [""]
        for strip in blocks.lines(
            [Span(part, cell.role)], fonts, _placed(cell, part, measure, fonts)
        )
    ]


def _placed(cell: Cell, part: str, measure: Measure, fonts: FontSet) -> Measure:
    spare = measure.cells - ink.copy_of([Span(part, cell.role)], fonts).width if cell.place else 0
    if spare <= 0:
        return measure
    moved = spare * cell.place
    return replace(measure, left=measure.left + moved * measure.pitch, cells=measure.cells - moved)
