"""案件流程条: the main road of a case in small steps, and where it stands."""

from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.ui.widgets.flow_layout import FlowLayout
from sqzl_desktop.ui.widgets.parts import chip, clear, label, restyle

ROAD = (("reported", "上报"), ("filed", "立案"), ("dispatched", "派遣"), ("handling", "处置"),
        ("fed_back", "反馈"), ("verified", "核查"), ("closed", "结案"))  # fmt: skip
ASIDE = {"confirmed": "reported", "returned": "dispatched", "parked": "handling"}


class CaseRoad(QWidget):
    """What is beside the main road (退单, 挂账, 不予立案) is said beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout()
        self.setLayout(self._flow)

    def show_state(self, state: str, *, awaits_server: bool) -> None:
        """Show where a case stands; `awaits_server`: here only, until the server confirms it."""
        clear(self._flow)
        names = [name for name, _ in ROAD]
        standing = ASIDE.get(state, state)
        reached = names.index(standing) if standing in names else -1
        for place, (_, text) in enumerate(ROAD):
            step = label(text, "road")
            where = "now" if place == reached else "done" if place < reached else "later"
            restyle(step, place=where)
            self._flow.addWidget(step)
        if state not in names:
            tone = "warn" if state in ASIDE else "plain"
            self._flow.addWidget(chip(code_list("case_state").label(state), tone))
        if awaits_server:
            self._flow.addWidget(chip("待服务器确认", "warn"))
