"""变更历史: who changed which field when, from what to what; here first, then from the server."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTableWidgetItem, QWidget

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import UserError
from sqzl_desktop.services import histories, undo
from sqzl_desktop.services.histories import STATES, RecordHistory
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, plain_table, row

HEADINGS = ("时间", "修改人", "字段", "原值", "新值", "状态", "设备")
ASKING = "正在向服务器查询完整历史…"
VALUES = (3, 4)
NARROWEST = 100


class HistoryPanel(QWidget):
    """Asks only while it is in sight."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._subject = ("", "")
        self._is_stale = False
        self._note = label("", "soft", wrap=True)
        self.table = plain_table(*HEADINGS)
        self.table.setAccessibleName("变更历史")
        self.table.hide()
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._undo = button("撤销所选变动", self._take_back, tip="整个变动一起撤销，恢复原值")
        self._undo.hide()
        self._group = ""
        self._operations: list[str] = []
        self.table.itemSelectionChanged.connect(self._line_chosen)
        body = column(self._note, self.table, row(self._undo, None), gap=8)
        body.setStretch(1, 1)
        self.setLayout(body)

    @property
    def note(self) -> str:
        """How far back what is shown goes."""
        return self._note.text()

    def show_record(self, kind: str, record_id: str) -> None:
        """Whose history to show; "" is nobody's."""
        if (kind, record_id) != self._subject:
            self.table.setRowCount(0)
            self._note.setText("")
        self._subject = (kind, record_id)
        self._is_stale = True
        if self.isVisible():
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._ask()

    def _ask(self) -> None:
        self._is_stale = False
        subject = self._subject
        kind, record_id = subject
        if not record_id:
            return
        ws, session = self._desk.ws, self._desk.session

        def show(found: RecordHistory) -> None:
            if self._subject == subject:
                self._show(found)

        def here(found: RecordHistory) -> None:
            if self._subject == subject and not self.table.rowCount():
                self._show(found)
                self._note.setText(ASKING)

        def failed(error: UserError) -> None:
            if self._subject == subject:
                self._note.setText(str(error))

        self._desk.run(self, lambda: histories.local(ws, kind, record_id), here, failed)
        self._desk.run(self, lambda: session.history(kind, record_id), show, failed)

    def _line_chosen(self) -> None:
        place = self.table.currentRow()
        operation = self._operations[place] if 0 <= place < len(self._operations) else ""
        self._undo.hide()
        if operation:
            ws = self._desk.ws
            self._desk.run(self, lambda: undo.group_of(ws, operation), self._offer)

    def _offer(self, group: str) -> None:
        self._group = group
        self._undo.setVisible(bool(group))

    def _take_back(self) -> None:
        ws, group = self._desk.ws, self._group

        def done(kinds: tuple[str, ...]) -> None:
            self._undo.hide()
            self._desk.say("已撤销，恢复为变动以前的内容")
            self._desk.bus.changed.emit(kinds)

        self._desk.run(self, lambda: undo.undo(ws, group), done)

    def _show(self, found: RecordHistory) -> None:
        self._note.setText(found.note)
        self._operations = [each.operation for each in found.changes]
        self.table.setRowCount(len(found.changes))
        self.table.setVisible(bool(found.changes))
        for place, each in enumerate(found.changes):
            at = f"{each.at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
            cells = (at, each.by, each.label, each.before, each.after, STATES[each.state],
                     each.device)  # fmt: skip
            for side, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(place, side, item)
        self._fit()

    def _fit(self) -> None:
        """The two columns of values share what the others leave."""
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        self.table.resizeColumnsToContents()
        width = self.table.columnWidth
        others = sum(width(side) for side in range(len(HEADINGS)) if side not in VALUES)
        room = (self.table.viewport().width() - others) // len(VALUES)
        for side in VALUES:
            self.table.setColumnWidth(side, min(width(side), max(room, NARROWEST)))
        head.setStretchLastSection(True)
