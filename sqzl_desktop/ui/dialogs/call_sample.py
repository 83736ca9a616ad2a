"""回访抽查: some closed cases of a month drawn by lot, the same for everybody who sees the grid."""

import datetime as dt

from PySide6.QtWidgets import QComboBox, QDialog, QSpinBox, QWidget

from sqzl_desktop.domain.case_indicators import month_before
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.services import callbacks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.call_back import ask_call
from sqzl_desktop.ui.widgets.parts import button, column, label, row
from sqzl_desktop.ui.widgets.record_list import RecordList

MONTHS, FEW, MOST = 12, 5, 50


class CallSample(QDialog):
    """Last month first; Enter or a double click calls back."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle("回访抽查")
        self.resize(1080, 600)
        self.months, self.each = QComboBox(), QSpinBox()
        self.months.setAccessibleName("月份")
        month = desk.ws.today.replace(day=1)
        for _ in range(MONTHS):
            self.months.addItem(f"{month:%Y年%m月}", month)
            month = month_before(month)
        self.months.setCurrentIndex(1)
        self.each.setAccessibleName("每网格件数")
        self.each.setRange(1, MOST)
        self.each.setValue(FEW)
        self.each.setSuffix(" 件")
        self.found = label("", "soft")
        self.list = RecordList(desk, "case")
        self.list.opened.connect(self._call)
        said = "按月份抽签：同一个月谁来抽、什么时候抽，抽到的都一样。匿名和没有留姓名电话的不抽。"
        box = column(
            row(label("结案月份"), self.months, label("每个网格抽"), self.each, self.found, None),
            label(said, "soft", wrap=True), self.list,
            row(label("回车或双击开始回访", "small"), None, button("关闭", self.reject)), gap=10,
        )  # fmt: skip
        box.setContentsMargins(16, 12, 16, 16)
        box.setStretch(2, 1)
        self.setLayout(box)
        self.months.currentIndexChanged.connect(lambda _place: self.draw())
        self.each.valueChanged.connect(lambda _value: self.draw())
        self.draw()

    def draw(self) -> None:
        """Draw the lots of the chosen month."""
        ws, month, each = self._desk.ws, self.months.currentData(), self.each.value()
        assert isinstance(month, dt.date)

        def done(ids: list[str]) -> None:
            if (month, each) == (self.months.currentData(), self.each.value()):
                self._show(ids)

        self._desk.run(self, lambda: callbacks.sample(ws, month, each), done)

    def _show(self, ids: list[str]) -> None:
        self.found.setText(f"抽到 {len(ids)} 件" if ids else "这个月没有可以回访的结案案件")
        self.list.only(Filter("id", "in", tuple(ids)))

    def _call(self, case_id: str) -> None:
        ask_call(self._desk, self, case_id)
