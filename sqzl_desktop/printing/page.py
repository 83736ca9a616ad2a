"""版面: the A4 page of GB/T 9704 and how strips of lines are spread over pages."""

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sqzl_desktop.printing import ink
from sqzl_desktop.printing.fonts import FontSet, Role, load
from sqzl_desktop.printing.ink import Mark, Span
from sqzl_desktop.printing.text import Place, clean

LEFT, TOP = 28 * mm, 37 * mm
WIDTH, HEIGHT = 156 * mm, 225 * mm
COLUMNS, ROWS = 28, 22
SIZE = 16.0
# 28 characters of 16 pt are 448 pt, the type area is 442.2 pt: the standard asks for both, so
# every cell is 0.2 pt narrower than its character, as word processors do on a character grid.
PITCH = WIDTH / COLUMNS
LEADING = HEIGHT / ROWS
NUMBER_SIZE = 14.0
_NUMBER_GAP = 7 * mm

# A font keeps its reading position and the subsets of open documents in the font object.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Strip:
    """A horizontal piece of the page that is never cut: a line of text, a row of a table."""

    marks: tuple[Mark, ...] = ()
    height: float = LEADING
    keeps_next: bool = False
    starts_page: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it is only space, which is dropped at the top of a page."""
        return not self.marks


@dataclass(frozen=True)
class Frame:
    """Where the strips stand on A4: how far from the upper edge, and how high, in points."""

    top: float
    height: float


OFFICIAL = Frame(TOP, HEIGHT)
# Sheets that are filled in and filed are no official documents: more of the page is theirs.
WORKING = Frame(18 * mm, 262 * mm)


@dataclass(frozen=True)
class Imprint:
    """What the file says about itself."""

    title: str
    author: str
    subject: str = ""


def keep_tail(strips: Sequence[Strip], *, lines: int) -> tuple[Strip, ...]:
    """The strips with their last `lines` lines tied together and to whatever follows."""
    tied = list(strips)
    left = lines
    for at in range(len(tied) - 1, -1, -1):
        if left <= 0:
            break
        left -= not tied[at].is_blank
        tied[at] = replace(tied[at], keeps_next=True)
    return tuple(tied)


def paginate(strips: Sequence[Strip], *, height: float = HEIGHT) -> tuple[tuple[Strip, ...], ...]:
    """Spread strips over pages, keeping tied ones on one page as long as a page can hold them."""
    pages: list[list[Strip]] = [[]]
    room = height
    for group in _groups(strips):
        needed = sum(strip.height for strip in group)
        if group[0].starts_page and pages[-1]:
            pages.append([])
            room = height
        if needed > room + 0.01 and pages[-1] and needed <= height:
            pages.append([])
            room = height
        for strip in group:
            if strip.height > room + 0.01 and pages[-1]:
                pages.append([])
                room = height
            if strip.is_blank and not pages[-1]:
                continue
            pages[-1].append(strip)
            room -= strip.height
    return tuple(tuple(page) for page in pages if page) or ((),)


def _groups(strips: Sequence[Strip]) -> list[list[Strip]]:
    groups: list[list[Strip]] = [[]]
    for strip in strips:
        if strip.starts_page:
            groups.append([])
        groups[-1].append(strip)
        if not strip.keeps_next:
            groups.append([])
    return [group for group in groups if group]


def compose(
    strips: Sequence[Strip], imprint: Imprint, fonts: FontSet, frame: Frame = OFFICIAL
) -> bytes:
    """The finished PDF; equal strips give equal bytes."""
    with _one_at_a_time:
        target = io.BytesIO()
        canvas = _blank_canvas(target, fonts, A4)
        _sign(canvas, imprint)
        for number, page in enumerate(paginate(strips, height=frame.height), start=1):
            _paint_page(canvas, page, page_number(number, fonts, frame), frame)
        canvas.save()
        return target.getvalue()


def compose_sheets(
    sheets: Sequence[Sequence[Mark]], size: tuple[float, float], imprint: Imprint, fonts: FontSet
) -> bytes:
    """Pages that are drawn freely, of any size in points; marks count from the upper left."""
    with _one_at_a_time:
        target = io.BytesIO()
        canvas = _blank_canvas(target, fonts, size)
        _sign(canvas, imprint)
        for marks in sheets:
            ink.paint(canvas, marks, left=0, top=size[1])
            canvas.showPage()
        canvas.save()
        return target.getvalue()


def _sign(canvas: Canvas, imprint: Imprint) -> None:
    canvas.setTitle(clean(imprint.title).replace("\n", ""))
    canvas.setAuthor(clean(imprint.author).replace("\n", ""))
    canvas.setSubject(clean(imprint.subject).replace("\n", ""))
    canvas.setCreator("社区治理")
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _blank_canvas(target: io.BytesIO, fonts: FontSet, size: tuple[float, float]) -> Canvas:
    # Every page names its first font; the library's own choice is one that is not embedded.
    first = load(fonts.chain(Role.SONG)[0]).name
    return Canvas(
        target, pagesize=size, pageCompression=1, invariant=1, lang="zh-CN", initialFontName=first
    )


def _paint_page(canvas: Canvas, page: Sequence[Strip], folio: Sequence[Mark], frame: Frame) -> None:
    below = A4[1] - frame.top
    for strip in page:
        ink.paint(canvas, strip.marks, left=LEFT, top=below)
        below -= strip.height
    ink.paint(canvas, folio, left=LEFT, top=A4[1] - frame.top)
    canvas.showPage()


def page_number(number: int, fonts: FontSet, frame: Frame = OFFICIAL) -> tuple[Mark, ...]:
    """“— 1 —” with its dashes 7 mm below the type area: odd pages right, even pages left."""
    copy = ink.copy_of([Span(f"— {number} —", Role.SONG)], fonts)
    # One character in from the edge, a character of the page number's own size.
    x = NUMBER_SIZE if number % 2 == 0 else WIDTH - NUMBER_SIZE * (1 + copy.width)
    places = [Place(width) for width in copy.widths]
    y = frame.height + _NUMBER_GAP + 0.35 * NUMBER_SIZE
    return ink.runs(copy.glyphs, places, at=(x, y), size=NUMBER_SIZE, pitch=NUMBER_SIZE)
