"""全局查找: one box for everything, by keyboard alone; results grouped by kind."""

import itertools

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import finding
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import column

PAUSE_MS = 120
MOST = 24
ICONS = {
    "resident": "person", "household": "people", "dwelling": "house", "building": "building",
    "organisation": "case", "facility": "pin", "event": "alert", "case": "case", "topic": "chat",
    "consultation": "chat", "notice": "file", "visit": "visit", "staff": "person", "grid": "list",
    "community": "home",
}  # fmt: skip
_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class SearchBox(QLineEdit):
    """Type, move with the arrows, Enter opens. Esc closes the list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._question = 0
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
                self._show(hits)

        self._desk.run(self, lambda: finding.find_text(self._desk.ws, text, limit=MOST), done)

    def _show(self, hits: list[finding.Hit]) -> None:
        self.results.clear()
        for kind, group in itertools.groupby(hits, key=lambda hit: hit.kind):
            head = QListWidgetItem(BY_NAME[kind].label)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(head)
            for hit in group:
                item = QListWidgetItem(theme.icon(ICONS[kind], "accent"),
                                       f"{hit.title}　{hit.detail}")  # fmt: skip
                item.setData(Qt.ItemDataRole.UserRole, (hit.kind, hit.id))
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
        height = min(self.results.count() * 32 + 16, 480)
        popup.setGeometry(where.x(), where.y(), max(self.width(), 820), height)
        popup.show()
        popup.raise_()

    def _hide(self) -> None:
        self._question += 1
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_open = self._popup is not None and self._popup.isVisible()
        if event.key() == Qt.Key.Key_Escape:
            self._hide()
        elif is_open and event.key() in _KEYS:
            self._move(1 if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -1)
        elif is_open and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.results.currentItem())
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.WindowDeactivate):
            self._hide()
        return super().eventFilter(watched, event)
