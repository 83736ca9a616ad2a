"""导出清单: which rows and columns of a list go into a sheet, masked unless there is a reason."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QWidget,
)

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import elements, exports
from sqzl_desktop.services.exports import Wanted
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, row

SHEETS = "表格 (*.xlsx);;文本表格 (*.csv)"


class ExportList(QDialog):
    """`wanted` is the list as it is shown; `chosen` the ids of the rows that are selected in it."""

    written = Signal(int)

    def __init__(
        self, desk: Desk, wanted: Wanted, total: int, chosen: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wanted = wanted
        self._chosen = tuple(chosen)
        name = BY_NAME[wanted.kind].label
        self.setWindowTitle(f"导出{name}")
        self.resize(640, 600)
        self._whole = QRadioButton(f"当前列表全部 {total:,} 条")
        self._some = QRadioButton(f"选中的 {len(self._chosen):,} 条")
        self._some.setVisible(len(self._chosen) > 1)
        group = QButtonGroup(self)
        for each in (self._whole, self._some):
            group.addButton(each)
        (self._some if len(self._chosen) > 1 else self._whole).setChecked(True)
        self._columns = self._make_columns()
        self._clear = QCheckBox("导出完整的证件号码、电话、地址")
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("事由，例如：街道核查要求（记入审计）")
        self._reason.setEnabled(False)
        self._clear.toggled.connect(self._reason.setEnabled)
        self._clear.setEnabled(elements.may(desk.ws, "reveal", wanted.kind))
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._write = button("导出…", self._ask_path, icon="download", look="primary")
        ticks = row(label("列", "section"), None, button("全选", self.tick_all, look="flat"))
        body = column(
            label(f"导出{name}", "title"), self._whole, self._some, ticks, self._columns,
            self._clear, self._reason,
            label("表尾会写明由谁、何时导出；导出记入审计。", "soft", wrap=True), self._problem,
            row(None, button("取消", self.reject), self._write), gap=10,
        )  # fmt: skip
        body.setContentsMargins(24, 20, 24, 20)
        self.setLayout(body)

    def _make_columns(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName("要导出的列")
        usual = set(self._wanted.columns)
        for each in exports.columns_of(self._wanted.kind):
            item = QListWidgetItem(each.label)
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_on = each.name in usual if usual else each.facts.listed
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
            made.addItem(item)
        return made

    def tick_all(self) -> None:
        """Take every column."""
        for at in range(self._columns.count()):
            self._columns.item(at).setCheckState(Qt.CheckState.Checked)

    def ask_clear(self, reason: str) -> None:
        """Export sensitive fields in clear, for a reason."""
        self._clear.setChecked(True)
        self._reason.setText(reason)

    @property
    def wanted(self) -> Wanted:
        """What is to be exported, as chosen here."""
        items = [self._columns.item(at) for at in range(self._columns.count())]
        ticked = [
            str(each.data(Qt.ItemDataRole.UserRole))
            for each in items
            if each.checkState() == Qt.CheckState.Checked
        ]
        only = (
            [Filter("id", "in", self._chosen)] if self._some.isChecked() else self._wanted.filters
        )
        return dataclasses.replace(
            self._wanted,
            columns=ticked,
            filters=only,
            reveal=self._clear.isChecked(),
            reason=self._reason.text().strip() if self._clear.isChecked() else "",
        )

    def write(self, path: Path) -> None:
        """Export to a file; a refusal is said here, so that it can be put right."""
        wanted = self.wanted
        self._write.setEnabled(False)

        def done(count: int) -> None:
            self._desk.say(f"已导出 {count:,} 条到 {path}")
            self.written.emit(count)
            self.accept()

        self._desk.run(
            self, lambda: exports.export(self._desk.ws, wanted, path), done, self._failed
        )

    def _failed(self, error: UserError) -> None:
        self._write.setEnabled(True)
        self._problem.setText(str(error))
        self._problem.show()

    def _ask_path(self) -> None:
        if not self.wanted.columns:
            self._problem.setText("请至少勾选一列")
            self._problem.show()
            return
        start = f"{BY_NAME[self._wanted.kind].label}.xlsx"
        name, _ = QFileDialog.getSaveFileName(self, "导出", start, SHEETS)
        if name:
            self.write(Path(name))
