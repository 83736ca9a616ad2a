"""疑似重复: on a resident's card, that another record has the same ID number."""

import functools

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sqzl_desktop.services import duplicates, elements
from sqzl_desktop.services.duplicates import Mark
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, label, row


class DuplicateMark(QWidget):
    """Takes no room where the number is this resident's alone, or somebody has looked."""

    def __init__(self, desk: Desk, resident_id: str) -> None:
        super().__init__()
        self._desk = desk
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.hide()
        ws = desk.ws
        desk.run(self, lambda: duplicates.of_resident(ws, resident_id), self._show)

    def _show(self, mark: Mark | None) -> None:
        if mark is None:
            return
        self._box.addWidget(label(f"疑似重复：{mark.sentence}", "doubt", wrap=True))
        actions = row(gap=8)
        for record_id, name in mark.others:
            ask = functools.partial(self._desk.bus.open_requested.emit, "resident", record_id)
            actions.addWidget(button(f"打开{name}", ask, icon="person", look="flat"))
        if elements.may(self._desk.ws, "settle", "duplicate"):
            actions.addWidget(button("已核对", functools.partial(self._dismiss, mark.id)))
        actions.addStretch(1)
        self._box.addLayout(actions)
        self.show()

    def _dismiss(self, mark_id: str) -> None:
        def done(_none: object) -> None:
            self.hide()
            self._desk.say("已存本机，待服务器确认")
            self._desk.bus.changed.emit(("duplicate",))

        self._desk.run(self, lambda: duplicates.dismiss(self._desk.ws, mark_id), done)
