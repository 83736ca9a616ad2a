"""疑似重复: residents whose ID number another record has too, for whoever looks after them."""

import functools

from PySide6.QtWidgets import QFrame

from sqzl_desktop.services import duplicates, elements
from sqzl_desktop.services.duplicates import Mark
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.choice_list import ChoiceList
from sqzl_desktop.ui.widgets.parts import button, card, column, label, row

WORDS = "同一人登记了两次：删除其中一条。号码填错：改正后保存。核对后无需处理：点“已核对”。"


class DuplicateDesk(ChoiceList):
    """The marks nobody has looked at; the way to every record that is in sight."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(("居民", "情况"), "没有疑似重复的居民", "键盘：↑↓ 选择，Enter 打开居民卡")
        self._desk = desk
        self._may = elements.may(desk.ws, "settle", "duplicate")
        self._marks: dict[str, Mark] = {}
        self.chosen.connect(self._show_chosen)
        self.on_key("Return", self._open_chosen)

    def refresh(self) -> None:
        """Show what is in the store now."""
        self._desk.run(self, lambda: duplicates.open_marks(self._desk.ws), self._show)

    def _show(self, found: list[Mark]) -> None:
        self._marks = {each.id: each for each in found}
        self.fill([(each.id, (each.name, each.sentence)) for each in found])

    def _chosen(self) -> Mark | None:
        return next((self._marks[key] for key in self.keys() if key in self._marks), None)

    def _show_chosen(self) -> None:
        mark = self._chosen()
        if mark is None:
            self.show_detail()
        else:
            self.show_detail(self._one(mark))

    def _one(self, mark: Mark) -> QFrame:
        records = row(gap=8)
        for record_id, name in ((mark.resident_id, mark.name), *mark.others):
            show = functools.partial(self._open, record_id)
            records.addWidget(button(f"打开{name}", show, icon="person"))
        records.addStretch(1)
        looked = button("已核对", functools.partial(self._dismiss, mark.id), icon="check")
        looked.setEnabled(self._may)
        return card(column(
            label(mark.name, "section"), label(mark.sentence, wrap=True), records,
            label(WORDS, "small", wrap=True), row(looked, None), gap=8,
        ))  # fmt: skip

    def _dismiss(self, mark_id: str) -> None:
        def done(_none: None) -> None:
            self._desk.say("已核对，下次同步时上报")
            self._desk.bus.changed.emit(("duplicate",))

        self._desk.run(self, lambda: duplicates.dismiss(self._desk.ws, mark_id), done)

    def _open_chosen(self) -> None:
        mark = self._chosen()
        if mark is not None:
            self._open(mark.resident_id)

    def _open(self, record_id: str) -> None:
        self._desk.bus.open_requested.emit("resident", record_id)
