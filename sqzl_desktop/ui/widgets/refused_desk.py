"""被退回: what the server did not take: what was meant, why not, and the ways out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMessageBox

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import pending
from sqzl_desktop.services.pending import Entry, Meant
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.choice_list import ChoiceList
from sqzl_desktop.ui.widgets.parts import button, card, chip, column, field_change, label, row

HELD = "已交给该网格现在的负责人处理（在其“移交箱”中），您不需要再做什么。"
MOST_FIELDS = 12


class RefusedDesk(ChoiceList):
    """Everything of this device that was refused and is not decided yet."""

    correct_requested = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            ("记录", "种类", "操作", "原因"),
            "没有被退回的修改",
            "键盘：↑↓ 选择，Enter 打开记录，X 修改后重报，C 重新上报，F 放弃（或知道了），"
            "Ctrl+Z 撤销",
        )
        self._desk = desk
        self._found: dict[str, Entry] = {}
        self._given_up: list[str] = []
        self._undo = button("撤销刚才的放弃", self._take_back, icon="back", tip="Ctrl+Z")
        self._undo.hide()
        self.tools.addWidget(self._undo)
        self.tools.addStretch(1)
        words = "被退回的内容不会删除，一直保留到您作出决定；放弃以后仍留在本机的操作日志里。"
        self.tools.addWidget(label(words, "soft"))
        self.chosen.connect(self._show_chosen)
        for key, work in (
            ("Return", self._open),
            ("X", self._correct),
            ("C", self._offer),
            ("F", self._ask_give_up),
            ("Ctrl+Z", self._take_back),
        ):
            self.on_key(key, work)  # fmt: skip

    def refresh(self) -> None:
        """Show what is in the store now."""
        ws = self._desk.ws
        self._desk.run(self, lambda: pending.entries(ws), self._show)

    def _show(self, found: list[Entry]) -> None:
        self._found = {each.id: each for each in found}
        self.fill([(each.id, _cells(each)) for each in found])

    def _entries(self) -> list[Entry]:
        return [self._found[key] for key in self.keys() if key in self._found]

    def _show_chosen(self) -> None:
        some = self._entries()
        if len(some) == 1:
            self.show_detail(self._one(some[0]))
        elif some:
            give_up = button("全部放弃", self._ask_give_up, icon="trash", look="danger")
            head = label(f"已选 {len(some)} 项", "section")
            self.show_detail(card(column(head, row(give_up, None), gap=12)))
        else:
            self.show_detail()

    def _one(self, each: Entry) -> QFrame:
        first = each.meant[0]
        state = chip("待移交" if each.is_held else "被退回", "warn" if each.is_held else "danger")
        head = row(label(_title(first), "section", wrap=True), state, gap=8)
        head.setStretch(0, 1)
        body = column(head, gap=12)
        for meant in each.meant:
            body.addWidget(_what(meant))
        body.addWidget(label(f"原因：{each.reason}", wrap=True))
        advice = HELD if each.is_held else each.advice
        if advice:
            body.addWidget(label(f"办法：{advice}", wrap=True))
        body.addWidget(label(f"{moment_text(each.made_at)} 在本机填写", "small"))
        body.addLayout(self._ways_out(each))
        return card(body)

    def _ways_out(self, each: Entry):  # type: ignore[no-untyped-def]
        ways = row(gap=8)
        if each.can_change:
            ways.addWidget(button("修改后重报", self._correct, icon="edit", look="primary",
                                  tip="打开表单，被退回的内容已填好（X）"))  # fmt: skip
        if each.can_offer:
            ways.addWidget(button("重新上报", self._offer, icon="upload",
                                  tip="原样再报一次，以记录现在的内容为准（C）"))  # fmt: skip
        if each.is_held:
            ways.addWidget(button("知道了", self._ask_give_up, icon="check", look="primary",
                                  tip="从这里移走（F）"))  # fmt: skip
        else:
            ways.addWidget(button("放弃", self._ask_give_up, icon="trash", look="danger",
                                  tip="不再上报，可以撤销（F）"))  # fmt: skip
        ways.addStretch(1)
        ways.addWidget(button("打开记录", self._open, look="flat", tip="Enter"))
        return ways

    def _open(self) -> None:
        for each in self._entries()[:1]:
            self._desk.bus.open_requested.emit(each.meant[0].kind, each.meant[0].record_id)

    def _correct(self) -> None:
        some = self._entries()
        if len(some) == 1 and some[0].can_change:
            self.correct_requested.emit(some[0])

    def _offer(self) -> None:
        some = self._entries()
        if len(some) != 1 or not some[0].can_offer:
            return
        each, ws = some[0], self._desk.ws
        self._desk.run(self, lambda: pending.offer_again(ws, each.id),
                       lambda _none: self._changed("已重新列入待上报，下次同步时上报"))  # fmt: skip

    def _ask_give_up(self) -> None:
        some = self._entries()
        if not some:
            return
        if not all(each.is_held for each in some):
            many = (
                f"这 {len(some)} 项" if len(some) > 1 else f"“{_title(some[0].meant[0])}”的这次操作"
            )
            question = (
                f"确定放弃{many}吗？\n放弃后不再上报，内容留在操作日志里；窗口关闭前可以撤销。"
            )
            answer = QMessageBox.question(self, "放弃被退回的内容", question)
            if answer != QMessageBox.StandardButton.Yes:
                return
        ids, ws = [each.id for each in some], self._desk.ws

        def done(operations: list[str]) -> None:
            self._given_up = operations
            self._undo.show()
            self._changed("已移出待处理，可以撤销")

        self._desk.run(self, lambda: pending.give_up(ws, ids), done)

    def _take_back(self) -> None:
        if not self._given_up:
            return
        operations, ws = self._given_up, self._desk.ws

        def done(_none: None) -> None:
            self._given_up = []
            self._undo.hide()
            self._changed("已撤销，重新列为待处理")

        self._desk.run(self, lambda: pending.take_back(ws, operations), done)

    def _changed(self, said: str) -> None:
        self._desk.say(said)
        self._desk.bus.changed.emit(tuple(BY_NAME))
        self.table.setFocus()


def _title(meant: Meant) -> str:
    return meant.title or BY_NAME[meant.kind].label


def _cells(each: Entry) -> tuple[str, ...]:
    first, more = each.meant[0], len(each.meant) - 1
    title = f"{_title(first)}　等{more + 1}项" if more else _title(first)
    return title, BY_NAME[first.kind].label, first.action, each.reason


def _what(meant: Meant) -> QFrame:
    body = column(
        row(
            chip(BY_NAME[meant.kind].label, "plain"), label(f"{meant.action}　{meant.title}"), None
        ),
        gap=6,
    )
    for field in meant.fields[:MOST_FIELDS]:
        body.addLayout(field_change(field.label, field.before, field.after))
    if len(meant.fields) > MOST_FIELDS:
        body.addWidget(label(f"另有 {len(meant.fields) - MOST_FIELDS} 个字段", "small"))
    return card(body, "tile", padding=12)
