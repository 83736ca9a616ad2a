"""全局查找: one box for everything, by keyboard alone; results grouped by kind."""

import itertools
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import finding
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import column

PAUSE_MS = 120
MOST = 24
DETAIL = Qt.ItemDataRole.UserRole + 1
BEFORE_TITLE = 40
ICONS = {
    "resident": "person", "household": "people", "dwelling": "house", "building": "building",
    "organisation": "case", "facility": "pin", "event": "alert", "case": "case", "topic": "chat",
    "consultation": "chat", "notice": "file", "visit": "visit", "staff": "person", "grid": "list",
    "community": "home",
}  # fmt: skip
_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class _HitPainter(QStyledItemDelegate):
    """The title as any item, what tells it from its namesakes behind it, quieter."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        detail = index.data(DETAIL)
        if not detail:
            return
        shape: Any = option  # its fields are not in the stubs
        title = str(index.data(Qt.ItemDataRole.DisplayRole))
        left = BEFORE_TITLE + shape.fontMetrics.horizontalAdvance(title) + 20
        where = shape.rect.adjusted(left, 0, -8, 0)
        text = shape.fontMetrics.elidedText(detail, Qt.TextElideMode.ElideRight, where.width())
        painter.save()
        painter.setPen(QColor(theme.COLOURS["soft"]))
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class SearchBox(QLineEdit):
    """Type, move with the arrows, Enter opens. Esc closes the list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._question = 0
        self._answered = ""  # what the list below is the answer to
        self.setObjectName("search")
        self.setPlaceholderText("查找居民、房屋、单位、案件……  Ctrl+K")
        self.setClearButtonEnabled(True)
        self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.ask_now)
        self.textEdited.connect(lambda _text: self._timer.start())
        self.results = QListWidget()
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setAccessibleName("查找结果")
        self.results.setItemDelegate(_HitPainter(self.results))
        self.results.itemActivated.connect(self._open)
        self.results.itemClicked.connect(self._open)
        self._popup: QFrame | None = None

    def popup(self) -> QFrame:
        """The list below the box, inside the window, made when it is first needed."""
        if self._popup is None:
            window: QWidget = self.window()
            self._popup = QFrame(window)
            self._popup.setObjectName("popup")
            box = column(self.results)
            box.setContentsMargins(4, 4, 4, 4)
            self._popup.setLayout(box)
            self.results.setStyleSheet("border: none;")
            window.installEventFilter(self)
        return self._popup

    def ask_now(self) -> None:
        """Search for what stands in the box."""
        text = self.text().strip()
        if not text:
            self._hide()
            return
        self._question += 1
        question = self._question

        def done(hits: list[finding.Hit]) -> None:
            if question == self._question:
                self._answered = text
                self._show(hits)

        self._desk.run(self, lambda: finding.find_text(self._desk.ws, text, limit=MOST), done)

    def _show(self, hits: list[finding.Hit]) -> None:
        self.results.clear()
        for kind, group in itertools.groupby(hits, key=lambda hit: hit.kind):
            head = QListWidgetItem(BY_NAME[kind].label)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setForeground(QColor(theme.COLOURS["soft"]))
            small = QFont(self.font())
            small.setPixelSize(12)
            head.setFont(small)
            self.results.addItem(head)
            for hit in group:
                item = QListWidgetItem(theme.icon(ICONS[kind], "accent"), hit.title)
                item.setData(Qt.ItemDataRole.UserRole, (hit.kind, hit.id))
                item.setData(DETAIL, hit.detail)
                item.setToolTip(f"{hit.title}　{hit.detail}")
                self.results.addItem(item)
        if not hits:
            nothing = QListWidgetItem("没有找到。可以输入姓名、拼音首字母、证件电话尾号、地址片段")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(nothing)
        self._move(1)
        self._place()

    def _place(self) -> None:
        popup = self.popup()
        where = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        height = min(self.results.count() * 30 + 14, 480)
        popup.setGeometry(where.x(), where.y(), max(self.width(), 820), height)
        popup.show()
        popup.raise_()

    def _hide(self) -> None:
        self._question += 1
        self._timer.stop()
        if self._popup is not None:
            self._popup.hide()

    def _move(self, step: int) -> None:
        count, place = self.results.count(), self.results.currentRow()
        for _ in range(count):
            place = (place + step) % count
            if self.results.item(place).data(Qt.ItemDataRole.UserRole):
                self.results.setCurrentRow(place)
                return

    def _open(self, item: QListWidgetItem | None) -> None:
        target = item.data(Qt.ItemDataRole.UserRole) if item else None
        if target:
            self._hide()
            self.clear()
            self._desk.bus.open_requested.emit(*target)

    def _is_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._is_open()
        ):
            event.accept()  # Esc closes the list, not the form beside the records
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_open = self._is_open()
        if event.key() == Qt.Key.Key_Escape:
            self._hide()
        elif is_open and event.key() in _KEYS:
            self._move(1 if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -1)
        elif is_open and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._answered == self.text().strip():
                self._open(self.results.currentItem())
            else:
                self.ask_now()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason,
                                  Qt.FocusReason.PopupFocusReason):  # fmt: skip
            self._hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.WindowDeactivate):
            self._hide()
        return super().eventFilter(watched, event)
