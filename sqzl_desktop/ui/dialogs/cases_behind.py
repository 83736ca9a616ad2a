"""指标里的案件: the cases that a figure counts, in a list; Enter opens one on its page."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QWidget

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, row
from sqzl_desktop.ui.widgets.record_list import RecordList


class CasesBehind(QDialog):
    """A list of cases; Enter or a double click opens one and closes the dialog."""

    def __init__(self, desk: Desk, title: str, ids: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title}（{len(ids)}件）")
        self.resize(1080, 600)
        self._desk = desk
        self.list = RecordList(desk, "case")
        self.list.only(Filter("id", "in", tuple(ids)))
        self.list.opened.connect(self._open)
        box = column(self.list, row(None, button("关闭", self.reject)), gap=12)
        box.setContentsMargins(16, 12, 16, 16)
        self.setLayout(box)

    def _open(self, record_id: str) -> None:
        self.accept()
        self._desk.bus.open_requested.emit("case", record_id)
