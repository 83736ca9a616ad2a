"""遮盖文字: a sensitive value to be read, masked; shown in full for a while, which is audited."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.masked_field import REVEAL_MS
from sqzl_desktop.ui.widgets.parts import button, label, row


class MaskedText(QWidget):
    """One sensitive field of a record."""

    def __init__(self, desk: Desk, kind: str, record: Element, field: str) -> None:
        super().__init__()
        self._desk, self._subject = desk, (kind, record.id, field)
        column = BY_NAME[kind].column(field)
        self._masked = elements.masked(column, getattr(record, field))
        self._text = label(self._masked)
        tip = "显示完整内容10秒；会记入审计"
        self._show = button("显示", self._ask, look="flat", tip=tip)
        if not elements.may(desk.ws, "reveal", kind, record):
            self._show.hide()
        self._timer = QTimer(self, singleShot=True, interval=REVEAL_MS)
        self._timer.timeout.connect(self._cover)
        self.setLayout(row(self._text, self._show, None, gap=4))

    def _ask(self) -> None:
        ws, subject = self._desk.ws, self._subject
        self._desk.run(self, lambda: elements.reveal(ws, *subject), self._reveal)

    def _reveal(self, text: str) -> None:
        self._text.setText(text)
        self._show.hide()
        self._timer.start()

    def _cover(self) -> None:
        self._text.setText(self._masked)
        self._show.show()
