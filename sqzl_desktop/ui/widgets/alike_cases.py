"""同类案件: open cases that are probably about the same, with the way to each."""

import functools
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from sqzl_desktop.domain.case_flow import OPEN
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.services.case_look import Alike
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, row

MOST = 2


class AlikeCases(QFrame):
    """Takes no room where there is none. With `may_merge`, one may be chosen to go into."""

    opened = Signal(str)
    merge_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("alike")
        self._lines = column(gap=2)
        self._lines.setContentsMargins(12, 6, 12, 6)
        self.setLayout(self._lines)
        self.hide()

    def show_found(self, found: Sequence[Alike], *, may_merge: bool = False) -> None:
        """Show the first of them."""
        clear(self._lines)
        self.setVisible(bool(found))
        for each in found[:MOST]:
            state = code_list("case_state").label(each.state)
            words = f"{each.reason}：{each.number}　{each.title}（{state}）"
            show = functools.partial(self._open, each.id)
            line = row(label(words, "doubt", wrap=True), gap=8)
            line.setStretch(0, 1)
            opens = button("打开", show, look="flat", tip=f"打开{each.number}")
            opens.setAutoDefault(False)
            line.addWidget(opens)
            if may_merge and each.state in OPEN:
                ask = functools.partial(self.merge_asked.emit, each.id)
                line.addWidget(button("并入该案", ask, look="flat"))
            self._lines.addLayout(line)

    def _open(self, case_id: str) -> None:
        self.opened.emit(case_id)
        self._desk.bus.open_requested.emit("case", case_id)
