"""办理经过: who did what with a case, when the server heard of it, what is not confirmed yet."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.services.cases import Moment
from sqzl_desktop.ui.widgets.parts import chip, clear, column, holder, label, row

LATE = dt.timedelta(minutes=10)  # a step that reached the server later than this says so
PENDING = "还没有上报；时间为本机时间，以服务器收到的时间为准"
DOTS = {"closed": "ok", "declined": "plain", "void": "plain", "merged": "plain",
        "returned": "warn", "parked": "warn"}  # fmt: skip


class CaseTimeline(QWidget):
    """The newest is below, where the next step will stand."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(gap=10)
        self.setLayout(self._lines)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show the steps, oldest first."""
        clear(self._lines)
        for each in moments:
            self._lines.addWidget(_line(each))


def _line(each: Moment) -> QWidget:
    state = code_list("case_state").label(each.to_state)
    tone = "warn" if each.is_pending else DOTS.get(each.to_state, "")
    head = row(label(each.label, "step_name"), chip(state, tone), gap=8)
    if each.is_pending:
        waits = chip("待服务器确认", "warn")
        waits.setToolTip(PENDING)
        head.addWidget(waits)
    head.addStretch(1)
    if each.at is not None:
        head.addWidget(label(moment_text(each.at), "small"))
    lines = column(head, gap=2)
    who = "　".join(filter(None, (each.by, each.role)))
    if who:
        lines.addWidget(label(who, "soft"))
    if each.content:
        lines.addWidget(label(each.content, wrap=True))
    if said := _where_from(each):
        lines.addWidget(label(said, "small", wrap=True))
    lines.setContentsMargins(12, 0, 0, 6)
    made = holder(lines)
    made.setObjectName("moment")
    made.setProperty("pending", each.is_pending)
    return made


def _where_from(each: Moment) -> str:
    """From which device, and when it was written where the server heard of it later."""
    is_late = each.at and each.made_at and abs(each.at - each.made_at) > LATE
    name = "发现于" if each.step == "report" else "填写于"
    written = f"{name}{moment_text(each.made_at)}" if is_late and each.made_at else ""
    device = f"设备：{each.device}" if each.device else ""
    return "　".join(filter(None, (written, device)))
