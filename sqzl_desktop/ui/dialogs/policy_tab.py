"""政策宣传: the policies of the day, whom they concern, and writing down who was told."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QSplitter,
    QTabBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.policy import Policy
from sqzl_desktop.services import elements, policies
from sqzl_desktop.services.policies import Progress, Target
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.pick_record import PickRecord
from sqzl_desktop.ui.widgets.parts import (
    button,
    card,
    column,
    empty_state,
    fit_columns,
    holder,
    label,
    plain_table,
    row,
)
from sqzl_desktop.ui.widgets.record_list import RecordList

Asked = tuple[Policy, dict[str, str], list[Progress], list[Target]]


class PolicyTab(QWidget):
    """Policies on the left; on the right what to say, how far it is, and who is still to hear."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._policy: Policy | None = None
        self._targets: Sequence[Target] = ()
        self.list = RecordList(desk, "policy")
        self.list.selected.connect(self.show_policy)
        self.list.opened.connect(self.show_policy)
        self._title = label("", "section", wrap=True)
        self._content = label("", wrap=True)
        self._span = label("", "soft", wrap=True)
        self.progress = plain_table("网格", "应告知", "已告知", "完成")
        self.progress.setMaximumHeight(150)
        self.which = QTabBar()
        self.which.setDrawBase(False)
        for text in ("还没告知", "已告知"):
            self.which.addTab(text)
        self.which.currentChanged.connect(lambda _place: self._ask())
        self.targets = plain_table("地址", "姓名", "网格")
        self.targets.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.ways = QComboBox()
        for code in code_list("told_way").codes:
            self.ways.addItem(code.name, code.code)
        self._tell = button("记为已告知", self.tell, icon="check-white", look="primary",
                            tip="把选中的对象记为已告知（Ctrl+回车）")  # fmt: skip
        self._tell.setShortcut("Ctrl+Return")
        self._post = button("整栋张贴", self.ask_posted, icon="building",
                            tip="在一栋楼张贴，楼内住户都记为已告知")  # fmt: skip
        self._edit = button("修改", self.ask_edit, icon="edit")
        self._new = button("新建政策", self.ask_new, icon="plus", look="primary")
        self.setLayout(column(self._split()))
        for each in (self._edit, self._new):
            each.setVisible(elements.may(desk.ws, "write", "policy"))

    def refresh(self) -> None:
        """Ask for the list and what is shown of it anew."""
        self.list.refresh(keep_place=True)
        if self._policy is not None:
            self._ask()

    def show_policy(self, policy_id: str) -> None:
        """Show one policy with whom it concerns."""
        if policy_id:
            self._ask(policy_id)

    def tell(self) -> None:
        """The selected ones were told."""
        policy, chosen = self._policy, self.chosen()
        if policy is None:
            return
        if not chosen:
            self._desk.say("请先选中告知的对象；按住 Ctrl 或 Shift 可选多个，Ctrl+A 全选")
            return
        ws, way = self._desk.ws, str(self.ways.currentData())
        self._desk.run(self, lambda: policies.tell(ws, policy.id, chosen, way=way), self._was_told)

    def chosen(self) -> list[Target]:
        """The targets whose rows are selected."""
        rows = sorted(index.row() for index in self.targets.selectionModel().selectedRows())
        return [self._targets[place] for place in rows]

    def ask_posted(self) -> None:
        """A notice was put up in a building."""
        policy, ws = self._policy, self._desk.ws
        dialog = PickRecord(self._desk, "building", self)
        if policy is None or not dialog.exec() or not dialog.chosen():
            return
        building = dialog.chosen()
        self._desk.run(
            self, lambda: policies.posted(ws, policy.id, building), lambda _told: self._was_told(0)
        )

    def ask_new(self) -> None:
        """The form of a new policy, to be told from today on."""
        made = elements.blank(self._desk.ws, "policy", tell_from=self._desk.ws.today)
        EditRecord(self._desk, made, "新建政策通知", self).open()

    def ask_edit(self) -> None:
        """The form of the policy shown."""
        if self._policy is not None:
            EditRecord(self._desk, self._policy, "修改政策通知", self).open()

    def _was_told(self, many: int) -> None:
        self._desk.say(f"已存本机：告知 {many} 个对象" if many else "已存本机：整栋已张贴")
        self._desk.bus.changed.emit(("policy_told",))

    def _split(self) -> QSplitter:
        left = column(row(None, self._new), self.list, gap=8)
        left.setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(holder(left))
        self._detail = self._make_detail()
        self._nothing = empty_state("file", "选择左侧的一项政策，看要告知谁、已告知多少。")
        split.addWidget(holder(column(self._detail, self._nothing)))
        split.setSizes([440, 700])
        self._detail.hide()
        return split

    def _make_detail(self) -> QFrame:
        head = row(self._title, self._edit)
        head.setStretch(0, 1)
        line = row(self.which, None, label("方式", "soft"), self.ways, self._post, self._tell,
                   gap=8)  # fmt: skip
        body = column(head, self._span, self._content, self.progress, line, self.targets, gap=8)
        body.setStretch(5, 1)
        return card(body)

    def _ask(self, policy_id: str = "") -> None:
        wanted = policy_id or (self._policy.id if self._policy else "")
        ws, is_told = self._desk.ws, self.which.currentIndex() == 1

        def work() -> Asked:
            policy = elements.get(ws, "policy", wanted)
            assert isinstance(policy, Policy)
            found = policies.targets(ws, wanted, is_told=is_told)
            far = policies.progress(ws, wanted)
            grids = elements.titles(ws, "grid", {each.grid_id for each in far})
            return policy, grids, far, found

        self._desk.run(self, work, self._show)

    def _show(self, found: Asked) -> None:
        policy, grids, far, targets = found
        self._policy, self._targets = policy, targets
        self._title.setText(policy.title)
        self._content.setText(policy.content)
        until = f"，到{policy.tell_until}为止" if policy.tell_until else ""
        since = f"自{policy.tell_from}起告知" if policy.tell_from else "即日告知"
        whom = "按户" if policy.per_household else "按人"
        marks = "、".join(code_list("key_population").label(each) for each in policy.tags)
        parts = (policy.number, f"{since}{until}", whom, f"对象：{marks}" if marks else "")
        self._span.setText("　".join(filter(None, parts)))
        _fill(self.progress, [
            (grids.get(each.grid_id, "全社区"), f"{each.concerned:,}", f"{each.told:,}",
             f"{each.told / each.concerned:.0%}" if each.concerned else "")
            for each in far
        ])  # fmt: skip
        _fill(self.targets, [
            (each.address, each.name, grids.get(each.grid_id, "")) for each in targets
        ])  # fmt: skip
        is_open = not policy.is_withdrawn and self.which.currentIndex() == 0
        for part in (self._tell, self._post, self.ways):
            part.setEnabled(is_open and elements.may(self._desk.ws, "create", "policy_told"))
        self._detail.show()
        self._nothing.hide()


def _fill(table: QTableWidget, lines: Sequence[tuple[str, ...]]) -> None:
    table.setRowCount(len(lines))
    for place, line in enumerate(lines):
        for where, text in enumerate(line):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(place, where, item)
    fit_columns(table)
