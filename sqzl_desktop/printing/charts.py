"""统计图: a figure as plain shapes, the same for the screen and for paper.

Coordinates are in points from the top left. Bars lie flat, so that Chinese labels are read without
turning the head (days, which are numbers, stand upright); every bar has its number. The colours
differ for every kind of colour blindness and, as dark and light, in print without colour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqzl_desktop.domain.statistics import Figure, number

FIRST, SECOND, THIRD = "#0072b2", "#e69f00", "#999999"  # after Okabe and Ito
TEXT, SOFT, LINE = "#1f2933", "#5b6b7b", "#cbd4dc"
_COLOURS = (FIRST, SECOND, THIRD)
ROW = 1.75  # the height of a row, in the size of its words
_BAR = 0.68  # of a row
_GAP = 5.0
_COLUMN_ROWS = 5  # how high the tallest column is
_NARROW = 0.56  # the width of a digit, in its height


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Words:
    """A line of text; `y` is its middle, `x` its start, middle or end."""

    x: float
    y: float
    text: str
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    colour: str = TEXT


@dataclass(frozen=True)
class Thread:
    """A thin straight line across."""

    x: float
    y: float
    width: float


Mark = Box | Words | Thread


@dataclass(frozen=True)
class Drawing:
    """Shapes and the room they take."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def draw(figure: Figure, *, width: float, size: float) -> Drawing:
    """A figure as wide as wanted, its words of that size; a row for its legend stands above."""
    row = size * ROW
    paint = {"pyramid": _pyramid, "columns": _columns}.get(figure.shape, _bars)
    marks = tuple(paint(figure, width, size, row))
    rows = _COLUMN_ROWS + 2 + len(figure.series) if paint is _columns else len(figure.labels) + 1
    return Drawing(width, row * rows, marks)


def draw_table(figure: Figure, *, size: float) -> Drawing:
    """The table of a figure, its rows as high as those of the chart beside which it stands."""
    row, rows = size * ROW, figure.rows()
    columns = list(zip(*rows, strict=True))
    widths = [
        max(text_width(text, size) for text in (heading, *column)) + 2 * _GAP
        for heading, column in zip(figure.headings, columns, strict=True)
    ]
    width = sum(widths)
    marks: list[Mark] = []
    for place, cells in enumerate((figure.headings, *rows)):
        middle, pen = row * (place + 0.5), 0.0
        marks.append(Thread(0.0, row * place, width))
        for number_of, (text, room) in enumerate(zip(cells, widths, strict=True)):
            x = pen + room - _GAP if number_of else pen + _GAP
            marks.append(Words(x, middle, text, size, "end" if number_of else "start"))
            pen += room
    bottom = row * (len(rows) + 1)
    return Drawing(width, bottom, (*marks, Thread(0.0, bottom, width)))


def text_width(text: str, size: float) -> float:
    """About how wide a text is: Chinese characters are square, others narrower."""
    return sum(size if ord(char) > 0x2E7F else size * _NARROW for char in text)


def _label_room(labels: Sequence[str], width: float, size: float) -> float:
    widest = max((text_width(label, size) for label in labels), default=0.0)
    return min(widest, width * 0.4) + _GAP


def _shortened(label: str, room: float, size: float) -> str:
    if text_width(label, size) <= room + 0.01:
        return label
    while label and text_width(label + "…", size) > room:
        label = label[:-1]
    return label + "…"


def _bars(figure: Figure, width: float, size: float, row: float) -> Iterator[Mark]:
    several = len(figure.series) > 1
    left = _label_room(figure.labels, width, size)
    texts = [_beside(figure, place) for place in range(len(figure.labels))]
    right = max((text_width(text, size) for text in texts), default=0.0) + _GAP
    most = figure.most or max((_sum(figure, n) for n in range(len(figure.labels))), default=0)
    scale = (width - left - right - _GAP) / most if most else 0.0
    if several:
        yield from _legend(figure, left, row / 2, size)
    for place, label in enumerate(figure.labels):
        top = row * (place + 1)
        middle = top + row / 2
        yield Words(left - _GAP, middle, _shortened(label, left - _GAP, size), size, "end")
        pen = left
        for each, colour in zip(figure.series, _COLOURS, strict=False):
            length = (each.values[place] or 0) * scale
            if length > 0:
                yield Box(pen, top + row * (1 - _BAR) / 2, length, row * _BAR, colour)
            pen += length
        yield Words(pen + _GAP, middle, texts[place], size, colour=SOFT)


def _columns(figure: Figure, width: float, size: float, row: float) -> Iterator[Mark]:
    """Upright, a group for each label, such as the days of a month; the numbers stand below."""
    left = max(text_width(each.name, size) for each in figure.series) + 2 * _GAP
    step = (width - left) / max(len(figure.labels), 1)
    most = max((value or 0 for each in figure.series for value in each.values), default=0)
    scale = row * _COLUMN_ROWS / most if most else 0.0
    ground = row * (_COLUMN_ROWS + 1)
    bar = step * _BAR / len(figure.series)
    small = min(size, step / (len(f"{most}") + 0.4) / _NARROW)  # the widest number fits below
    yield from _legend(figure, left, row / 2, size)
    yield Thread(left, ground, width - left)
    for place, label in enumerate(figure.labels):
        middle = left + step * (place + 0.5)
        yield Words(middle, ground + row / 2, label, small, "middle", SOFT)
        for line, (each, colour) in enumerate(zip(figure.series, _COLOURS, strict=False)):
            value = each.values[place] or 0
            x = left + step * (place + (1 - _BAR) / 2) + bar * line
            if value:
                yield Box(x, ground - value * scale, bar, value * scale, colour)
                yield Words(middle, ground + row * (line + 1.5), f"{value}", small, "middle")
    for line, each in enumerate(figure.series):
        yield Words(left - 2 * _GAP, ground + row * (line + 1.5), each.name, size, "end")


def _beside(figure: Figure, place: int) -> str:
    """The numbers at the end of a bar, in the order of its parts."""
    return " / ".join(number(each.values[place]) for each in figure.series)


def _sum(figure: Figure, place: int) -> int:
    return sum(each.values[place] or 0 for each in figure.series)


def _legend(figure: Figure, x: float, middle: float, size: float) -> Iterator[Mark]:
    for each, colour in zip(figure.series, _COLOURS, strict=False):
        yield Box(x, middle - size * 0.45, size * 0.9, size * 0.9, colour)
        yield Words(x + size * 1.3, middle, each.name, size)
        x += size * 2.5 + text_width(each.name, size)


def _pyramid(figure: Figure, width: float, size: float, row: float) -> Iterator[Mark]:
    """The first series to the left, the second to the right of the ages."""
    left, right = figure.series[:2]
    labels = max(text_width(label, size) for label in figure.labels) + 2 * _GAP
    most = max((value or 0 for each in (left, right) for value in each.values), default=0)
    numbers = text_width(f"{most:,}", size) + _GAP
    scale = ((width - labels) / 2 - numbers - _GAP) / most if most else 0.0
    edges = (width - labels) / 2, (width + labels) / 2
    for name, x, colour, anchor in (
        (left.name, edges[0], FIRST, "end"), (right.name, edges[1], SECOND, "start"),
    ):  # fmt: skip
        away = -1 if anchor == "end" else 1
        yield Box(x - (size * 0.9 if away < 0 else 0), row / 2 - size * 0.45, size * 0.9,
                  size * 0.9, colour)  # fmt: skip
        yield Words(x + away * size * 1.3, row / 2, name, size, anchor)  # type: ignore[arg-type]
    for place, label in enumerate(figure.labels):
        top = row * (place + 1)
        middle, bar = top + row / 2, (top + row * (1 - _BAR) / 2, row * _BAR)
        yield Words(width / 2, middle, label, size, "middle")
        for each, edge, colour, away in ((left, edges[0], FIRST, -1), (right, edges[1], SECOND, 1)):
            value = each.values[place]
            length = (value or 0) * scale
            if length > 0:
                yield Box(edge - (length if away < 0 else 0), bar[0], length, bar[1], colour)
            if value != 0:
                yield Words(edge + away * (length + _GAP), middle, number(value), size,
                            "end" if away < 0 else "start", SOFT)  # fmt: skip
