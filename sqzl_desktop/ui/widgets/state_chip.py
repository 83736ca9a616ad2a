"""上报状态: how far this device's changes of a record have come, and why they were refused."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from sqzl_desktop.services.pending import Standing
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import restyle

Looks = Mapping[str, tuple[str, str]]
LOOKS: Looks = {
    "pending": ("未上报", "warn"),
    "confirmed": ("已上报", "ok"),
    "refused": ("被退回", "danger"),
}
LONGEST = 14


class StateChip(QLabel):
    """A coloured word; where something was refused, a click leads to the ways out."""

    def __init__(self, desk: Desk, looks: Looks = LOOKS) -> None:
        super().__init__()
        self._desk, self._looks = desk, looks
        self._is_refused = False
        self.setObjectName("chip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_standing(self, standing: Standing) -> None:
        """Show how far it is."""
        words, tone = self._looks[standing.state]
        self._is_refused = standing.state == "refused"
        if self._is_refused and standing.reason:
            short = standing.reason[:LONGEST] + ("…" if len(standing.reason) > LONGEST else "")
            words = f"{words}：{short}"
            self.setToolTip(f"{standing.reason}\n{standing.advice}\n点这里去“待处理”".strip())
        else:
            self.setToolTip("")
        self.setText(words)
        shape = (
            Qt.CursorShape.PointingHandCursor if self._is_refused else Qt.CursorShape.ArrowCursor
        )
        self.setCursor(shape)
        restyle(self, tone=tone)
        self.show()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._is_refused:
            self._desk.bus.page_requested.emit("pending")
