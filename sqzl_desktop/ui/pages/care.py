"""关爱与重点: one register a group, who is due a visit, and writing it down from the list."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTableView,
)

from sqzl_desktop.services import care, elements
from sqzl_desktop.services.care import Looked, Register, Which
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.end_care import EndCare
from sqzl_desktop.ui.models.care_table import CareTable
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, empty_state, label, row

ROLE = Qt.ItemDataRole.UserRole
FILTERS: tuple[tuple[Which, str], ...] = (
    ("running", "全部在册"), ("overdue", "已超期"), ("soon", "一周内应访"), ("never", "从未走访"),
    ("ended", "已撤出"),
)  # fmt: skip
NOBODY = {
    "running": "这个名册里还没有人。打开居民卡，在“专项与关爱”里列入。",
    "overdue": "没有超期的走访。",
    "soon": "一周内没有到期的走访。",
    "never": "在册人员都走访过。",
    "ended": "没有撤出的人员。",
}
WIDTHS = (100, 110, 110, 110, 70, 70, 320, 110, 110)


class _People(QTableView):
    """Enter opens, V writes a visit down."""

    def __init__(self, page: "CarePage") -> None:
        super().__init__()
        self._page = page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._page.open_card()
        elif event.key() == Qt.Key.Key_V and not event.modifiers():
            self._page.visit()
        else:
            super().keyPressEvent(event)


class CarePage(PageView):
    """The groups on the left, the people of the chosen one on the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "关爱与重点")
        self._kind = ""
        self._is_opened = False
        self.groups = QListWidget()
        self.groups.setAccessibleName("名册")
        self.groups.setMinimumWidth(300)
        self.groups.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.groups.currentItemChanged.connect(lambda now, _before: self._chosen(now))
        self.filters = QTabBar()
        self.filters.setDrawBase(False)
        for _, text in FILTERS:
            self.filters.addTab(text)
        self.filters.currentChanged.connect(lambda _place: self._ask())
        self._count = label("", "soft")
        self.model = CareTable(desk.ws.today, self)
        self.table = self._make_table()
        self._nobody = empty_state("people", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nobody)
        self._actions = (
            button("登记走访", self.visit, icon="visit", look="primary", tip="登记走访（V）"),
            button("打开居民卡", self.open_card, icon="person", tip="打开居民卡（回车）"),
            button("修改登记", self.edit, icon="edit"),
            button("撤出", self.end),
        )
        for each in self._actions:
            self.tools.addWidget(each)
        self.body.addWidget(self._make_split(), 1)
        desk.bus.changed.connect(self.refresh_if_seen)
        self._enable()

    def _make_split(self) -> QSplitter:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(self.groups)
        right = column(row(self.filters, None, self._count), self._stack, gap=8)
        right.setStretch(1, 1)
        split.addWidget(card(right, padding=12))
        split.setSizes([300, 820])
        split.setStretchFactor(1, 1)
        return split

    @property
    def which(self) -> Which:
        """Which of a group's people are shown."""
        return FILTERS[self.filters.currentIndex()][0]

    def refresh(self) -> None:
        self.desk.run(self, lambda: care.registers(self.desk.ws), self._fill_groups)

    def chosen(self) -> Looked | None:
        """The person whose row is chosen."""
        return self.model.looked(self.table.currentIndex().row())

    def visit(self) -> None:
        """Write down a visit to the chosen person."""
        looked = self.chosen()
        if looked is not None:
            self.desk.bus.visit_requested.emit("resident", looked.resident_id)

    def open_card(self) -> None:
        """Go to the card of the chosen person."""
        looked = self.chosen()
        if looked is not None:
            self.desk.bus.open_requested.emit("resident", looked.resident_id)

    def edit(self) -> None:
        """Change the record of the chosen person."""
        looked = self.chosen()
        if looked is None:
            return
        ws = self.desk.ws

        def show(record: object) -> None:
            dialog = EditRecord(self.desk, record, looked.name, self)  # type: ignore[arg-type]
            dialog.open()

        self.desk.run(self, lambda: care.open_record(ws, looked.kind, looked.id), show)

    def end(self) -> None:
        """The chosen person leaves the group."""
        looked = self.chosen()
        if looked is not None:
            EndCare(self.desk, looked, self).open()

    def _make_table(self) -> _People:
        table = _People(self)
        table.setModel(self.model)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(38)
        head = table.horizontalHeader()
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate(WIDTHS):
            table.setColumnWidth(place, width)
        table.doubleClicked.connect(lambda _index: self.open_card())
        table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._enable())
        return table

    def _fill_groups(self, found: list[Register]) -> None:
        kept = self._kind or next((each.kind for each in found if each.overdue), "")
        self.groups.blockSignals(True)
        self.groups.clear()
        chosen = 0
        for each in found:
            late = f"　超期{each.overdue}" if each.overdue else ""
            never = f"　未访{each.never}" if each.never else ""
            item = QListWidgetItem(f"{each.label}　{each.running}人{late}{never}")
            item.setData(ROLE, each.kind)
            colour = "danger" if each.overdue or each.never else "soft"
            item.setIcon(theme.icon("lock" if each.is_sensitive else "people", colour))
            item.setToolTip("内部掌握，打开会记入审计" if each.is_sensitive else "")
            self.groups.addItem(item)
            chosen = self.groups.count() - 1 if each.kind == kept else chosen
        self.groups.setCurrentRow(chosen)
        self.groups.blockSignals(False)
        self._chosen(self.groups.currentItem())

    def _chosen(self, item: QListWidgetItem | None) -> None:
        kind = str(item.data(ROLE)) if item else ""
        self._is_opened = self._is_opened and kind == self._kind
        self._kind = kind
        self._ask()

    def _ask(self) -> None:
        ws, kind, which = self.desk.ws, self._kind, self.which
        if not kind:
            return
        ask = care.people_of if self._is_opened else care.open_register
        self._is_opened = True

        def done(found: list[Looked]) -> None:
            if (self._kind, self.which) == (kind, which):
                self._fill(found)

        self.desk.run(self, lambda: ask(ws, kind, which), done)

    def _fill(self, found: list[Looked]) -> None:
        before = self.chosen()
        row_number = self.table.currentIndex().row()
        self.model.show_lines(found)
        place = self.model.place_of(before.id) if before else -1
        if place < 0:
            place = min(max(row_number, 0), len(found) - 1)
        if found:
            self.table.selectRow(place)
        else:
            sentence = self._nobody.findChildren(type(self._count))[-1]
            sentence.setText(NOBODY[self.which])
        self._stack.setCurrentIndex(0 if found else 1)
        self._count.setText(f"共 {len(found):,} 人")
        self._enable()

    def _enable(self) -> None:
        looked, ws = self.chosen(), self.desk.ws
        may = looked is not None and elements.may(ws, "write", looked.kind)
        is_running = looked is not None and looked.is_running
        visit, open_card, edit, end = self._actions
        visit.setEnabled(is_running and elements.may(ws, "write", "visit"))
        open_card.setEnabled(looked is not None)
        edit.setEnabled(may)
        end.setEnabled(may and is_running)
