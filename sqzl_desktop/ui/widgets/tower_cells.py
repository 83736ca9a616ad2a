"""楼栋图格子: how one dwelling looks: number, use (colour and sign), people, tags, due visit."""

import dataclasses
import functools

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPainter, QPen, QPixmap, QStaticText

from sqzl_desktop.domain import tower_rooms
from sqzl_desktop.domain.tower_plan import NEW
from sqzl_desktop.domain.tower_rooms import TAG_SIGNS, Room, Use
from sqzl_desktop.ui import theme

INK: dict[str, tuple[str, str]] = {
    "01": ("#2e7d4f", "#e8f5ec"),
    "02": ("#1f5fa8", "#e5effa"),
    "03": ("#7a8794", "#eef1f4"),
    "99": ("#9a6100", "#fdf1d8"),
    "": ("#b83227", "#ffffff"),
    NEW: ("#0b6e6e", "#ffffff"),
}
_TAG = "#6d3f9c"
_NEW = Use(NEW, "未保存", "新")
DUE = "#d4380d"
_SIGN, _BADGE, _STRIPE, _PAD = 18, 16, 4, 6
_TALL = 56
_NAMED = 72  # wide enough for a name beside the number of people
_ONE_LINE = Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """How a cell stands out: chosen, with the keyboard, not asked for, put here by guess."""

    is_current: bool = False
    has_focus: bool = False
    is_dimmed: bool = False
    is_guessed: bool = False


@functools.cache
def font(size: int, *, is_bold: bool = False) -> QFont:
    """The program's typeface in a size in pixels."""
    made = QFont(theme.FAMILY)
    made.setPixelSize(size)
    made.setBold(is_bold)
    return made


@functools.lru_cache(maxsize=20_000)
def _laid(text: str, size: int, is_bold: bool) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=font(size, is_bold=is_bold))
    return made


@functools.cache
def _colour(name: str) -> QColor:
    return QColor(name)


@functools.cache
def _pen(colour: str, width: float = 1.0, is_dashed: bool = False) -> QPen:
    line = Qt.PenStyle.DashLine if is_dashed else Qt.PenStyle.SolidLine
    return QPen(_colour(colour), width, line)


def words(
    painter: QPainter, at: QPointF, text: str, colour: str, *, size: int, is_bold: bool = False
) -> float:
    """Text with its left upper corner there; returns how wide it is."""
    made = _laid(text, size, is_bold)
    painter.setFont(font(size, is_bold=is_bold))
    painter.setPen(_pen(colour))
    painter.drawStaticText(at, made)
    return made.size().width()


def sign(painter: QPainter, box: QRectF, text: str, colour: str, *, is_round: bool = False) -> None:
    """A small filled square, or disc, with one character in white."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(_colour(colour)))
    radius = box.height() / 2 if is_round else 4.0
    painter.drawRoundedRect(box, radius, radius)
    size = int(box.height()) - 5
    made = _laid(text, size, False)
    size_of = made.size()
    at = QPointF(box.center().x() - size_of.width() / 2, box.center().y() - size_of.height() / 2)
    words(painter, at, text, "#ffffff", size=size)


def due_icon() -> QIcon:
    """The dot that stands for a visit that is due."""
    picture = QPixmap(20, 20)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(_colour(DUE)))
    painter.drawEllipse(4, 4, 12, 12)
    painter.end()
    return QIcon(picture)


def paint(painter: QPainter, box: QRectF, room: Room, look: Look) -> None:
    """One cell."""
    use = _NEW if room.door.id.startswith(NEW) else tower_rooms.use_of(room.use)
    strong, soft = INK[use.code]
    painter.setOpacity(0.22 if look.is_dimmed else 1.0)
    painter.setBrush(QBrush(_colour(soft)))
    painter.setPen(_pen(strong if look.is_guessed else "#c3ccd5", 1.0, look.is_guessed))
    painter.drawRoundedRect(box, 4, 4)
    painter.fillRect(QRectF(box.left() + 1, box.top() + 4, _STRIPE, box.height() - 8),
                     _colour(strong))  # fmt: skip
    _top_line(painter, box, room, use, strong)
    _people(painter, box, room)
    _tags(painter, box, room)
    painter.setOpacity(1.0)
    if look.is_current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(theme.COLOURS["night"], 3.0 if look.has_focus else 2.0))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)


def _top_line(
    painter: QPainter, box: QRectF, room: Room, use: tower_rooms.Use, strong: str
) -> None:
    left, top = box.left() + _STRIPE + _PAD, box.top() + 4
    text = room.door.room
    size = 14 if len(text) * 8 <= box.width() - _STRIPE - 2 * _PAD - _SIGN else 11
    words(painter, QPointF(left, top - (1 if size == 14 else -1)), text,
          theme.COLOURS["text"], size=size, is_bold=True)  # fmt: skip
    square = QRectF(box.right() - _SIGN - 4, top, _SIGN, _SIGN)
    sign(painter, square, "铺" if room.is_shop else use.sign, strong)
    if room.is_due:
        painter.setPen(_pen("#ffffff", 1.5))
        painter.setBrush(QBrush(_colour(DUE)))
        painter.drawEllipse(square.topRight(), 5.0, 5.0)


def _people(painter: QPainter, box: QRectF, room: Room) -> None:
    left, top = box.left() + _STRIPE + _PAD, box.top() + 23
    if not room.people:
        use = _NEW if room.door.id.startswith(NEW) else tower_rooms.use_of(room.use)
        said = "无人登记" if use.code in ("", "01", "02") and not room.is_shop else use.label
        colour = theme.COLOURS["warn" if said == "无人登记" else "soft"]
        words(painter, QPointF(left, top), said, colour, size=12)
        return
    is_wide = box.width() >= _NAMED
    text = f"{room.head} {room.people}人" if is_wide else f"{room.people}人"
    words(painter, QPointF(left, top), text, theme.COLOURS["text"], size=12)


def _tags(painter: QPainter, box: QRectF, room: Room) -> None:
    """As many as there is room for; the last place says how many more there are."""
    if not room.tags:
        return
    is_tall = box.height() >= _TALL
    left = box.left() + _STRIPE + _PAD
    if not is_tall:
        left += 74 if box.width() >= _NAMED else 30
    top = box.top() + 41 if is_tall else box.top() + 24
    places = int((box.right() - 3 - left) // (_BADGE + 2))
    if places < 1:
        return
    shown = room.tags if len(room.tags) <= places else room.tags[: places - 1]
    texts = [TAG_SIGNS[tag] for tag in shown]
    if len(shown) < len(room.tags):
        texts.append(f"+{len(room.tags) - len(shown)}")
    for number, text in enumerate(texts):
        spot = QRectF(left + number * (_BADGE + 2), top, _BADGE, _BADGE)
        sign(painter, spot, text, _TAG, is_round=True)


def centred(painter: QPainter, box: QRectF, text: str, *, size: int, is_bold: bool = False) -> None:
    """A caption of a row or an entrance, cut short where there is no room."""
    painter.setFont(font(size, is_bold=is_bold))
    painter.setPen(_pen(theme.COLOURS["soft"]))
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, int(_ONE_LINE | Qt.AlignmentFlag.AlignHCenter), cut)
