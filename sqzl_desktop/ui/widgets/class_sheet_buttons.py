"""类别表格: the classes out to a sheet, and a city's table of limits in."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from sqzl_desktop.services import class_sheets, elements
from sqzl_desktop.services.class_sheets import ClassPlan
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, row

SHEETS = "表格 (*.xlsx *.csv)"
_SAID_PROBLEMS = 8


class ClassSheetButtons(QWidget):
    """`taken` says that a sheet has changed classes."""

    taken = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        out = button("导出表格", self._ask_export, icon="download")
        into = button("导入表格", self._ask_import, icon="upload")
        into.setVisible(elements.may(desk.ws, "write", "case_class"))
        self.setLayout(row(out, into, None))

    def export(self, path: Path) -> None:
        """Write the classes to a file."""
        ws = self._desk.ws

        def done(count: int) -> None:
            self._desk.say(f"已导出 {count} 个类别到 {path}")

        self._desk.run(self, lambda: class_sheets.export(ws, path), done)

    def take_in(self, planned: ClassPlan) -> None:
        """Make what a sheet says the versions in force."""
        ws = self._desk.ws

        def done(count: int) -> None:
            self._desk.say(f"已存本机：{count} 个类别有了新的版本")
            self.taken.emit()

        self._desk.run(self, lambda: class_sheets.apply(ws, planned), done)

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出", "案件类别和时限.xlsx", SHEETS)
        if name:
            self.export(Path(name))

    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "导入", "", SHEETS)
        if name:
            ws = self._desk.ws
            self._desk.run(self, lambda: class_sheets.plan(ws, Path(name)), self._ask_apply)

    def _ask_apply(self, planned: ClassPlan) -> None:
        said = plan_words(planned)
        if not (planned.changed or planned.new):
            QMessageBox.information(self, "导入类别", said)
            return
        answer = QMessageBox.question(self, "导入类别", f"{said}\n\n现在导入吗？")
        if answer == QMessageBox.StandardButton.Yes:
            self.take_in(planned)


def plan_words(planned: ClassPlan) -> str:
    """What a sheet would change, in words."""
    parts = [
        f"修改 {len(planned.changed)} 个类别，新增 {len(planned.new)} 个，"
        f"{planned.same} 个没有变化。"
    ]
    if planned.problems:
        parts.append(f"有 {len(planned.problems)} 行不能导入：")
        parts += planned.problems[:_SAID_PROBLEMS]
        if len(planned.problems) > _SAID_PROBLEMS:
            parts.append("……")
    return "\n".join(parts)
