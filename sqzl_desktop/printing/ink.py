"""墨: what stands on a page, as plain values, and the one place where text becomes glyphs.

Coordinates are points from the left edge of the type area and downwards from the top of the
strip a thing belongs to.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reportlab.lib.colors import HexColor, black
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sqzl_desktop.printing import fonts, text
from sqzl_desktop.printing.fonts import FontSet, Glyph, Role
from sqzl_desktop.printing.text import Place


@dataclass(frozen=True)
class Run:
    """Characters drawn in one go with one font; `spacing` is added after each."""

    x: float
    y: float
    font: str
    size: float
    text: str
    spacing: float


@dataclass(frozen=True)
class Rule:
    """A straight line, dashed if asked."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.7
    is_dashed: bool = False


@dataclass(frozen=True)
class Bar:
    """A filled rectangle, black as in a QR code where no other colour is given."""

    x: float
    y: float
    width: float
    height: float
    colour: str = "#000000"


@dataclass(frozen=True)
class Ring:
    """A thin dashed circle: where a seal goes, never a seal."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Picture:
    """A photo in the lower left of its rectangle, as large as fits without being stretched."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes = field(repr=False)


Mark = Run | Rule | Bar | Ring | Picture
_SAME_PLACE = 0.01


@dataclass(frozen=True)
class Span:
    """Text as people wrote it, with the kind of type it is to be set in."""

    text: str
    role: Role = Role.BODY


@dataclass(frozen=True)
class Copy:
    """Clean text with its glyphs, ready to be broken into lines."""

    text: str
    glyphs: tuple[Glyph, ...]

    @property
    def widths(self) -> tuple[float, ...]:
        """The width of each character in cells."""
        return tuple(glyph.cell for glyph in self.glyphs)

    @property
    def width(self) -> float:
        """The width of it all in cells."""
        return sum(self.widths)


def copy_of(spans: Sequence[Span], font_set: FontSet) -> Copy:
    """The only way text gets on paper: cleaned, then matched with fonts; never parsed."""
    cleaned = [(text.clean(span.text).replace("\n", " "), span.role) for span in spans]
    glyphs = tuple(
        glyph for words, role in cleaned for glyph in fonts.glyphs(words, role, font_set)
    )
    return Copy("".join(words for words, _ in cleaned), glyphs)


def runs(
    glyphs: Sequence[Glyph],
    places: Sequence[Place],
    *,
    at: tuple[float, float],
    size: float,
    pitch: float,
) -> tuple[Run, ...]:
    """One line of glyphs from its left end, joined to as few runs as its spacing allows."""
    x, y = at
    pen = x
    done: list[Run] = []
    for glyph, place in zip(glyphs, places, strict=True):
        start = x + (place.shift + glyph.shift) * pitch
        spacing = round(place.advance * pitch - glyph.natural * size, 4)
        piece = Run(start, y, glyph.font, size, glyph.char, spacing)
        if done and abs(start - pen) < _SAME_PLACE and _matches(done[-1], piece):
            done[-1] = replace(done[-1], text=done[-1].text + glyph.char)
        else:
            done.append(piece)
        pen = start + place.advance * pitch
        x += place.advance * pitch
    return tuple(done)


def _matches(last: Run, piece: Run) -> bool:
    return last.font == piece.font and last.spacing == piece.spacing


def paint(canvas: Canvas, marks: Sequence[Mark], *, left: float, top: float) -> None:
    """Draw marks on a canvas whose y axis points upwards."""
    for mark in marks:
        match mark:
            case Run():
                _paint_run(canvas, mark, left, top)
            case Rule():
                canvas.setLineWidth(mark.width)
                canvas.setDash(*((4, 3) if mark.is_dashed else ()))
                canvas.line(left + mark.x1, top - mark.y1, left + mark.x2, top - mark.y2)
            case Bar():
                y = top - mark.y - mark.height
                canvas.setFillColor(HexColor(mark.colour))
                canvas.rect(left + mark.x, y, mark.width, mark.height, stroke=0, fill=1)
                canvas.setFillColor(black)
            case Ring():
                canvas.setLineWidth(0.4)
                canvas.setDash(2, 3)
                canvas.circle(left + mark.x, top - mark.y, mark.radius)
            case Picture():
                _paint_picture(canvas, mark, left, top)


def _paint_run(canvas: Canvas, run: Run, left: float, top: float) -> None:
    line = canvas.beginText(left + run.x, top - run.y)
    line.setFont(run.font, run.size)
    line.setCharSpace(run.spacing)
    line.textOut(run.text)
    canvas.drawText(line)


def _paint_picture(canvas: Canvas, picture: Picture, left: float, top: float) -> None:
    canvas.drawImage(
        ImageReader(io.BytesIO(picture.jpeg)),
        left + picture.x,
        top - picture.y - picture.height,
        picture.width,
        picture.height,
        preserveAspectRatio=True,
        anchor="sw",
    )


def bars(rows: Sequence[Sequence[int]], *, at: tuple[float, float], side: float) -> Iterator[Bar]:
    """A matrix of modules as horizontal bars, dark neighbours joined."""
    step = side / len(rows)
    for number, row in enumerate(rows):
        start = None
        for column, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                width = (column - start) * step
                yield Bar(at[0] + start * step, at[1] + number * step, width, step)
                start = None
