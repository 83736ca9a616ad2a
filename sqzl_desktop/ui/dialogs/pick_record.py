"""选择记录: find one record of a kind to refer to."""

from PySide6.QtWidgets import QDialog, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import elements
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import Picker
from sqzl_desktop.ui.widgets.parts import button, column, label, row
from sqzl_desktop.ui.widgets.record_list import RecordList


class PickRecord(QDialog):
    """A list of one kind; Enter or a double click chooses."""

    def __init__(self, desk: Desk, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"选择{BY_NAME[kind].label}")
        self.resize(880, 560)
        self._list = RecordList(desk, kind)
        self._list.opened.connect(lambda _id: self.accept())
        choose = button("选定", self._choose, look="primary", tip="选定（Enter）")
        body = column(
            label(f"选择{BY_NAME[kind].label}", "title"),
            self._list,
            row(None, button("取消", self.reject), choose),
            gap=12,
        )
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        choose.setDefault(True)
        self._list.refresh()
        self._list.setFocus()

    def _choose(self) -> None:
        self._list.choose_first()
        if self.chosen():
            self.accept()

    def chosen(self) -> str:
        """The id of the chosen record."""
        return self._list.selected_id()


def picker(desk: Desk, parent: QWidget) -> Picker:
    """A function that asks for a record of a kind and gives (id, title), or None."""

    def pick(kind: str) -> tuple[str, str] | None:
        dialog = PickRecord(desk, kind, parent)
        if dialog.exec() and dialog.chosen():
            record_id = dialog.chosen()
            return record_id, elements.titles(desk.ws, kind, [record_id])[record_id]
        return None

    return pick
