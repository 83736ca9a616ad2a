"""冲突: both values side by side; choose for one or for many, and take a choice back."""

import dataclasses
from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QFrame, QPushButton

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import conflicts, elements
from sqzl_desktop.services.conflicts import ConflictView, Side
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.choice_list import ChoiceList
from sqzl_desktop.ui.widgets.parts import button, card, chip, column, label, row

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
UNDO_SAID = "撤销会把原来的值写回去，并重新列为待处理；这是一次新的修改，会上报给所有人。"


class ConflictDesk(ChoiceList):
    """Every conflict in scope: those that wait, or those that somebody has settled."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            ("记录", "项目", "现值", "另一值"),
            "没有待处理的冲突",
            "键盘：↑↓ 选择，Shift+↑↓ 或 Ctrl+A 选多项，Enter 打开记录，B 保留现值，"
            "G 改用另一值，Ctrl+Z 撤销",
        )
        self._desk = desk
        self._found: dict[str, ConflictView] = {}
        self._last: tuple[str, ...] = ()
        self._may = elements.may(desk.ws, "settle", "conflict")
        self._which = QComboBox()
        self._which.addItem("待处理", "open")
        self._which.addItem("已处理", "settled")
        self._which.setAccessibleName("显示哪些冲突")
        self._which.currentIndexChanged.connect(lambda _index: self.refresh())
        self._same = button("选中此人全部", self._select_record, icon="person",
                            tip="选中这条记录的全部冲突")  # fmt: skip
        self._undo = button("撤销刚才的选择", self._undo_last, icon="back", tip="Ctrl+Z")
        self._undo.hide()
        for part in (self._which, self._same, self._undo):
            self.tools.addWidget(part)
        self.tools.addStretch(1)
        self.tools.addWidget(label("冲突的两个值都不会丢失，选定以后会同步给所有人。", "soft"))
        self.chosen.connect(self._show_chosen)
        for key, work in (
            ("Return", self._open),
            ("B", lambda: self._choose("standing")),
            ("G", lambda: self._choose("other")),
            ("Ctrl+Z", self._undo_last),
        ):
            self.on_key(key, work)  # fmt: skip

    @property
    def shows_open(self) -> bool:
        """Are those shown that wait?"""
        return bool(self._which.currentData() == "open")

    def show_settled(self, is_settled: bool) -> None:
        """Show those that were settled, or those that wait."""
        self._which.setCurrentIndex(int(is_settled))

    def refresh(self) -> None:
        """Show what is in the store now."""
        ws, wanted = self._desk.ws, self.shows_open
        read = conflicts.open_conflicts if wanted else conflicts.settled_conflicts

        def done(found: list[ConflictView]) -> None:
            if self.shows_open == wanted:
                self._show(found)

        self._desk.run(self, lambda: read(ws), done)

    def _show(self, found: Sequence[ConflictView]) -> None:
        self._found = {each.id: each for each in found}
        self.fill([(each.id, (_title(each), each.label, each.standing.value or "（空）",
                              each.other.value or "（空）")) for each in found])  # fmt: skip

    def _show_chosen(self) -> None:
        some = [self._found[key] for key in self.keys() if key in self._found]
        self._same.setEnabled(len(some) == 1)
        if not some:
            self.show_detail()
        elif len(some) == 1:
            self.show_detail(self._one(some[0]))
        else:
            self.show_detail(self._many(some))

    def _one(self, each: ConflictView) -> QFrame:
        kind = BY_NAME[each.kind].label
        head = row(label(f"{_title(each)}　·　{each.label}", "section"), chip(kind, "plain"), None)
        if each.sensitive:
            head.addWidget(button("显示完整内容", lambda: self._reveal(each), icon="eye",
                                  look="flat", tip="会记入审计"))  # fmt: skip
        head.addWidget(button("打开记录", self._open, look="flat"))
        keep, other = CHOICES[each.about]
        sides = row(
            self._side("现值", each.standing, None if each.choice else (keep, "standing")),
            self._side("另一值", each.other, None if each.choice else (other, "other")),
            gap=12,
        )
        for at in range(2):
            sides.setStretch(at, 1)
        body = column(head, label(ABOUT[each.about], "soft"), sides, gap=12)
        if each.choice:
            body.addWidget(label(_settled_words(each), wrap=True))
            body.addWidget(label(UNDO_SAID, "small", wrap=True))
            body.addLayout(row(self._button("撤销这个选择", lambda: self._undo_all([each.id]),
                                            "back"), None))  # fmt: skip
        return card(body)

    def _side(self, name: str, side: Side, choice: tuple[str, str] | None) -> QFrame:
        who = "　".join(filter(None, (
            side.by, moment_text(side.at) if side.at else "", side.device
        )))  # fmt: skip
        body = column(label(name, "soft"), label(side.value or "（空）", "title", wrap=True),
                      label(who, "small", wrap=True), gap=6)  # fmt: skip
        if side.claimed_at:
            claimed = f"该电脑记录的修改时间：{moment_text(side.claimed_at)}"
            body.addWidget(label(claimed, "small", wrap=True))
        if choice:
            words, keep = choice
            body.addLayout(row(self._button(words, lambda: self._choose(keep), "check"), None))
        body.addStretch(1)
        return card(body, "tile", padding=12)

    def _reveal(self, each: ConflictView) -> None:
        def done(values: tuple[str, str]) -> None:
            if self.keys() == [each.id]:
                standing, other = (
                    dataclasses.replace(side, value=value)
                    for side, value in zip((each.standing, each.other), values, strict=True)
                )
                clear_view = dataclasses.replace(
                    each, standing=standing, other=other, sensitive=False
                )
                self.show_detail(self._one(clear_view))

        self._desk.run(self, lambda: conflicts.reveal(self._desk.ws, each.id), done)

    def _many(self, some: Sequence[ConflictView]) -> QFrame:
        names = "、".join(dict.fromkeys(_title(each) for each in some[:8]))
        more = "等" if len(some) > 8 else ""
        body = column(label(f"已选 {len(some)} 项", "section"),
                      label(f"{names}{more}", "soft", wrap=True), gap=12)  # fmt: skip
        if self.shows_open:
            body.addLayout(row(
                self._button("全部保留现值", lambda: self._choose("standing"), "check"),
                self._button("全部改用另一值", lambda: self._choose("other"), "check"), None,
            ))  # fmt: skip
            body.addWidget(label("选定以后可以撤销。", "small"))
        else:
            ids = [each.id for each in some]
            body.addWidget(label(UNDO_SAID, "small", wrap=True))
            body.addLayout(row(self._button("全部撤销", lambda: self._undo_all(ids), "back"), None))
        return card(body)

    def _button(self, text: str, work, icon: str) -> QPushButton:  # type: ignore[no-untyped-def]
        made = button(text, work, icon=icon)
        made.setEnabled(self._may)
        return made

    def _select_record(self) -> None:
        chosen = {(self._found[key].kind, self._found[key].record_id) for key in self.keys()}
        self.select([key for key, each in self._found.items()
                     if (each.kind, each.record_id) in chosen])  # fmt: skip

    def _open(self) -> None:
        for key in self.keys()[:1]:
            each = self._found[key]
            self._desk.bus.open_requested.emit(each.kind, each.record_id)

    def _choose(self, keep: str) -> None:
        keys = self.keys()
        if not (keys and self._may and self.shows_open):
            return

        def done(_none: None) -> None:
            self._last = tuple(keys)
            self._undo.show()
            many = f" {len(keys)} 项" if len(keys) > 1 else ""
            self._changed(f"已选定{many}，下次同步时上报", keys)

        self._desk.run(self, lambda: conflicts.settle_all(self._desk.ws, keys, keep), done)

    def _undo_last(self) -> None:
        if self._last:
            self._undo_all(self._last)

    def _undo_all(self, keys: Sequence[str]) -> None:
        def done(_none: None) -> None:
            self._last = ()
            self._undo.hide()
            self._changed("已撤销，重新列为待处理；下次同步时上报", keys)

        self._desk.run(self, lambda: conflicts.undo(self._desk.ws, keys), done)

    def _changed(self, said: str, keys: Sequence[str]) -> None:
        self._desk.say(said)
        kinds = {self._found[key].kind for key in keys if key in self._found}
        self._desk.bus.changed.emit(("conflict", *sorted(kinds)))
        self.table.setFocus()


def _title(each: ConflictView) -> str:
    return each.title or f"{BY_NAME[each.kind].label}（已删除）"


def _settled_words(each: ConflictView) -> str:
    when = f"于{moment_text(each.settled_at)}" if each.settled_at else ""
    chosen = CHOICES[each.about][each.choice == "other"]
    waiting = "（待上报）" if each.pending else ""
    return f"{each.settled_by or '有人'}{when}选择：{chosen}{waiting}"
