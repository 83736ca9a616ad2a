"""可能已登记: what is here already and is probably the same, before it is saved a second time."""

import functools
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from sqzl_desktop.services.likeness import Likeness
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, row

MOST = 2  # the form must not go under; the others are counted


class AlikeStrip(QFrame):
    """Takes no room where nothing is alike."""

    keep_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("alike")
        self.found: tuple[Likeness, ...] = ()
        self._lines = column(gap=4)
        self._lines.setContentsMargins(12, 8, 12, 8)
        self.setLayout(self._lines)
        self.hide()

    def show_found(self, found: Sequence[Likeness], *, is_refusal: bool = False) -> None:
        """Show what is alike; `is_refusal` when the record was not saved because of it."""
        self.found = tuple(found)
        clear(self._lines)
        self.setVisible(bool(found))
        if not found:
            return
        keep = button("仍然保存", self.keep_asked.emit, tip="不是同一个，作为新的保存")
        keep.setVisible(is_refusal)
        said = "还没有保存：可能已经登记过" if is_refusal else "可能已经登记过"
        more = f"，共{len(found)}条" if len(found) > MOST else ""
        head = row(label(f"{said}{more}", "doubt"), None, keep)
        self._lines.addLayout(head)
        for each in found[:MOST]:
            show = functools.partial(self._desk.bus.open_requested.emit, each.kind, each.id)
            line = row(
                label(f"{each.title}　{each.reason}", wrap=True),
                button("打开已有", show, look="flat", tip=f"打开{each.title}"),
            )
            line.setStretch(0, 1)
            self._lines.addLayout(line)
            if each.detail:
                self._lines.addWidget(label(each.detail, "small", wrap=True))
        if is_refusal:
            keep.setFocus()
