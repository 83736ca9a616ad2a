"""移交箱: what others did on a grid they no longer held; its present worker takes it or not."""

from PySide6.QtWidgets import QFrame, QInputDialog

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import elements, handovers
from sqzl_desktop.services.handovers import HandoverView
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.choice_list import ChoiceList
from sqzl_desktop.ui.widgets.parts import button, card, chip, column, field_change, label, row


class HandoverDesk(ChoiceList):
    """Every handover that waits for somebody in this grid."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            ("记录", "操作", "填写人", "时间"),
            "移交箱是空的",
            "键盘：↑↓ 选择，Enter 打开记录，J 接受，T 谢绝",
        )
        self._desk = desk
        self._found: dict[str, HandoverView] = {}
        self._may = elements.may(desk.ws, "settle", "handover")
        self.tools.addStretch(1)
        words = "网格调整以后，原负责人没来得及上报的内容在这里，由您决定是否采用。"
        self.tools.addWidget(label(words, "soft"))
        self.chosen.connect(self._show_chosen)
        for key, work in (("Return", self._open), ("J", self._accept), ("T", self._ask_decline)):
            self.on_key(key, work)

    def refresh(self) -> None:
        """Show what is in the store now."""
        ws = self._desk.ws
        self._desk.run(self, lambda: handovers.open_handovers(ws), self._show)

    def _show(self, found: list[HandoverView]) -> None:
        self._found = {each.id: each for each in found}
        self.fill([
            (each.id, (_title(each), each.what, each.by, moment_text(each.at) if each.at else ""))
            for each in found
        ])  # fmt: skip

    def _chosen(self) -> list[HandoverView]:
        return [self._found[key] for key in self.keys() if key in self._found]

    def _show_chosen(self) -> None:
        some = self._chosen()
        if len(some) == 1:
            self.show_detail(self._one(some[0]))
        elif some:
            accept = button("全部接受", self._accept, icon="check", look="primary")
            accept.setEnabled(self._may)
            head = label(f"已选 {len(some)} 项", "section")
            self.show_detail(card(column(head, row(accept, None), gap=12)))
        else:
            self.show_detail()

    def _one(self, each: HandoverView) -> QFrame:
        head = row(label(_title(each), "section"), chip(BY_NAME[each.kind].label, "plain"), None,
                   button("打开记录", self._open, look="flat", tip="Enter"))  # fmt: skip
        who = "　".join(filter(None, (
            each.by, moment_text(each.at) if each.at else "", each.device
        )))  # fmt: skip
        body = column(head, label(each.what), label(who, "small", wrap=True), gap=8)
        for name, before, after in each.changes:
            body.addLayout(field_change(name, before, after))
        words = "接受：按现在的记录采用这些内容；谢绝：保持现状，写明原因，原填写人可以看到。"
        body.addWidget(label(words, "small", wrap=True))
        accept = button("接受", self._accept, icon="check", look="primary", tip="J")
        decline = button("谢绝", self._ask_decline, icon="close", tip="T")
        for part in (accept, decline):
            part.setEnabled(self._may)
        body.addLayout(row(accept, decline, None))
        return card(body)

    def _open(self) -> None:
        for each in self._chosen()[:1]:
            self._desk.bus.open_requested.emit(each.kind, each.record_id)

    def _accept(self) -> None:
        some, ws = self._chosen(), self._desk.ws
        if not (some and self._may):
            return

        def work() -> None:
            for each in some:
                handovers.accept(ws, each.id)

        self._desk.run(self, work, lambda _none: self._changed("已接受，下次同步时上报"))

    def _ask_decline(self) -> None:
        some, ws = self._chosen(), self._desk.ws
        if len(some) != 1 or not self._may:
            return
        reason, is_given = QInputDialog.getText(self, "谢绝移交", "请写明原因，原填写人可以看到：")
        if is_given:
            self._desk.run(
                self,
                lambda: handovers.decline(ws, some[0].id, reason),
                lambda _none: self._changed("已谢绝，下次同步时上报"),
            )

    def _changed(self, said: str) -> None:
        self._desk.say(said)
        self._desk.bus.changed.emit(tuple(BY_NAME))
        self.table.setFocus()


def _title(each: HandoverView) -> str:
    return each.title or BY_NAME[each.kind].label
