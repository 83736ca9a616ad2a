"""版块: the parts official papers are made of, each as strips on the page grid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import segno

from sqzl_desktop.printing import ink
from sqzl_desktop.printing.fonts import FontSet, Role
from sqzl_desktop.printing.ink import Copy, Mark, Ring, Rule, Run, Span
from sqzl_desktop.printing.page import COLUMNS, LEADING, PITCH, SIZE, WIDTH, Strip
from sqzl_desktop.printing.text import Line, break_lines, justify
from sqzl_desktop.printing.title import break_title

BLANK = Strip()
TITLE_SIZE = 22.0
SMALL_SIZE = 12.0
_SEAL_RADIUS = 59.5  # a residents' committee's seal is 42 mm wide
_QR_SIDE = 56.0
_QR_QUIET = 8.0  # white below the code; with the leading of its label, the four modules asked for
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Measure:
    """The column and type in which lines are set."""

    left: float = 0.0
    cells: float = COLUMNS
    size: float = SIZE
    pitch: float = PITCH
    leading: float = LEADING
    indent: float = 0.0

    @property
    def baseline(self) -> float:
        """From the top of a line down to where its characters stand."""
        return (self.leading - self.size) / 2 + 0.86 * self.size


BODY = Measure(indent=2)
FLUSH = Measure()


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 23 → 二十三: the numbers of headings."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (_NUMERALS[ones - 1] if ones else "")


def title(words: str, fonts: FontSet) -> tuple[Strip, ...]:
    """The title, 22 pt, centred, with the blank line that follows it."""
    leading = LEADING * 1.2
    strips = [
        Strip(_centred(line, Role.TITLE, TITLE_SIZE, leading, fonts), leading, keeps_next=True)
        for line in break_title(words, int(WIDTH // TITLE_SIZE))
    ]
    used = leading * len(strips)
    # What follows stands on the grid of 22 lines again.
    rest = -(-(used + 0.6 * LEADING) // LEADING) * LEADING - used
    return (*strips, Strip(height=rest, keeps_next=True))


def _centred(
    words: str, role: Role, size: float, leading: float, fonts: FontSet
) -> tuple[Mark, ...]:
    copy = ink.copy_of([Span(words, role)], fonts)
    x = (WIDTH - copy.width * size) / 2
    return _set(copy, Measure(left=x, size=size, pitch=size, leading=leading))


def _set(copy: Copy, measure: Measure) -> tuple[Run, ...]:
    line = Line(0, len(copy.text), is_last=True)
    return _line_runs(copy, line, measure, measure.cells, measure.left)


def _line_runs(
    copy: Copy, line: Line, measure: Measure, limit: float, left: float
) -> tuple[Run, ...]:
    places = justify(copy.text, copy.widths, line, limit=limit)
    part = copy.glyphs[line.start : line.end]
    at = (left, measure.baseline)
    return ink.runs(part, places, at=at, size=measure.size, pitch=measure.pitch)


def lines(spans: Sequence[Span], fonts: FontSet, measure: Measure = BODY) -> tuple[Strip, ...]:
    """One paragraph, broken and justified."""
    copy = ink.copy_of(spans, fonts)
    cut = break_lines(copy.text, copy.widths, limit=measure.cells, indent=measure.indent)
    strips = []
    for line in cut:
        inset = measure.indent if line.start == 0 else 0.0
        left = measure.left + inset * measure.pitch
        marks = _line_runs(copy, line, measure, measure.cells - inset, left)
        strips.append(Strip(marks, measure.leading))
    return tuple(strips)


def paragraphs(words: str, fonts: FontSet) -> tuple[Strip, ...]:
    """Body text; each line end of the author starts a paragraph."""
    parts = [part.strip() for part in words.splitlines()]
    return tuple(strip for part in parts if part for strip in lines([Span(part)], fonts))


def section(number: int, heading: str, words: str, fonts: FontSet) -> tuple[Strip, ...]:
    """A first-level point: “一、议题：” in 黑体, its first paragraph running on in 仿宋."""
    first, *others = [part for part in words.splitlines() if part.strip()] or [""]
    lead = Span(f"{numeral(number)}、{heading}：", Role.HEI)
    strips = lines([lead, Span(first.strip())], fonts)
    return strips + tuple(strip for part in others for strip in paragraphs(part, fonts))


def point(number: int, words: str, fonts: FontSet) -> tuple[Strip, ...]:
    """A second-level point: “（一）” and its opening words in 楷体, the rest in 仿宋."""
    ends = [at for at in (words.find("："), words.find("。")) if at >= 0]
    cut = min(ends) + 1 if ends else len(words)
    lead = Span(f"（{numeral(number)}）{words[:cut]}", Role.KAI)
    return lines([lead, Span(words[cut:])], fonts)


def addressees(names: Sequence[str], fonts: FontSet) -> tuple[Strip, ...]:
    """主送: flush left, ended by a full-width colon."""
    return lines([Span("、".join(names) + "：")], fonts, FLUSH)


def number_line(words: str, fonts: FontSet) -> tuple[Strip, ...]:
    """The paper's number, small and to the right, above the title."""
    copy = ink.copy_of([Span(words)], fonts)
    size = SMALL_SIZE + 2
    left = max(0.0, WIDTH - copy.width * size)
    return (Strip(_set(copy, Measure(left=left, size=size, pitch=size)), keeps_next=True),)


def attachments(names: Sequence[str], fonts: FontSet) -> tuple[Strip, ...]:
    """附件说明, one line below the text: names hang under each other, without end punctuation."""
    strips: list[Strip] = [BLANK] if names else []
    for number, name in enumerate(names, start=1):
        label = "附件：" if number == 1 else ""
        mark = f"{number}. " if len(names) > 1 else ""
        hang = 5.0 + (ink.copy_of([Span(mark)], fonts).width if mark else 0.0)
        column = Measure(left=hang * PITCH, cells=COLUMNS - hang)
        rows = lines([Span(name)], fonts, column)
        head = _set(ink.copy_of([Span(label)], fonts), Measure(left=2 * PITCH))
        tick = _set(ink.copy_of([Span(mark)], fonts), Measure(left=5 * PITCH))
        strips += [Strip((*head, *tick, *rows[0].marks)), *rows[1:]]
    return tuple(strips)


def signature(
    issuer: str, issued_on: str, fonts: FontSet, *, beside: Sequence[Mark] = (), shows_ring: bool
) -> tuple[Strip, ...]:
    """署名 centred over its date, with room for the seal, as one piece that is never split."""
    names = [_plain(line, fonts) for line in break_title(issuer, 20)]
    day = _plain(issued_on, fonts)
    widest = max(copy.width for copy in names)
    # The date keeps four characters free on its right; a long name moves both to the left.
    centre = min(COLUMNS - 4 - day.width / 2, COLUMNS - 2 - widest / 2)
    head = 2 * LEADING
    marks: list[Mark] = list(beside)
    for row, copy in enumerate([*names, day]):
        left = (centre - copy.width / 2) * PITCH
        placed = _set(copy, Measure(left=left))
        marks += [replace(run, y=run.y + head + row * LEADING) for run in placed]
    if shows_ring:
        marks += _ring(centre * PITCH, head + len(names) * LEADING, fonts)
    return (Strip(tuple(marks), head + (len(names) + 2) * LEADING),)


def _ring(x: float, y: float, fonts: FontSet) -> list[Mark]:
    hint = _plain("盖章处", fonts)
    left = x - hint.width * SMALL_SIZE / 2
    measure = Measure(left=left, size=SMALL_SIZE, pitch=SMALL_SIZE, leading=SMALL_SIZE)
    words = [
        replace(run, y=run.y + y + _SEAL_RADIUS - 1.6 * SMALL_SIZE) for run in _set(hint, measure)
    ]
    return [Ring(x, y, _SEAL_RADIUS), *words]


def _plain(words: str, fonts: FontSet) -> Copy:
    return ink.copy_of([Span(words)], fonts)


def check_mark(payload: str, code: str, fonts: FontSet) -> tuple[Mark, ...]:
    """A QR code with its short check code below, to stand at the left of the signature."""
    matrix = [list(row) for row in segno.make(payload, error="m", micro=False).matrix]
    size = 10.5
    top = 1.2 * LEADING
    label = ink.copy_of([Span(f"核对码 {code}")], fonts)
    measure = Measure(size=size, pitch=size, leading=size * 1.5)
    words = [replace(run, y=run.y + top + _QR_SIDE + _QR_QUIET) for run in _set(label, measure)]
    return (*ink.bars(matrix, at=(0.0, top), side=_QR_SIDE), *words)


def footnote(words: str, fonts: FontSet) -> tuple[Strip, ...]:
    """A small remark under a short rule."""
    measure = Measure(cells=WIDTH / SMALL_SIZE, size=SMALL_SIZE, pitch=SMALL_SIZE, leading=18.0)
    rows = lines([Span(words)], fonts, measure)
    rule = Strip((Rule(0, 4, 120, 4, 0.5),), 6.0, keeps_next=True)
    return (rule, *rows)
