"""记录列表: a table of records with a bar of filters, a count and an empty state."""

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QWidget

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services import lists, views
from sqzl_desktop.services.views import KeptFilter
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.record_table import RecordTable
from sqzl_desktop.ui.widgets.column_chooser import ColumnChooser
from sqzl_desktop.ui.widgets.filter_bar import FilterBar
from sqzl_desktop.ui.widgets.parts import button, column, empty_state

MOST_COPIED = 10_000
TYPE_WIDTHS = {"code": 110, "moment": 160}
WIDTHS = {
    "name": 120, "sex": 70, "phone": 130, "id_number": 190, "born_on": 110, "address": 320,
    "title": 300, "entrance": 64, "floor": 64, "room": 80, "code": 160, "head_name": 110,
    "relation": 110, "visited_at": 150, "resident_id": 110, "number": 170, "tags": 180,
    "place": 220, "content": 320, "uscc": 190, "estate": 150,
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    record_id: str
    scroll: int


class _Table(QTableView):
    chosen = Signal()
    copied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        else:
            super().keyPressEvent(event)


class RecordList(QWidget):
    """The records of one kind. Enter or a double click opens one; several may be selected."""

    opened = Signal(str)
    selected = Signal(str)

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__()
        self._desk = desk
        self._kind = BY_NAME[kind]
        self._is_stale = False
        self._is_ready = False  # the person's own columns are known
        self._is_wanted = False
        self._place: _Place | None = None
        self._within: tuple[Filter, ...] = ()
        self.model = RecordTable(desk, kind, views.usual_columns(self._kind), self)
        self.model.counted.connect(self._counted)
        self.bar = FilterBar(desk, self._kind)
        self.bar.changed.connect(self.refresh)
        self.bar.columns_wanted.connect(self._choose_columns)
        self.table = self._make_table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._empty: dict[bool, QWidget] = {}
        self.model.modelReset.connect(self._show_rows)
        body = column(self.bar, self._stack, gap=12)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.setFocusProxy(self.bar.text)
        desk.bus.changed.connect(self._changed)
        self._prepare()

    def _prepare(self) -> None:
        """The person's own columns and filters, before the list is asked for."""
        ws, kind = self._desk.ws, self._kind.name

        def done(found: tuple[tuple[Column, ...], list[KeptFilter]]) -> None:
            self._is_ready = True
            if found[0] != self.model.columns:
                self.model.set_columns(found[0])
                self._set_widths()
            self.bar.show_kept(found[1])
            if self._is_wanted:
                self.refresh()

        self._desk.run(self, lambda: (views.columns(ws, kind), views.kept(ws, kind)), done)

    def only(self, *filters: Filter) -> None:
        """Show no others than these, whatever is looked for among them."""
        self._within = filters
        self.refresh(keep_place=True)

    def look_for(self, text: str) -> None:
        """Narrow the list to what a text finds."""
        self.bar.look_for(text)

    def refresh(self, *, keep_place: bool = False) -> None:
        """Ask for the list anew; `keep_place`: what was chosen and in sight stays so."""
        self._is_wanted = True
        if not self._is_ready:
            return
        self._is_stale = False
        row_number = self.table.currentIndex().row()
        scroll = self.table.verticalScrollBar().value()
        self._place = _Place(self.selected_id(), scroll) if keep_place else None
        around = max(row_number, self.table.rowAt(0)) if keep_place else 0
        self.model.ask([*self._within, *self.bar.filters()], around=around)

    def selected_id(self) -> str:
        """The id of the selected row, "" where none is."""
        record = self.model.record(self.table.currentIndex().row())
        return record.id if record else ""

    def selected_keys(self) -> Sequence[int]:
        """The keys of every selected row, in their order (see `services.lists.ids`)."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return self.model.keys_of(rows)

    def choose_first(self) -> None:
        """Select the first row, unless one is selected."""
        if not self.selected_id() and self.model.rowCount():
            self.select_row(0)

    def select_row(self, row_number: int) -> None:
        """Select a row."""
        self.table.selectRow(row_number)

    def _make_table(self) -> _Table:
        table = _Table()
        head = table.horizontalHeader()
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorClearable(True)
        table.setSortingEnabled(True)  # sorts at once: before there is anything to be asked for
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(38)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.doubleClicked.connect(lambda _index: self._open())
        table.chosen.connect(self._open)
        table.copied.connect(self._copy)
        table.selectionModel().currentRowChanged.connect(
            lambda _now, _before: self.selected.emit(self.selected_id())
        )
        self.table = table
        self._set_widths()
        return table

    def _set_widths(self) -> None:
        for place, each in enumerate(self.model.columns):
            width = WIDTHS.get(each.name, TYPE_WIDTHS.get(each.type, 130))
            self.table.setColumnWidth(place, width)

    def _show_empty(self, *, is_narrowed: bool) -> None:
        if is_narrowed not in self._empty:
            made = _nothing_found(self.bar) if is_narrowed else _nothing_there(self._kind.label)
            self._empty[is_narrowed] = made
            self._stack.addWidget(made)
        self._stack.setCurrentWidget(self._empty[is_narrowed])

    def _show_rows(self) -> None:
        if self.model.rowCount():
            self._stack.setCurrentIndex(0)

    def _counted(self, total: int) -> None:
        self.bar.count.setText(f"共 {total:,} 条")
        if total:
            self._stack.setCurrentWidget(self.table)
        else:
            self._show_empty(is_narrowed=bool(self.model.view.filters))
        place, self._place = self._place, None
        if place is not None:
            self._go_back(place)

    def _go_back(self, place: "_Place") -> None:
        chosen = self.model.row_of(place.record_id) if place.record_id else -1
        if chosen >= 0:
            with QSignalBlocker(self):  # it is shown already
                self.select_row(chosen)
        self.table.verticalScrollBar().setValue(place.scroll)

    def _choose_columns(self, below: QWidget) -> None:
        chooser = ColumnChooser(self, self._kind.columns, self.model.columns)
        chooser.chosen.connect(self._show_columns)
        chooser.show_below(below)

    def _show_columns(self, names: tuple[str, ...]) -> None:
        ws, kind = self._desk.ws, self._kind.name
        shown = tuple(map(self._kind.column, names)) or views.usual_columns(self._kind)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.model.set_columns(shown)
        self._set_widths()
        self.refresh()
        self._desk.run(self, lambda: views.choose_columns(ws, kind, names), lambda _none: None)

    def _copy(self) -> None:
        """The selected rows as a spreadsheet takes them; what is masked stays masked."""
        keys, view, ws = self.selected_keys()[:MOST_COPIED], self.model.view, self._desk.ws

        def done(lines: dict[int, lists.Line]) -> None:
            rows = [[each.label for each in view.columns]]
            rows += [list(lines[key].cells) for key in keys if key in lines]
            text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
            QGuiApplication.clipboard().setText(text)
            self._desk.say(f"已复制 {len(rows) - 1:,} 行，可粘贴到表格；证件、电话等已遮盖")

        if keys:
            self._desk.run(self, lambda: lists.lines(ws, view, keys), done)

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if self._kind.name not in kinds:
            return
        if self.isVisible():
            self.refresh(keep_place=True)
        else:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh(keep_place=True)

    def _open(self) -> None:
        if self.selected_id():
            self.opened.emit(self.selected_id())


def _nothing_found(bar: FilterBar) -> QWidget:
    sentence = "没有符合条件的记录。换个查找词，或清空筛选条件。"
    return empty_state("search", sentence, button("清空筛选", bar.clear))


def _nothing_there(name: str) -> QWidget:
    return empty_state("list", f"还没有{name}。点右上角“新建”登记，或导入表格。")
