"""楼栋房屋一览表: a building door by door on paper, names masked, with the meaning of the signs.

A sheet lies across; what does not fit goes on to the next, whole entrances where they can.
"""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A3, A4, landscape

from sqzl_desktop.domain import tower_rooms
from sqzl_desktop.domain.room_numbers import entrance_label
from sqzl_desktop.domain.tower import Cell, Layout
from sqzl_desktop.domain.tower_rooms import TAG_SIGNS, USES, Room
from sqzl_desktop.printing import ink
from sqzl_desktop.printing.fonts import BUNDLED, FontSet, Role
from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.ink import Bar, Mark, Rule, Span
from sqzl_desktop.printing.page import Imprint, compose_sheets
from sqzl_desktop.printing.text import Place
from sqzl_desktop.printing.wording import day

_EDGE, _SIDE = 30.0, 34.0
_HEAD, _FOOT, _CAPTION = 62.0, 20.0, 16.0
_NARROWEST, _WIDEST = 54.0, 110.0
_LOWEST, _HIGHEST = 36.0, 54.0
_GAP = 8.0  # between entrances
_TINTS = {"01": "#e8f5ec", "02": "#dfeaf8", "03": "#e6e9ec", "99": "#fbeecb", "": "#ffffff"}


@dataclass(frozen=True, kw_only=True)
class BuildingSheet:
    """A building and its rooms, with names masked already."""

    number: str
    community: str
    title: str
    layout: Layout
    rooms: tuple[Room, ...]
    printed_on: dt.date
    printed_by: str
    check_code: str = ""


@dataclass(frozen=True)
class _Part:
    """The columns and rows of one sheet, and how large its cells are."""

    columns: range
    rows: range
    width: float
    height: float


@dataclass(frozen=True)
class _Pen:
    """Sets short texts in the fonts of the office."""

    fonts: FontSet

    def say(
        self,
        at: tuple[float, float],
        words: str,
        size: float,
        *,
        most: float = 999.0,
        role: Role = Role.BODY,
    ) -> tuple[Mark, ...]:
        """Text from a left end on a base line; what is longer than `most` is cut."""
        copy = ink.copy_of([Span(words, role)], self.fonts)
        while words and copy.width * size > most:
            words = words[:-1]
            copy = ink.copy_of([Span(words + "…", role)], self.fonts)
        places = [Place(width) for width in copy.widths]
        return ink.runs(copy.glyphs, places, at=at, size=size, pitch=size)

    def centre(
        self, left: float, right: float, y: float, words: str, size: float
    ) -> tuple[Mark, ...]:
        """Text in the middle between two sides."""
        width = ink.copy_of([Span(words, Role.HEI)], self.fonts).width * size
        return self.say((max((left + right - width) / 2, left), y), words, size, role=Role.HEI)


def render(sheet: BuildingSheet, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """On A4."""
    return _render(sheet, landscape(A4), fonts)


def render_a3(sheet: BuildingSheet, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """On A3."""
    return _render(sheet, landscape(A3), fonts)


def _render(sheet: BuildingSheet, size: tuple[float, float], fonts: FontSet) -> bytes:
    pen = _Pen(fonts)
    parts = parted(sheet.layout, size)
    pages = [
        [
            *_head(sheet, size[0], pen),
            *_grid(sheet, part, pen),
            *_foot(sheet, size, (number, len(parts)), pen),
        ]
        for number, part in enumerate(parts, 1)
    ]
    title = sheet.community + sheet.title
    return compose_sheets(pages, size, Imprint(title, sheet.community, sheet.title), fonts)


def parted(layout: Layout, size: tuple[float, float]) -> list[_Part]:
    """The sheets: from the top down, then the next entrances."""
    room = size[0] - 2 * _EDGE - _SIDE
    high = size[1] - 2 * _EDGE - _HEAD - _FOOT - _CAPTION
    most = int(high // _LOWEST)
    shares = _even(layout.rows, most)
    height = min(max(high / max(max(map(len, shares), default=1), 1), _LOWEST), _HIGHEST)
    parts = []
    for columns in _column_groups(layout, int((room - 3 * _GAP) // _NARROWEST)):
        inside = sum(1 for each in layout.entrances if each.x in columns[1:])
        width = min((room - _GAP * inside) / max(len(columns), 1), _WIDEST)
        parts += [_Part(columns, rows, width, height) for rows in shares]
    return parts or [_Part(range(1), range(0), _WIDEST, height)]


def _even(count: int, most: int) -> list[range]:
    """So many rows over as few sheets as they need, the same on each."""
    sheets = -(-count // most) if count else 0
    step = -(-count // sheets) if sheets else 1
    return [range(at, min(at + step, count)) for at in range(0, count, step)]


def _column_groups(layout: Layout, most: int) -> list[range]:
    """Entrances side by side as many as fit; one that is too wide is cut."""
    groups: list[range] = []
    blocks = [range(each.x, each.x + each.width) for each in layout.entrances]
    for block in blocks or [range(layout.columns)]:
        if groups and block.stop - groups[-1].start <= most:
            groups[-1] = range(groups[-1].start, block.stop)
        else:
            groups += [
                range(at, min(at + most, block.stop)) for at in range(block.start, block.stop, most)
            ]
    return groups


def _head(sheet: BuildingSheet, width: float, pen: _Pen) -> Iterator[Mark]:
    yield from pen.say((_EDGE, _EDGE + 16), sheet.title, 17, role=Role.HEI)
    right = f"{sheet.community}　{day(sheet.printed_on)}"
    length = ink.copy_of([Span(right)], pen.fonts).width * 10
    yield from pen.say((width - _EDGE - length, _EDGE + 16), right, 10)
    counts = tower_rooms.counts(sheet.rooms)
    x = _EDGE
    for use in USES:
        if not counts[use.code]:
            continue
        yield Bar(x, _EDGE + 27, 14, 14, _TINTS[use.code])
        yield from _box(x, _EDGE + 27, 14, 14)
        yield from pen.say((x + 2, _EDGE + 38), use.sign, 10)
        words = f"{use.label}{counts[use.code]}户"
        yield from pen.say((x + 18, _EDGE + 38), words, 10)
        x += 26 + ink.copy_of([Span(words)], pen.fonts).width * 10
    people = sum(room.people for room in sheet.rooms)
    yield from pen.say((x + 4, _EDGE + 38), f"共{len(sheet.rooms)}户{people}人", 10)
    yield from pen.say((_EDGE, _EDGE + 54), _signs(sheet.rooms), 8, most=width - 2 * _EDGE)


def _signs(rooms: Sequence[Room]) -> str:
    """What the signs of tags stand for, of those that are there."""
    questions = [each for each in tower_rooms.questions(rooms) if each.name in TAG_SIGNS]
    words = [f"{TAG_SIGNS[each.name]}＝{each.label}" for each in questions]
    return "　".join(["●＝走访到期", *words])


def _foot(
    sheet: BuildingSheet, size: tuple[float, float], number: tuple[int, int], pen: _Pen
) -> Iterator[Mark]:
    code = f"　核对码 {sheet.check_code}" if sheet.check_code else ""
    words = (
        f"第{number[0]}页，共{number[1]}页　打印人：{sheet.printed_by}{code}"
        "　姓名已遮盖；内部工作用表，不得张贴、外传"
    )
    yield from pen.say((_EDGE, size[1] - _EDGE), words, 8, most=size[0] - 2 * _EDGE)


def _grid(sheet: BuildingSheet, part: _Part, pen: _Pen) -> Iterator[Mark]:
    layout, top = sheet.layout, _EDGE + _HEAD + _CAPTION
    lefts = _lefts(layout, part)
    for each in layout.entrances:
        inside = [x for x in range(each.x, each.x + each.width) if x in part.columns]
        if inside:
            right = lefts[inside[-1]] + part.width
            yield from pen.centre(lefts[inside[0]], right, top - 5, entrance_label(each.name), 10)
    for row in part.rows:
        y = top + (row - part.rows.start) * part.height + part.height / 2 + 3
        yield from pen.centre(_EDGE, _EDGE + _SIDE - 4, y, row_name(layout, row), 9)
    rooms = {room.door.id: room for room in sheet.rooms}
    for cell in layout.cells:
        if cell.x in part.columns and cell.y in part.rows:
            last = min(cell.x + cell.width, part.columns.stop) - 1
            height = min(cell.height, part.rows.stop - cell.y) * part.height
            box = (
                lefts[cell.x], top + (cell.y - part.rows.start) * part.height,
                lefts[last] + part.width - lefts[cell.x], height,
            )  # fmt: skip
            yield from _cell(rooms[cell.id], cell, box, pen)


def _lefts(layout: Layout, part: _Part) -> dict[int, float]:
    starts = {each.x for each in layout.entrances}
    found, at = {}, _EDGE + _SIDE
    for column in part.columns:
        if column in starts and column != part.columns.start:
            at += _GAP
        found[column] = at
        at += part.width
    return found


def row_name(layout: Layout, row: int) -> str:
    """What stands beside a row."""
    if row < len(layout.floors):
        floor = layout.floors[row]
        return f"{floor}层" if floor > 0 else f"B{-floor}层"
    return "底商" if row < len(layout.floors) + layout.shop_rows else "未定位"


def _cell(
    room: Room, cell: Cell, box: tuple[float, float, float, float], pen: _Pen
) -> Iterator[Mark]:
    x, y, width, height = box[0] + 1, box[1] + 1, box[2] - 2, box[3] - 2
    use = tower_rooms.use_of(room.use)
    yield Bar(x, y, width, height, _TINTS[use.code])
    yield from _box(x, y, width, height, is_dashed=cell.is_guessed)
    sign = "铺" if room.is_shop else use.sign
    yield from pen.say((x + width - 11, y + 10), sign, 9, role=Role.HEI)
    dot = "●" if room.is_due else ""
    yield from pen.say((x + 3, y + 10), room.door.room + dot, 9, most=width - 15, role=Role.HEI)
    words = f"{room.head} {room.people}人" if room.people else ("空置" if use.code == "03" else "")
    yield from pen.say((x + 3, y + 20), words, 8, most=width - 5)
    tags = "".join(TAG_SIGNS[tag] for tag in room.tags)
    yield from pen.say((x + 3, y + 30), tags, 8, most=width - 5)


def _box(
    x: float, y: float, width: float, height: float, *, is_dashed: bool = False
) -> Iterator[Mark]:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    for (x1, y1), (x2, y2) in itertools.pairwise(corners):
        yield Rule(x1, y1, x2, y2, 0.5, is_dashed)


FORM = Form(name="building_sheet", label="楼栋房屋一览表", kind="building", render=render)
FORM_A3 = dataclasses.replace(
    FORM, name="building_sheet_a3", label="楼栋房屋一览表（A3）", render=render_a3
)
