"""告知: who was faster with a step, said once, with the way to the record."""

import functools

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sqzl_desktop.services import supplements
from sqzl_desktop.services.supplements import Told
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, label, row

MOST = 5  # the others follow when these were seen


class ToldStrip(QWidget):
    """Takes no room where there is nothing to tell."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.hide()

    def refresh(self) -> None:
        """Ask what there is to tell."""
        ws = self._desk.ws
        self._desk.run(self, lambda: supplements.told(ws), self._show)

    def _show(self, told: list[Told]) -> None:
        clear(self._box)
        for each in told[:MOST]:
            show = functools.partial(self._desk.bus.open_requested.emit, each.kind, each.record_id)
            line = row(
                label(f"{each.title}：{each.sentence}", wrap=True),
                button("打开", show, look="flat"),
                button("知道了", functools.partial(self._hear, each)),
                gap=8,
            )
            line.setStretch(0, 1)
            self._box.addLayout(line)
        self.setVisible(bool(told))

    def _hear(self, each: Told) -> None:
        ws = self._desk.ws
        self._desk.run(self, lambda: supplements.heard(ws, [each]), lambda _none: self.refresh())
