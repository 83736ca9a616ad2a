"""政策告知: what a resident is still to be told, and what they were told, when and how."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTableWidgetItem, QTabWidget, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.services import policies
from sqzl_desktop.services.policies import Heard
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import column, fit_columns, label, padded, plain_table

OPEN, TAB = "还没告知", "政策告知"


class PoliciesHeard(QWidget):
    """What is open stands first; a double click opens the policy. `counted`: how many are open."""

    counted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._resident = ""
        self.table = plain_table("政策通知", "情况", "告知时间", "方式", "告知人")
        self._said = label("", "soft", wrap=True)
        body = column(self._said, self.table, gap=8)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.table.cellActivated.connect(self._open)

    def add_to(self, tabs: QTabWidget) -> None:
        """Become a tab that tells how many are open."""
        place = tabs.addTab(padded(self), TAB)
        self.counted.connect(lambda left: tabs.setTabText(place, f"{TAB}　{left}" if left else TAB))

    def show_resident(self, resident_id: str) -> None:
        """Ask what concerns a resident."""
        self._resident = resident_id
        ws = self._desk.ws

        def done(found: list[Heard]) -> None:
            if self._resident == resident_id:
                self._show(found)

        self._desk.run(self, lambda: policies.heard(ws, resident_id), done)

    def _show(self, found: list[Heard]) -> None:
        left = sum(each.told is None for each in found)
        tell = "登记走访（Ctrl+G）时打勾，就记为已告知。"
        self._said.setText(
            f"还有{left}项政策没有告知。{tell}" if left else
            "该告知的都告知了。" if found else "现在没有涉及这位居民的政策通知。"
        )  # fmt: skip
        self.table.setRowCount(len(found))
        for place, each in enumerate(found):
            for side, text in enumerate((each.title, *_words(each))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setData(Qt.ItemDataRole.UserRole, each.policy_id)
                if each.told is None:
                    item.setForeground(QColor(theme.COLOURS["warn"]))
                self.table.setItem(place, side, item)
        fit_columns(self.table)
        self.table.setVisible(bool(found))
        self.counted.emit(left)

    def _open(self, place: int, _side: int) -> None:
        item = self.table.item(place, 0)
        if item is not None:
            self._desk.bus.open_requested.emit("policy", item.data(Qt.ItemDataRole.UserRole))


def _words(each: Heard) -> tuple[str, str, str, str]:
    told = each.told
    if told is None:
        return OPEN, "", "", ""
    way = code_list("told_way").label(told.way)
    of = "随户" if told.household_id else "张贴" if told.building_id else ""
    at = moment_text(told.told_at) if told.told_at else ""
    return "　".join(filter(None, ("已告知", of))), at, way, told.told_by
