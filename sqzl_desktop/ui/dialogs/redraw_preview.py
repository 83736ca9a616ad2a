"""方案预览: what a plan does to each grid and its worker, before it is carried out."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QTableWidgetItem,
    QWidget,
)

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import redrawing
from sqzl_desktop.services.redrawing import Draft, GridChange, Preview
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.household_bar import HouseholdBar
from sqzl_desktop.ui.widgets.parts import (
    button,
    chip,
    column,
    fit_columns,
    label,
    plain_table,
    row,
)

_HEADINGS = ("网格", "网格员", "户数", "应为300～500户", "划入", "划出")
_UNITS = {"building": "栋", "household": "户", "resident": "人"}


class RedrawPreview(QDialog):
    """Grids before and after, the buildings that move, and what is to be thought of."""

    applied = Signal()

    def __init__(self, desk: Desk, plan: tuple[str, Draft], seen: Preview, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("方案预览")
        self.resize(980, 620)
        self._desk, self._seen = desk, seen
        self._community, self._planned = plan
        self._problem = label("", "problem", wrap=True)
        self.carry_out = button("执行方案", self._apply, look="primary")
        below = row(self._moves(), self._warnings(), gap=12)
        below.setStretch(0, 1)
        below.setStretch(1, 1)
        box = column(
            row(label(self._planned.name or "未命名方案", "section"), None, gap=8),
            self._counts(),
            self._grids(),
            below,
            gap=10,
        )
        box.setStretch(2, 3)
        box.setStretch(3, 2)
        hint = (
            "执行后先存本机，下次同步时由服务器一次完成：楼栋里的房屋、住户、走访等记录一起转到新网格。"
            "原网格员离线修改的内容会进入新网格的移交箱。"
        )
        box.addWidget(label(hint, "soft", wrap=True))
        box.addWidget(self._problem)
        save = button("导出清单", self._ask_export, icon="download")
        box.addLayout(row(save, None, button("返回修改", self.reject), self.carry_out))
        box.setContentsMargins(16, 16, 16, 16)
        self.setLayout(box)

    def _counts(self) -> QHBoxLayout:
        line = row(gap=8)
        for kind in redrawing.COUNTED:
            count = self._seen.moved.get(kind, 0)
            line.addWidget(chip(f"{BY_NAME[kind].label} {count}", "plain"))
        rest = sum(self._seen.moved.values()) - sum(
            self._seen.moved.get(kind, 0) for kind in redrawing.COUNTED
        )
        line.addWidget(chip(f"其他记录 {rest}", "plain"))
        line.addStretch(1)
        return line

    def _grids(self) -> QWidget:
        table = self.grids = plain_table(*_HEADINGS)
        table.setRowCount(len(self._seen.grids))
        for number, each in enumerate(self._seen.grids):
            before, after = each.before.get("household", 0), each.after.get("household", 0)
            name = f"{each.name}（新）" if each.is_new else each.name
            count = f"{before} → {after}" if not each.merged_into else f"{before} → 撤销"
            texts = (name, each.worker or "未指定", count, "", _told(each, gains=True),
                     _told(each, gains=False))  # fmt: skip
            for place, text in enumerate(texts):
                table.setItem(number, place, QTableWidgetItem(text))
            table.setCellWidget(number, 3, HouseholdBar(after, before))
        fit_columns(table)
        table.setColumnWidth(3, 190)
        return table

    def _moves(self) -> QWidget:
        table = plain_table("楼栋", "原网格", "新网格")
        table.setRowCount(len(self._seen.moves))
        for number, texts in enumerate(self._seen.moves):
            for place, text in enumerate(texts):
                table.setItem(number, place, QTableWidgetItem(text))
        fit_columns(table)
        return table

    def _warnings(self) -> QWidget:
        told = QListWidget()
        told.setWordWrap(True)
        told.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        told.setAccessibleName("提醒")
        told.addItems(list(self._seen.warnings) or ["没有需要提醒的事项"])
        return told

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "导出调整清单", f"{self._planned.name or '网格调整'}.xlsx", "Excel 表格 (*.xlsx)"
        )
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the list for the paper report."""
        self._desk.run(
            self,
            lambda: redrawing.export(self._desk.ws, self._planned, self._seen, path),
            lambda _none: self._desk.say(f"清单已写到 {path}"),
        )

    def _apply(self) -> None:
        self.carry_out.setEnabled(False)
        self._desk.run(
            self,
            lambda: redrawing.apply(self._desk.ws, self._community, self._planned),
            lambda _drawn: self._done(),
            lambda error: self._refused(str(error)),
        )

    def _done(self) -> None:
        self._desk.say("方案已存本机，下次同步时由服务器一次完成")
        self.applied.emit()
        self._desk.bus.changed.emit(("grid", "redrawing"))
        self.accept()

    def _refused(self, sentence: str) -> None:
        self.carry_out.setEnabled(True)
        self._problem.setText(sentence)


def _told(change: GridChange, *, gains: bool) -> str:
    counts = change.gains if gains else change.loses
    return "".join(f"{counts[kind]}{unit} " for kind, unit in _UNITS.items() if counts.get(kind))
