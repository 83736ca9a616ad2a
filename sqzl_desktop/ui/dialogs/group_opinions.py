"""归并意见: several opinions become a topic or a case, or join one that is there."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.kinds.opinion import Opinion
from sqzl_desktop.services import elements, opinions
from sqzl_desktop.services.opinions import Similar
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import PickRecord
from sqzl_desktop.ui.widgets.parts import button, column, label, row

ROLE = Qt.ItemDataRole.UserRole


class GroupOpinions(QDialog):
    """The chosen opinions are ticked, those that say much the same are proposed below them."""

    def __init__(self, desk: Desk, ids: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle("归并意见")
        self.resize(720, 520)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.itemChanged.connect(lambda _item: self._count())
        self.title = QLineEdit()
        self.title.setPlaceholderText("议题或案件的标题")
        self._said = label("", "soft")
        self._problem = label("", "problem", wrap=True)
        self.ways_out = (
            button("归为新议题", self.to_new_topic, look="primary"),
            button("归入已有议题", self.to_topic),
            button("转为新案件", self.to_new_case),
            button("归入已有案件", self.to_case),
        )
        body = column(
            label("归并意见", "title"),
            label("勾选要归到一起的意见。相近的意见已列在后面，可一并勾选。", "soft", wrap=True),
            self.list, label("标题", "soft"), self.title, self._problem,
            row(self._said, None, button("取消", self.reject), *reversed(self.ways_out)), gap=8,
        )  # fmt: skip
        body.setStretch(2, 1)
        body.setContentsMargins(24, 20, 24, 20)
        self.setLayout(body)
        self._ask(tuple(ids))

    def chosen(self) -> list[str]:
        """The ids of the ticked opinions, in their order."""
        items = [self.list.item(place) for place in range(self.list.count())]
        return [
            str(each.data(ROLE)) for each in items if each.checkState() == Qt.CheckState.Checked
        ]

    def to_new_topic(self) -> None:
        """A new topic of them."""
        ws, ids, title = self._desk.ws, self.chosen(), self.title.text().strip()
        self._do(lambda: opinions.to_new_topic(ws, ids, title=title), "topic", needs_title=True)

    def to_new_case(self) -> None:
        """A new case of them."""
        ws, ids, title = self._desk.ws, self.chosen(), self.title.text().strip()
        self._do(lambda: opinions.to_new_case(ws, ids, title=title), "case", needs_title=True)

    def to_topic(self) -> None:
        """They support a topic that is there."""
        ws, ids = self._desk.ws, self.chosen()
        if target := self._pick("topic"):
            self._do(lambda: opinions.to_topic(ws, ids, target), "topic")

    def to_case(self) -> None:
        """They are about a case that is there."""
        ws, ids = self._desk.ws, self.chosen()
        if target := self._pick("case"):
            self._do(lambda: opinions.to_case(ws, ids, target), "case")

    def _pick(self, kind: str) -> str:
        dialog = PickRecord(self._desk, kind, self)
        return dialog.chosen() if dialog.exec() else ""

    def _ask(self, ids: tuple[str, ...]) -> None:
        ws = self._desk.ws

        def work() -> tuple[list[Opinion], list[Similar]]:
            chosen = [elements.get(ws, "opinion", each) for each in ids]
            some = [each for each in chosen if isinstance(each, Opinion)]
            found = opinions.similar(ws, some[0].content) if some else []
            return some, [each for each in found if each.opinion.id not in ids]

        self._desk.run(self, work, self._fill)

    def _fill(self, found: tuple[list[Opinion], list[Similar]]) -> None:
        chosen, alike = found
        self.list.blockSignals(True)
        for each in chosen:
            self._add(each, "", is_chosen=True)
        for each_alike in alike[:20]:
            self._add(each_alike.opinion, f"（相近 {each_alike.score}%）", is_chosen=False)
        self.list.blockSignals(False)
        if chosen:
            self.title.setText(chosen[0].content.splitlines()[0][:30])
            self.title.selectAll()
            self.title.setFocus()
        self._count()

    def _add(self, opinion: Opinion, remark: str, *, is_chosen: bool) -> None:
        day = opinion.collected_on.isoformat() if opinion.collected_on else ""
        item = QListWidgetItem(f"{day}　{opinion.content}{remark}")
        item.setData(ROLE, opinion.id)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
        self.list.addItem(item)

    def _count(self) -> None:
        many = len(self.chosen())
        self._said.setText(f"已选 {many} 条")
        for each in self.ways_out:
            each.setEnabled(bool(many))

    def _do(self, work: Callable[[], object], kind: str, *, needs_title: bool = False) -> None:
        if needs_title and not self.title.text().strip():
            self._problem.setText("请先填写标题")
            self.title.setFocus()
            return
        many = len(self.chosen())

        def done(_made: object) -> None:
            what = "议题" if kind == "topic" else "案件"
            self._desk.say(f"{many} 条意见已归入{what}，已存本机")
            self._desk.bus.changed.emit(("opinion", kind))
            self.accept()

        def refused(error: UserError) -> None:
            self._problem.setText(str(error))

        self._desk.run(self, work, done, refused)
