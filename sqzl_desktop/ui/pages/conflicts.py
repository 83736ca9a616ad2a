"""冲突处理: both values side by side; one click chooses."""

from PySide6.QtWidgets import QFrame, QScrollArea

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import conflicts, elements
from sqzl_desktop.services.conflicts import ConflictView, Side
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.page import Page, PageView
from sqzl_desktop.ui.widgets.parts import (
    button,
    card,
    chip,
    clear,
    column,
    empty_state,
    holder,
    label,
    row,
)  # fmt: skip

ABOUT = {
    "value": "两个人同时修改了同一项，请选择正确的值",
    "edit_after_delete": "记录已被删除，又有人修改过它",
    "stale_delete": "有人要删除这条记录，但不知道它刚被修改过",
}
CHOICES = {
    "value": ("保留现值", "改用另一值"),
    "edit_after_delete": ("保持删除", "恢复并采用修改"),
    "stale_delete": ("保留记录", "确认删除"),
}
SYNCED = ("conflict",)


class ConflictsPage(PageView):
    """Every conflict that waits for somebody in scope."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "冲突处理")
        self._cards = column(gap=12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(holder(self._cards))
        self.body.addWidget(label("冲突的两个值都不会丢失，选定以后会同步给所有人。", "soft"))
        self.body.addWidget(scroll, 1)
        self._may = elements.may(desk.ws, "settle", "conflict")
        desk.bus.changed.connect(self.refresh_if_seen)

    def refresh(self) -> None:
        self.desk.run(self, lambda: conflicts.open_conflicts(self.desk.ws), self._show)

    def _show(self, found: list[ConflictView]) -> None:
        clear(self._cards)
        for each in found:
            self._cards.addWidget(self._card(each))
        if not found:
            self._cards.addWidget(empty_state("check", "没有待处理的冲突"), 1)
        self._cards.addStretch(1)

    def _card(self, each: ConflictView) -> QFrame:
        keep, other = CHOICES[each.about]
        kind = BY_NAME[each.kind].label
        head = row(label(f"{each.title or kind}　·　{each.label}", "section"), chip(kind, "plain"),
                   None, button("打开记录", lambda: self._open(each), look="flat"))  # fmt: skip
        sides = row(
            self._side("现值", each.standing, keep, lambda: self._choose(each, "standing")),
            self._side("另一值", each.other, other, lambda: self._choose(each, "other")),
            gap=12,
        )
        return card(column(head, label(ABOUT[each.about], "soft"), sides, gap=12))

    def _side(self, name: str, side: Side, choice: str, choose) -> QFrame:  # type: ignore[no-untyped-def]
        value = label(side.value or "（空）", "title", wrap=True)
        who = "　".join(filter(None, (
            side.by, moment_text(side.at) if side.at else "", side.device
        )))  # fmt: skip
        pick = button(choice, choose, icon="check")
        pick.setEnabled(self._may)
        body = column(label(name, "soft"), value, label(who, "small", wrap=True),
                      row(pick, None), gap=6)  # fmt: skip
        return card(body, "tile", padding=12)

    def _open(self, each: ConflictView) -> None:
        self.desk.bus.open_requested.emit(each.kind, each.record_id)

    def _choose(self, each: ConflictView, keep: str) -> None:
        def done(_none: None) -> None:
            self.desk.say("已选定，下次同步时上报")
            self.desk.bus.changed.emit(("conflict", each.kind))

        self.desk.run(self, lambda: conflicts.settle(self.desk.ws, each.id, keep), done)


PAGE = Page("conflicts", "冲突处理", "conflict", ConflictsPage)
