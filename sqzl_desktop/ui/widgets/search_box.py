"""全局查找: one box for everything, by keyboard alone; results grouped by kind."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidgetItem, QWidget

from sqzl_desktop.services import finding
from sqzl_desktop.services.finding import NOWHERE, Group, Hit
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.hit_list import HIT, ROW, HitList
from sqzl_desktop.ui.widgets.parts import column, label

MOST = 24
WIDTH, TALLEST = 860, 560
_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchBox(QLineEdit):
    """Type, move with the arrows, Enter opens, Ctrl+Enter opens the place. Esc closes the list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._question = 0
        self.answered = ""  # what the list below is the answer to
        self.setObjectName("search")
        self.setPlaceholderText("查找居民、房屋、单位、案件……  Ctrl+K")
        self.setClearButtonEnabled(True)
        self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.textEdited.connect(lambda _text: self.ask_now())
        self.results = HitList()
        self.results.itemActivated.connect(self._open)
        self.results.itemClicked.connect(self._open)
        self._popup: QFrame | None = None

    def popup(self) -> QFrame:
        """The list below the box, inside the window, made when it is first needed."""
        if self._popup is None:
            window: QWidget = self.window()
            self._popup = QFrame(window)
            self._popup.setObjectName("popup")
            keys = label("↑↓ 选择　Enter 打开　Ctrl+Enter 到所在房屋　Esc 关闭", "small")
            keys.setContentsMargins(8, 2, 8, 2)
            box = column(self.results, keys, gap=0)
            box.setContentsMargins(4, 4, 4, 4)
            self._popup.setLayout(box)
            self.results.setStyleSheet("border: none;")
            window.installEventFilter(self)
        return self._popup

    def ask_now(self) -> None:
        """Search for what stands in the box; where nothing does, show what was opened lately."""
        text = self.text().strip()
        self._question += 1
        question = self._question
        ws = self._desk.ws

        def done(groups: list[Group]) -> None:
            if question == self._question:
                self.answered = text
                self.results.show_groups(groups)
                self._place()

        if text:
            self._desk.run(self, lambda: finding.find_groups(ws, text, most=MOST), done)
        else:
            self._hide()

    def begin(self) -> None:
        """Ctrl+K: the keyboard comes here, what stands in the box may be typed over."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if self.text().strip():
            return
        question = self._question

        def done(hits: list[Hit]) -> None:
            if hits and question == self._question and self.hasFocus():
                self.answered = ""
                self.results.show_recent(hits)
                self._place()

        self._desk.run(self, lambda: finding.recent(self._desk.ws), done)

    def _place(self) -> None:
        popup = self.popup()
        where = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        height = min(self.results.count() * ROW + 42, TALLEST)
        popup.setGeometry(where.x(), where.y(), max(self.width(), WIDTH), height)
        popup.show()
        popup.raise_()

    def _hide(self) -> None:
        self._question += 1
        if self._popup is not None:
            self._popup.hide()

    def _open(self, item: QListWidgetItem | None, *, is_place: bool = False) -> None:
        target = item.data(HIT) if item else None
        if not target:
            return
        text = self.answered
        self._hide()
        self.clear()
        if isinstance(target, str):
            self._desk.bus.list_requested.emit(target, text)
            return
        ws, bus = self._desk.ws, self._desk.bus
        self._desk.run(self, lambda: finding.remember(ws, target), lambda _none: None)
        at_place = is_place and target.place != NOWHERE
        bus.open_requested.emit(*(target.place if at_place else (target.kind, target.id)))

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
            is_down = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
            self.results.move_on(1 if is_down else -1)
        elif is_open and event.key() in _ENTER:
            if self.answered == self.text().strip():
                is_place = event.modifiers() == Qt.KeyboardModifier.ControlModifier
                self._open(self.results.currentItem(), is_place=is_place)
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
