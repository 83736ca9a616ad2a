"""疑似重复: residents who are probably registered twice, side by side."""

import functools

from PySide6.QtWidgets import QFrame, QWidget

from sqzl_desktop.services import duplicates, elements
from sqzl_desktop.services.duplicates import Suspicion
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.choice_list import ChoiceList
from sqzl_desktop.ui.widgets.merge_panel import MergePanel
from sqzl_desktop.ui.widgets.parts import button, card, column, label, row

WORDS = (
    "是同一人：选定保留的记录和每一项的值，点“合并”。号码填错：打开改正。不是同一人：点“已核对”。"
)


class DuplicateDesk(ChoiceList):
    """What nobody has looked at yet, the most certain first."""

    def __init__(self, desk: Desk) -> None:
        keys = "键盘：↑↓ 选择，M 合并，H 已核对，Enter 打开居民卡"
        super().__init__(("居民", "情况"), "没有疑似重复的居民", keys)
        self._desk = desk
        self._may_settle = elements.may(desk.ws, "settle", "duplicate")
        self._may_merge = elements.may(desk.ws, "write", "resident")
        self._found: dict[str, Suspicion] = {}
        self._panel: MergePanel | None = None
        self.chosen.connect(self._show_chosen)
        self.on_key("Return", self._open_chosen)
        self.on_key("M", self._merge_chosen)
        self.on_key("H", self._look_chosen)

    def refresh(self) -> None:
        """Show what is in the store now."""
        self._desk.run(self, lambda: duplicates.suspicions(self._desk.ws), self._show)

    def _show(self, found: list[Suspicion]) -> None:
        self._found = {each.id: each for each in found}
        self.fill([(each.id, (_names(each), each.sentence)) for each in found])

    def _chosen(self) -> Suspicion | None:
        return next((self._found[key] for key in self.keys() if key in self._found), None)

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        self._panel = None
        if chosen is None:
            self.show_detail()
        else:
            self.show_detail(self._one(chosen))

    def _one(self, chosen: Suspicion) -> QFrame:
        body = column(
            label(_names(chosen), "section", wrap=True), label(chosen.sentence, wrap=True), gap=8
        )
        body.addWidget(self._records(chosen))
        body.addWidget(label(WORDS, "small", wrap=True))
        looked = button("已核对", functools.partial(self._look, chosen), icon="check")
        looked.setToolTip("不是同一人，或不需要处理（H）")
        looked.setEnabled(self._may_settle)
        body.addLayout(row(looked, None))
        return card(body)

    def _records(self, chosen: Suspicion) -> QWidget:
        if len(chosen.residents) > 1 and self._may_merge:
            self._panel = MergePanel(self._desk, tuple(key for key, _ in chosen.residents))
            return self._panel
        records = row(gap=8)
        for record_id, name in chosen.residents:
            show = functools.partial(self._open, record_id)
            records.addWidget(button(f"打开{name}", show, icon="person"))
        records.addStretch(1)
        made = QFrame()
        made.setLayout(records)
        return made

    def _look(self, chosen: Suspicion) -> None:
        def done(_none: None) -> None:
            self._desk.say("已核对")
            self._desk.bus.changed.emit(("duplicate",))

        self._desk.run(self, lambda: duplicates.looked_at(self._desk.ws, chosen), done)

    def _look_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self._may_settle:
            self._look(chosen)

    def _merge_chosen(self) -> None:
        if self._panel is not None:
            self._panel.merge()

    def _open_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._open(chosen.residents[0][0])

    def _open(self, record_id: str) -> None:
        self._desk.bus.open_requested.emit("resident", record_id)


def _names(found: Suspicion) -> str:
    return "、".join(name for _, name in found.residents)
