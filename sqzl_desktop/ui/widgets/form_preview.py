"""填表预览: the rows of an outside form, what changed since it was handed in, and writing it."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QTableView,
    QWidget,
)

from sqzl_desktop.services import elements, one_table
from sqzl_desktop.services.one_table import STATES, Form, HandIn, Line
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.form_lines import FormLines
from sqzl_desktop.ui.widgets.parts import button, column, label, row

_WIDTHS = {"变化": 72, "序号": 60, "姓名": 100, "性别": 60, "年龄": 60}
_USUAL_WIDTH, _ADDRESS_WIDTH = 150, 270


class FormPreview(QWidget):
    """The rows as they are today. Enter or a double click opens the record behind one."""

    written = Signal()

    def __init__(self, desk: Desk, form: Form) -> None:
        super().__init__()
        self._desk = desk
        self._form = form
        self.model = FormLines(self)
        self._summary = label("正在整理…", "soft", wrap=True)
        self._filter = QComboBox()
        self._filter.addItem("全部行", "")
        for state, words in STATES.items():
            self._filter.addItem(words, state)
        self._filter.currentIndexChanged.connect(
            lambda _index: self.model.narrow(self._filter.currentData())
        )
        self._table = self._make_table()
        self._clear = QCheckBox("填完整的证件号码、电话，事由：")
        self._clear.setEnabled(elements.may(desk.ws, "reveal", form.kind))
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("例如：街道民政科月报")
        self._reason.setEnabled(False)
        self._clear.toggled.connect(self._reason.setEnabled)
        self._only = QCheckBox("只填新增和变更的")
        self._final = QCheckBox("这次就上报，记下来以便下次对比")
        self._final.setChecked(True)
        self._write = button("填入表格…", self._ask_path, icon="download", look="primary")
        clear = row(self._clear, self._reason, gap=8)
        clear.setStretch(1, 1)
        how = row(self._only, self._final, None, self._write, gap=16)
        top = row(self._summary, self._filter, gap=16)
        top.setStretch(0, 1)
        body = column(top, self._table, clear, how, gap=10)
        body.setStretch(1, 1)
        self.setLayout(body)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(34)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(True)
        table.activated.connect(lambda index: self._open(index.row()))
        return table

    def refresh(self) -> None:
        """Work the rows out anew."""
        self._desk.run(self, lambda: one_table.lines(self._desk.ws, self._form), self._show)

    def _show(self, lines: list[Line]) -> None:
        self.model.show_lines(self._form, lines)
        for place in range(self.model.columnCount()):
            words = str(self.model.headerData(place, Qt.Orientation.Horizontal))
            usual = _ADDRESS_WIDTH if words.endswith("址") else _USUAL_WIDTH
            self._table.setColumnWidth(place, _WIDTHS.get(words, usual))
        counts = Counter(each.state for each in lines)
        total = len(lines) - counts["gone"]
        parts = "，".join(f"{words} {counts[state]}" for state, words in STATES.items())
        self._summary.setText(f"共 {total:,} 行。与上次上报相比：{parts}。")
        self._write.setEnabled(bool(total))

    def _open(self, row_number: int) -> None:
        line = self.model.line(row_number)
        if line.state != "gone":
            self._desk.bus.open_requested.emit(self._form.kind, line.record)

    @property
    def how(self) -> HandIn:
        """How it is to be written."""
        return HandIn(
            reveal=self._clear.isChecked(),
            reason=self._reason.text().strip() if self._clear.isChecked() else "",
            only_changes=self._only.isChecked(),
            is_final=self._final.isChecked(),
        )

    @property
    def summary(self) -> str:
        """What it says of the rows."""
        return self._summary.text()

    def ask_clear(self, reason: str) -> None:
        """Fill sensitive fields in clear, for a reason."""
        self._clear.setChecked(True)
        self._reason.setText(reason)

    def write(self, path: Path) -> None:
        """Write the filled form to a file."""
        how, name = self.how, self._form.name

        def done(count: int) -> None:
            self._desk.say(f"已填 {count} 行，保存到 {path}")
            self.written.emit()

        self._desk.run(self, lambda: one_table.write(self._desk.ws, name, path, how), done)

    def _ask_path(self) -> None:
        start = f"{self._form.name}.xlsx"
        name, _ = QFileDialog.getSaveFileName(self, "填入表格", start, "表格 (*.xlsx)")
        if name:
            self.write(Path(name))
