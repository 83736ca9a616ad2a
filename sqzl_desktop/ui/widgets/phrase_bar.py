"""常用语条: frequent texts below a field, each put in by a key; what is written can be kept."""

import functools

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from sqzl_desktop.domain.case_phrases import MOST
from sqzl_desktop.services import elements, phrases
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, label, row

AROUND = 28  # what the style leaves free at the sides of a text


class PhraseBar(QWidget):
    """`modifier` and a digit put a text in where the cursor is; the others are in a menu.

    `head` is for the line above the field: what it is called, and what the keys are.
    """

    written = Signal()

    def __init__(self, desk: Desk, modifier: str, caption: str = "") -> None:
        super().__init__()
        self._desk, self._modifier = desk, modifier
        self._use, self._community = "", ""
        self._texts: list[str] = []
        self._own: list[str] = []
        self._target: QPlainTextEdit | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._more = button("更多常用语", self._show_more, look="flat")
        self.keep_button = button("存为常用语", self._keep_text, look="flat",
                            tip="把上面所写的存为常用语，本社区都能用")  # fmt: skip
        self.note = label(f"{modifier}+1至{MOST}写入常用语", "small")
        for each in (self._more, self.keep_button):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            each.setAutoDefault(False)
        self.head = row(
            label(caption, "soft"), None, self.note, self._more, self.keep_button, gap=4
        )
        self.setLayout(self._grid)
        keys = [QKeySequence(f"{modifier}+{number + 1}") for number in range(MOST)]
        self._keys = {each: QShortcut(each, self) for each in keys}
        for number, key in enumerate(self._keys.values()):
            key.activated.connect(functools.partial(self.write, number))

    def show_use(self, use: str, target: QPlainTextEdit, community: str = "") -> None:
        """The texts for the report or for a step, and the field they go into."""
        self._use, self._target, self._community = use, target, community
        if not elements.may(self._desk.ws, "create", "case_phrase"):
            self.keep_button.hide()
        self.ask()

    def listen(self, over: QWidget) -> None:
        """The keys count in this widget alone, and there before what they mean around it."""
        for each in self._keys.values():
            each.setEnabled(False)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or self.isHidden():
            return super().eventFilter(watched, event)
        pressed = QKeySequence(event.keyCombination())
        places = [place for place, key in enumerate(self._keys) if key == pressed]
        if places and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if places and event.type() == QEvent.Type.KeyPress:
            self.write(places[0])
            return True
        return super().eventFilter(watched, event)

    def ask(self) -> None:
        """Read the texts anew."""
        ws, use = self._desk.ws, self._use

        def done(found: tuple[list[str], list[str]]) -> None:
            if self._use == use:
                self._own = found[0]
                self._fill(found[1])

        self._desk.run(self, lambda: phrases.own_and_all(ws, use), done)

    def write(self, place: int) -> None:
        """Put a text in at the cursor."""
        if self._target is not None and self.isVisible() and place < len(self._texts):
            self._target.insertPlainText(self._texts[place])
            self._target.setFocus()
            self.written.emit()

    def _fill(self, texts: list[str]) -> None:
        self._texts = texts
        clear(self._grid)
        for place, text in enumerate(texts[:MOST]):
            made = button("", functools.partial(self.write, place), look="flat",
                          tip=f"{text}\n写入（{self._modifier}+{place + 1}）")  # fmt: skip
            made.setStyleSheet("text-align: left;")
            made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setAutoDefault(False)
            self._grid.addWidget(made, place // 2, place % 2)
        self._fit()
        self._more.setVisible(len(texts) > MOST or bool(self._own))
        self.note.setVisible(bool(texts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As much of each text as there is room for; the rest is in its tip."""
        for place, text in enumerate(self._texts[:MOST]):
            item = self._grid.itemAtPosition(place // 2, place % 2)
            made = item.widget() if item else None
            if isinstance(made, QPushButton):
                room = self.width() // 2 - AROUND
                made.setText(made.fontMetrics().elidedText(
                    f"{place + 1}　{text}", Qt.TextElideMode.ElideRight, room))  # fmt: skip

    def _show_more(self) -> None:
        menu = QMenu(self)
        for place, text in enumerate(self._texts[MOST:], MOST):
            chosen = menu.addAction(text)
            chosen.triggered.connect(functools.partial(self._write_chosen, place))
        if self._own and not self.keep_button.isHidden():
            drops = menu.addMenu("删除本社区的常用语")
            for text in self._own:
                drops.addAction(text).triggered.connect(functools.partial(self._drop, text))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _write_chosen(self, place: int, _checked: bool = False) -> None:
        self.write(place)

    def _drop(self, text: str, _checked: bool = False) -> None:
        ws, use = self._desk.ws, self._use
        self._desk.run(self, lambda: phrases.drop(ws, use, text), lambda _was: self.ask())

    def _keep_text(self) -> None:
        text = self._target.toPlainText().strip() if self._target is not None else ""
        if not text:
            self._desk.say("请先写好内容，再存为常用语")
            return
        ws, use, community = self._desk.ws, self._use, self._community

        def done(_none: None) -> None:
            self._desk.say("已存为常用语")
            self.ask()

        self._desk.run(self, lambda: phrases.keep(ws, use, text, community), done)
