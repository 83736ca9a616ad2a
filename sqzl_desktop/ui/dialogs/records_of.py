"""名单: the households, people and dwellings of a grid or building, in lists to look through."""

from PySide6.QtWidgets import QDialog, QTabWidget, QWidget

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, row
from sqzl_desktop.ui.widgets.record_list import RecordList

_LISTS = {
    "grid": (("household", "grid_id"), ("resident", "grid_id"), ("building", "grid_id")),
    "building": (("dwelling", "building_id"), ("organisation", "building_id"),
                 ("facility", "building_id")),
}  # fmt: skip


class RecordsOf(QDialog):
    """A tab for each kind; Enter or a double click opens a record on its page."""

    def __init__(self, desk: Desk, kind: str, record_id: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{name}的名单")
        self.resize(980, 600)
        self._desk = desk
        self.tabs = QTabWidget()
        for listed, field in _LISTS[kind]:
            made = RecordList(desk, listed)
            made.only(Filter(field, "=", record_id))
            made.opened.connect(lambda each, listed=listed: self._open(listed, each))
            self.tabs.addTab(made, BY_NAME[listed].label)
        box = column(self.tabs, row(None, button("关闭", self.reject)), gap=12)
        box.setContentsMargins(16, 12, 16, 16)
        self.setLayout(box)

    def _open(self, kind: str, record_id: str) -> None:
        self.accept()
        self._desk.bus.open_requested.emit(kind, record_id)
