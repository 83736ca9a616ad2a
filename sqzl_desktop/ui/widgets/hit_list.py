"""查找结果: what was found, by kind; what was asked for stands out."""

from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services.finding import MOST_COUNTED, Group, Hit
from sqzl_desktop.ui import theme

HIT = Qt.ItemDataRole.UserRole
DETAIL = HIT + 1
ROW, BEFORE_TITLE, GAP = 30, 40, 20
ICONS = {
    "resident": "person", "household": "people", "dwelling": "house", "building": "building",
    "estate": "building", "organisation": "case", "facility": "pin", "event": "alert",
    "case": "case", "topic": "chat", "consultation": "chat", "notice": "file", "visit": "visit",
    "staff": "person", "grid": "list", "community": "home",
}  # fmt: skip
NOTHING = "没有找到。可以输入姓名、拼音首字母、证件电话尾号、3-2-401、小区、单位、关爱标签"
LISTED = ("resident", "household", "dwelling", "building", "estate", "organisation", "facility",
          "visit", "staff", "grid")  # fmt: skip
Index = QModelIndex | QPersistentModelIndex


class _HitPainter(QStyledItemDelegate):
    """The title, its part that was asked for in colour; behind it, quieter, the rest."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shape: Any = option  # its fields are not in the stubs
        title, hit = str(index.data(Qt.ItemDataRole.DisplayRole)), index.data(HIT)
        if not isinstance(hit, Hit):
            super().paint(painter, option, index)
            if index.data(DETAIL):
                shape.font = index.data(Qt.ItemDataRole.FontRole)
                width = QFontMetrics(shape.font).horizontalAdvance(title)
                self._detail(painter, shape, shape.rect.left() + width + GAP, index.data(DETAIL))
            return
        super().paint(painter, option, index)
        left = shape.rect.left() + BEFORE_TITLE
        for part, is_asked in _parts(title, hit.marks):
            colour = theme.COLOURS["accent" if is_asked else "text"]
            left = _write(painter, shape, left, (part, colour, is_asked))
        self._detail(painter, shape, left + GAP, hit.detail)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if isinstance(index.data(HIT), Hit):
            shape: Any = option
            shape.text = ""  # it is painted in parts

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW)

    def _detail(self, painter: QPainter, shape: Any, left: int, detail: str) -> None:
        room = shape.rect.right() - 8 - left
        text = shape.fontMetrics.elidedText(detail, Qt.TextElideMode.ElideRight, room)
        _write(painter, shape, left, (text, theme.COLOURS["soft"], False))


def _parts(title: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    done = 0
    for start, end in marks:
        yield title[done:start], False
        yield title[start:end], True
        done = end
    yield title[done:], False


def _write(painter: QPainter, shape: Any, left: int, what: tuple[str, str, bool]) -> int:
    """Write a part at a place; returns where it ends."""
    text, colour, is_bold = what
    font = QFont(shape.font)
    font.setBold(is_bold)
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(colour))
    where = QRect(left, shape.rect.top(), shape.rect.right() - left, shape.rect.height())
    painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
    return left + QFontMetrics(font).horizontalAdvance(text)


class HitList(QListWidget):
    """The found records below the box; the keyboard stays in the box."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setAccessibleName("查找结果")
        self.setItemDelegate(_HitPainter(self))

    def show_groups(self, groups: Iterable[Group]) -> None:
        """The groups under the names of their kinds; the first hit is ready to be opened."""
        self.clear()
        for group in groups:
            is_cut = group.total >= MOST_COUNTED
            number = f"{group.total:,}+" if is_cut else f"{group.total:,}"
            self._head(BY_NAME[group.kind].label, f"{number} 条")
            for hit in group.hits:
                self._hit(hit)
            if group.kind in LISTED and group.hits and group.total > len(group.hits):
                self._more(group, number)
        if not self.count():
            self._head(NOTHING)
        self.move_on(1)

    def show_recent(self, hits: Iterable[Hit]) -> None:
        """What was opened lately, before anything is typed."""
        self.clear()
        self._head("最近打开")
        for hit in hits:
            self._hit(hit)
        self.move_on(1)

    def move_on(self, step: int) -> None:
        """To the next that can be opened, round and round."""
        count, place = self.count(), self.currentRow()
        for _ in range(count):
            place = (place + step) % count
            if self.item(place).data(HIT):
                self.setCurrentRow(place)
                return

    def _head(self, text: str, detail: str = "") -> None:
        head = QListWidgetItem(text)
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        head.setForeground(QColor(theme.COLOURS["soft"]))
        small = QFont(self.font())
        small.setPixelSize(12)
        head.setFont(small)
        head.setData(DETAIL, detail)
        self.addItem(head)

    def _hit(self, hit: Hit) -> None:
        item = QListWidgetItem(theme.icon(ICONS[hit.kind], "accent"), hit.title)
        item.setData(HIT, hit)
        item.setToolTip(f"{hit.title}　{hit.detail}")
        self.addItem(item)

    def _more(self, group: Group, number: str) -> None:
        item = QListWidgetItem(f"在列表中查看全部 {number} 条{BY_NAME[group.kind].label}")
        item.setIcon(theme.icon("list", "soft"))
        item.setForeground(QColor(theme.COLOURS["accent"]))
        item.setData(HIT, group.kind)
        self.addItem(item)
