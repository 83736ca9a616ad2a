"""社情民意: what was heard, what has become of it, and the answers."""

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog, QTabBar, QWidget

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.opinion import Opinion
from sqzl_desktop.services import elements, lists, opinions
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.collect_opinions import CollectOpinions
from sqzl_desktop.ui.dialogs.group_opinions import GroupOpinions
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.widgets.parts import button, column, row
from sqzl_desktop.ui.widgets.record_desk import RecordDesk

WHICH: tuple[tuple[str, tuple[Filter, ...]], ...] = (
    ("待归并", opinions.UNGROUPED),
    ("已归议题", (Filter("topic_id", "!=", ""),)),
    ("已归案件", (Filter("case_id", "!=", ""),)),
    ("未答复", (Filter("replied_on", "empty"),)),
    ("全部", ()),
)


class OpinionTab(QWidget):
    """A list narrowed by what is still to be done, with its form; several at once are grouped."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.which = QTabBar()
        self.which.setDrawBase(False)
        for text, _filters in WHICH:
            self.which.addTab(text)
        self.records = RecordDesk(desk, "opinion", picker(desk, self))
        self.collect = button("录入意见", self.ask_collect, icon="plus", look="primary",
                              tip="录入意见（Ctrl+N）")  # fmt: skip
        self.collect.setShortcut("Ctrl+N")
        self.group = button("归并", self.ask_group, icon="list",
                            tip="把选中的意见归为议题或案件")  # fmt: skip
        self.part = button("移出", self.take_out, tip="从议题或案件中移出选中的意见")
        self.answer = button("答复", self.ask_answer, icon="chat")
        tools = row(self.which, None, self.answer, self.part, self.group, self.collect, gap=8)
        body = column(tools, self.records, gap=8)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.collect.setVisible(elements.may(desk.ws, "create", "opinion"))
        for each in (self.group, self.part):
            each.setVisible(elements.may(desk.ws, "write", "topic"))
        self.which.currentChanged.connect(lambda _place: self.refresh())

    def refresh(self) -> None:
        """Ask for the list anew, narrowed as chosen."""
        self.records.list.only(*WHICH[self.which.currentIndex()][1])

    def ask_collect(self) -> None:
        """Write down new opinions."""
        begun = elements.blank(self._desk.ws, "opinion")
        assert isinstance(begun, Opinion)
        CollectOpinions(self._desk, begun, self).open()

    def ask_group(self) -> None:
        """Group the selected opinions."""
        self._with_chosen(lambda ids: GroupOpinions(self._desk, ids, self).open())

    def take_out(self) -> None:
        """The selected opinions wait to be grouped again."""
        ws = self._desk.ws

        def work(ids: list[str]) -> None:
            self._desk.run(
                self,
                lambda: [opinions.take_out(ws, each) for each in ids],
                lambda _done: self._changed(f"{len(ids)} 条意见已移出"),
            )

        self._with_chosen(work)

    def ask_answer(self) -> None:
        """Write down what was answered to those who said it."""

        def work(ids: list[str]) -> None:
            text, is_given = QInputDialog.getMultiLineText(
                self, "答复意见", f"向 {len(ids)} 位反映人答复的内容："
            )
            if is_given:
                self._answer(ids, text)

        self._with_chosen(work)

    def _answer(self, ids: list[str], text: str) -> None:
        ws = self._desk.ws
        self._desk.run(
            self,
            lambda: opinions.reply(ws, ids, text),
            lambda many: self._changed(f"已记下 {many} 条答复"),
        )

    def _changed(self, said: str) -> None:
        self._desk.say(f"{said}，已存本机")
        self._desk.bus.changed.emit(("opinion", "topic"))

    def _with_chosen(self, work: Callable[[list[str]], object]) -> None:
        keys, ws = self.records.list.selected_keys(), self._desk.ws
        if not keys:
            self._desk.say("请先在列表中选中意见；按住 Ctrl 可选多条")
            return

        def done(ids: list[str]) -> None:
            work(ids)

        self._desk.run(self, lambda: lists.ids(ws, "opinion", keys), done)
