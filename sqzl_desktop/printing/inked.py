"""图上墨: the shapes of a chart as marks on paper."""

from collections.abc import Iterator

from sqzl_desktop.printing import charts, ink
from sqzl_desktop.printing.fonts import FontSet, Role
from sqzl_desktop.printing.ink import Bar, Mark, Rule, Span
from sqzl_desktop.printing.text import Place


def drawn(mark: charts.Mark, left: float, fonts: FontSet) -> Iterator[Mark]:
    """A shape of a chart that stands `left` points from the left."""
    match mark:
        case charts.Box():
            yield Bar(left + mark.x, mark.y, mark.width, mark.height, mark.colour)
        case charts.Thread():
            yield Rule(left + mark.x, mark.y, left + mark.x + mark.width, mark.y, 0.3)
        case charts.Words():
            yield from _words(mark, left, fonts)


def _words(mark: charts.Words, left: float, fonts: FontSet) -> Iterator[Mark]:
    copy = ink.copy_of([Span(mark.text, Role.SONG)], fonts)
    width = copy.width * mark.size
    back = {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
    places = [Place(each) for each in copy.widths]
    at = (left + mark.x - back, mark.y + 0.36 * mark.size)
    yield from ink.runs(copy.glyphs, places, at=at, size=mark.size, pitch=mark.size)
