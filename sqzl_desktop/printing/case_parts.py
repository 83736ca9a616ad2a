"""案件文书的共同部分: what the papers of a case say, and the parts they share.

Everything is fit for paper already: personal numbers are masked, persons are 李某某.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import segno

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.printing import blocks, ink, tables
from sqzl_desktop.printing.blocks import Measure
from sqzl_desktop.printing.fonts import FontSet, Role
from sqzl_desktop.printing.ink import Mark, Picture, Rule, Run, Span
from sqzl_desktop.printing.page import WIDTH, WORKING, Imprint, Strip, keep_tail
from sqzl_desktop.printing.tables import Cell
from sqzl_desktop.printing.title import break_title
from sqzl_desktop.printing.wording import minute

_QR = 52.0
_TITLE_ROOM = WIDTH - 2 * (_QR + 12)
_PHOTO_HEIGHT = 150.0
_LOWEST_PHOTO = 56.0
_HEADING, _CAPTION = 28.0, 27.0
_GAP = 8.0
SMALL = Measure(cells=WIDTH / 10.5, size=10.5, pitch=10.5, leading=16.0)
_RECORDED_LATE = dt.timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo made small for paper; `sha256` is of the original."""

    jpeg: bytes = field(repr=False)
    sha256: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A line of the time line. `at` is when the server had it, `made_at` what the author said."""

    label: str
    by: str
    content: str
    at: dt.datetime | None
    made_at: dt.datetime | None = None
    is_pending: bool = False


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody the case is about; `name` in full, for the sealed page only."""

    role: str
    name: str
    id_number: str
    phone: str
    address: str
    is_minor: bool


@dataclass(frozen=True, kw_only=True)
class CasePaper:
    """Everything the papers of a case say; "" and None where there is nothing to say."""

    number: str
    community: str
    title: str
    is_confirmed: bool
    printed_at: dt.datetime
    printed_by: str
    check_code: str = ""

    subject: str
    state: str
    is_dispute: bool
    class_name: str
    class_code: str
    category: str
    source: str
    urgency: str
    scale: str
    grid: str
    place: str
    coordinates: str
    facility: str
    description: str
    reporter: str
    collector: str
    reported_at: dt.datetime | None
    confirm_note: str
    filing_note: str
    filed_at: dt.datetime | None

    handler: str
    co_handlers: tuple[str, ...]
    dispatch_note: str
    closing_condition: str
    dispatched_at: dt.datetime | None
    dispatched_by: str
    due_at: dt.datetime | None
    due_before: dt.datetime | None
    extension: str
    pauses: tuple[str, ...]
    returns: tuple[str, ...]
    reworks: tuple[str, ...]
    urges: tuple[str, ...]

    measures: str
    handled_by: str
    feedback: str
    fed_back_at: dt.datetime | None
    check_note: str
    verified_at: dt.datetime | None
    verified_by: str
    close_kind: str
    outcome: str
    closed_at: dt.datetime | None
    satisfaction: str
    dissatisfaction_reason: str
    callback_note: str
    callback_at: dt.datetime | None

    parties: tuple[Party, ...] = ()
    steps: tuple[Step, ...] = ()
    before: tuple[Photo, ...] = ()
    after: tuple[Photo, ...] = ()
    photos_elsewhere: int = 0


def closed_by_foot(strips: Sequence[Strip], paper: CasePaper, fonts: FontSet) -> tuple[Strip, ...]:
    """The strips with the foot, which never stands on a page by itself."""
    return (*keep_tail(strips, lines=1), *foot(paper, fonts))


def imprint(paper: CasePaper) -> Imprint:
    """What the file says about itself: no words of the case."""
    return Imprint(paper.community + paper.title, paper.community, paper.number)


def head(paper: CasePaper, fonts: FontSet) -> Iterator[Strip]:
    """The title, and the number as text and as a QR code to be scanned."""
    limit = int(_TITLE_ROOM // blocks.TITLE_SIZE)
    lines = break_title(paper.community + paper.title, limit)
    leading = blocks.TITLE_SIZE * 1.4
    marks: list[Mark] = []
    for place, line in enumerate(lines):
        copy = ink.copy_of([Span(line, Role.TITLE)], fonts)
        size = blocks.TITLE_SIZE
        left = (WIDTH - copy.width * size) / 2
        strip = blocks.lines([Span(line, Role.TITLE)], fonts,
                             Measure(left, copy.width + 1, size, size, leading))[0]  # fmt: skip
        marks += _lowered(strip, place * leading)
    matrix = [list(each) for each in segno.make(paper.number, error="m", micro=False).matrix]
    marks += ink.bars(matrix, at=(WIDTH - _QR, 0.0), side=_QR)
    yield Strip(tuple(marks), max(leading * len(lines), _QR) + 8, keeps_next=True)
    suffix = "" if paper.is_confirmed else "（尚未上报，以服务器确认的为准）"
    for strip in blocks.lines([Span(f"案件号：{paper.number}{suffix}")], fonts, SMALL):
        yield replace(strip, keeps_next=True)


def _lowered(strip: Strip, down: float) -> list[Run]:
    return [replace(mark, y=mark.y + down) for mark in strip.marks if isinstance(mark, Run)]


def heading(words: str, fonts: FontSet) -> Iterator[Strip]:
    """A small heading that stays with what follows."""
    yield Strip((), _GAP)
    small = replace(SMALL, leading=_HEADING - _GAP)
    for strip in blocks.lines([Span(words, Role.HEI)], fonts, small):
        yield replace(strip, keeps_next=True)


def photos(
    words: str, some: Sequence[Photo], fonts: FontSet, *, height: float = _PHOTO_HEIGHT
) -> Iterator[Strip]:
    """Photos two beside each other, each with its caption below."""
    if not some:
        return
    yield from heading(words, fonts)
    width = (WIDTH - _GAP) / 2
    for at in range(0, len(some), 2):
        marks: list[Mark] = []
        for place, photo in enumerate(some[at : at + 2]):
            left = place * (width + _GAP)
            marks.append(Picture(left, 0, width, height, photo.jpeg))
            measure = Measure(left, width / 9, 9.0, 9.0, 12.0)
            for line, strip in enumerate(blocks.lines([Span(photo.caption)], fonts, measure)[:2]):
                marks += _lowered(strip, height + 3 + line * 12)
        yield Strip(tuple(marks), height + _CAPTION)


def photo_height(others: Sequence[Strip], some: Sequence[Photo]) -> float:
    """How high photos may be so that a paper with these other strips is still one page.

    Where they would get too small to be of use they are large, on a page more.
    """
    rows = max(-(-len(some) // 2), 1)
    room = WORKING.height - sum(strip.height for strip in others) - _HEADING
    height = room / rows - _CAPTION
    return min(height, _PHOTO_HEIGHT) if height >= _LOWEST_PHOTO else _PHOTO_HEIGHT


def foot(paper: CasePaper, fonts: FontSet) -> Iterator[Strip]:
    """Who printed it when, and who may read it; to be tied to what stands above."""
    code = f"核对码 {paper.check_code}。" if paper.check_code else ""
    missing = (
        f"另有{paper.photos_elsewhere}张照片未印（未下载到本机或超出版面），可在系统中查看。"
        if paper.photos_elsewhere
        else ""
    )
    words = (
        f"{missing}内部办理用，限承办和核查人员知悉，不得张贴、外传；证件号和电话已遮盖。"
        f"{paper.printed_by}打印于{minute(paper.printed_at)}。{code}"
    )
    yield Strip((Rule(0, 7, 120, 7, 0.5),), 10.0, keeps_next=True)
    small = Measure(cells=WIDTH / 9, size=9.0, pitch=9.0, leading=13.0)
    lines = blocks.lines([Span(words)], fonts, small)
    yield from (replace(each, keeps_next=True) for each in lines[:-1])
    yield lines[-1]


def steps(some: Sequence[Step], fonts: FontSet) -> Iterator[Strip]:
    """The time line; a claimed time stands beside the server's where they differ."""
    rows = [
        (_moment(each), each.label + ("（待服务器确认）" if each.is_pending else ""), each.by,
         each.content)
        for each in some
    ]  # fmt: skip
    yield from heading("办理经过", fonts)
    yield from tables.table(
        ("时间", "步骤", "办理人", "办理内容"), rows, fonts,
        shares=(0.27, 0.15, 0.14, 0.44), look=tables.Look(10.0, 14.0, 4.0, 21.0),
    )  # fmt: skip


def _moment(step: Step) -> str:
    made = step.made_at
    if made and step.at and abs(step.at - made) > _RECORDED_LATE:
        return f"{_short(step.at)}\n（填写{_short(made)}）"
    return _short(step.at) if step.at else ""


def _short(at: dt.datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def stamp(at: dt.datetime | None, *words: str) -> str:
    """A moment and who or what stands beside it, "" where there is nothing."""
    return "　".join(filter(None, (minute(at) if at else "", *words)))


def sent(paper: CasePaper) -> str:
    """When the case went to whom, and on the next line who sent it."""
    if not paper.handler:
        return ""
    by = f"派遣人：{paper.dispatched_by}" if paper.dispatched_by else ""
    return "\n".join(filter(None, (stamp(paper.dispatched_at, f"→ {paper.handler}"), by)))


def done(paper: CasePaper) -> str:
    """Who handled it, and on the next line what was done."""
    by = f"处置人：{paper.handled_by}" if paper.handled_by else ""
    return "\n".join(filter(None, (by, paper.measures)))


def named(code: str, name: str) -> str:
    """名称（代码）."""
    return f"{name}（{code}）" if code and name else name or code


def filled(*pairs: tuple[str, str]) -> list[tables.Row]:
    """A full-width row for each pair that says something."""
    return [tables.field_row((name, value)) for name, value in pairs if value]


def to_write(words: str, least: float) -> Cell:
    """A cell in which people write by hand."""
    return Cell(words, least=least)
