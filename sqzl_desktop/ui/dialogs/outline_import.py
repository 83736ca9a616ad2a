"""导入范围: what a file of outlines holds, for which record each is, and why some are none."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QTableWidgetItem, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import maps
from sqzl_desktop.services.maps import Match
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, fit_columns, label, plain_table, row


class OutlineImport(QDialog):
    """A line for each feature; the good ones are taken together, the others are told."""

    def __init__(self, desk: Desk, found: list[Match], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("导入范围")
        self.resize(760, 520)
        self._desk, self._found = desk, found
        good = [each for each in found if not each.problem]
        again = sum(each.has_outline for each in good)
        told = f"共{len(found)}个图形，可导入{len(good)}个"
        if again:
            told += f"，其中{again}个会替换已有范围"
        if len(good) < len(found):
            told += f"；{len(found) - len(good)}个不能导入，原因见下表，可修改文件后再次导入"
        self.table = plain_table("序号", "文件中的名称", "对应", "结果")
        self.table.setRowCount(len(found))
        for number, each in enumerate(sorted(found, key=lambda match: not match.problem)):
            self._fill(number, each)
        fit_columns(self.table)
        self.take = button(f"导入{len(good)}个范围", self._take, look="primary")
        self.take.setEnabled(bool(good))
        box = column(
            label(told, wrap=True),
            self.table,
            row(None, button("取消", self.reject), self.take),
            gap=12,
        )
        box.setContentsMargins(16, 16, 16, 16)
        self.setLayout(box)

    def _fill(self, number: int, match: Match) -> None:
        called = match.feature.name or match.feature.code or "（没有名称）"
        target = f"{BY_NAME[match.kind].label} {match.name}" if match.kind else ""
        result = match.problem or ("替换已有范围" if match.has_outline else "新增")
        for place, text in enumerate((str(match.feature.line), called, target, result)):
            item = QTableWidgetItem(text)
            if match.problem and place == 3:
                item.setForeground(QColor(theme.COLOURS["danger"]))
            self.table.setItem(number, place, item)

    def _take(self) -> None:
        self.take.setEnabled(False)
        work = self._desk.run
        work(self, lambda: maps.apply_import(self._desk.ws, self._found), self._taken)

    def _taken(self, count: int) -> None:
        self._desk.say(f"已导入{count}个范围，已存本机")
        self._desk.bus.changed.emit(("grid", "building", "estate", "community"))
        self.accept()
