"""案件的画法: a case in a list in two lines, its clock as a coloured chip, a card of the board."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sqzl_desktop.services.case_inbox import Line
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.models import case_words
from sqzl_desktop.ui.models.case_table import CLOCK, LINE, STATE, TITLE

ROW_HEIGHT = 56
CARD_HEIGHT = 82
_CHIP = 22
_GAP = 10
_PLAIN = ("#eceff2", theme.COLOURS["soft"])
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class CaseRow(QStyledItemDelegate):
    """Paints the clock and what stands in two lines; the other cells are plain text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.column() not in (CLOCK, TITLE, STATE):
            super().paint(painter, option, index)
            return
        line: Line = index.data(LINE)
        _ground(painter, option, self.parent())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = _rect(option).adjusted(_GAP, 0, -4, 0)
        if index.column() == CLOCK:
            top = inside.top() + (inside.height() - _CHIP) // 2
            _chip(painter, QRect(inside.left(), top, inside.width(), _CHIP), line)
        elif index.column() == TITLE:
            _two_lines(painter, inside, (line.title, "text"),
                       (case_words.detail_words(line), _soft(line)))  # fmt: skip
        else:
            _two_lines(painter, inside, (case_words.state_words(line), "text"),
                       (case_words.remark_words(line), "warn"))  # fmt: skip
        painter.restore()


class CaseCard(QStyledItemDelegate):
    """Paints a case as a card: title, place, clock and state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(120, CARD_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LINE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = _rect(option).adjusted(2, 3, -2, -3)
        is_chosen = _is_selected(option)
        painter.setPen(QColor(theme.COLOURS["accent" if is_chosen else "line"]))
        painter.setBrush(QColor(theme.COLOURS["accent_soft" if is_chosen else "surface"]))
        painter.drawRoundedRect(box, 6, 6)
        inside = box.adjusted(8, 6, -8, -6)
        title = QRect(inside.left(), inside.top(), inside.width(), 20)
        _words(painter, title, line.title, "text", 13)
        second = title.translated(0, 19)
        words, tone = case_words.card_words(line)
        room = second.adjusted(_words(painter, second, words, tone, 12), 0, 0, 0)
        _words(painter, room, line.place or line.handler, "soft", 12)
        chip = QRect(inside.left(), inside.bottom() - _CHIP + 1, inside.width(), _CHIP)
        _chip(painter, chip, line)
        painter.restore()


def _soft(line: Line) -> str:
    return "danger" if line.urgency == "03" else "soft"


def _two_lines(
    painter: QPainter, room: QRect, first: tuple[str, str], second: tuple[str, str]
) -> None:
    """Two texts, each in a colour; one alone stands in the middle."""
    if not second[0]:
        _words(painter, room, *first, 14)
        return
    half = room.height() // 2
    _words(painter, QRect(room.left(), room.top() + 6, room.width(), half - 6), *first, 14)
    _words(painter, QRect(room.left(), room.top() + half, room.width(), half - 6), *second, 12)


def _chip(painter: QPainter, room: QRect, line: Line) -> None:
    text, tone = case_words.clock_words(line)
    colours = theme.COLOURS
    ground, ink = (colours[f"{tone}_soft"], colours[tone]) if tone != "plain" else _PLAIN
    font = _font(12)
    metrics = QFontMetrics(font)
    width = min(metrics.horizontalAdvance(text) + 14, room.width())
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 12)
    box = QRect(room.left(), room.top(), width, room.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, _CHIP / 2, _CHIP / 2)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _words(painter: QPainter, room: QRect, text: str, colour: str, size: int) -> int:
    """Returns how wide the text is, with a gap after it."""
    font = _font(size)
    painter.setFont(font)
    painter.setPen(QColor(theme.COLOURS[colour]))
    metrics = QFontMetrics(font)
    painter.drawText(
        room, _LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    )
    return metrics.horizontalAdvance(text) + 6 if text else 0


def _font(size: int) -> QFont:
    font = QFont(theme.FAMILY)
    font.setPixelSize(size)
    return font


def _ground(painter: QPainter, option: QStyleOptionViewItem, view: object) -> None:
    """What lies under every other cell, too: stripes, the colour of what is chosen, the line."""
    empty = QStyleOptionViewItem(option)
    empty.text = ""  # type: ignore[attr-defined]
    if isinstance(view, QWidget):
        element = QStyle.ControlElement.CE_ItemViewItem
        view.style().drawControl(element, empty, painter, view)


def _rect(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect  # type: ignore[attr-defined]
    return rect


def _is_selected(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
