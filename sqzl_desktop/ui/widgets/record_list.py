"""记录列表: a table of records with a quick filter, code filters, a count and an empty state."""

import dataclasses

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QTableView,
    QWidget,
)

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import finding
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.record_table import RecordTable
from sqzl_desktop.ui.widgets.parts import column, empty_state, label, row

PAUSE_MS = 150
MOST_FOUND = 300
MOST_CODE_FILTERS = 3
ROOM_FOR_TEXT, ROOM_FOR_FILTER = 290, 130  # else the filters go below the text
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class RecordList(QWidget):
    """The records of one kind. Enter or a double click opens one."""

    opened = Signal(str)
    selected = Signal(str)

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__()
        self._desk = desk
        self._kind = BY_NAME[kind]
        self._is_stale = False
        self._is_cut = False
        self._is_narrow = False
        self._place: _Place | None = None
        self._within: tuple[Filter, ...] = ()
        self.model = RecordTable(desk, kind, self)
        self.model.counted.connect(self._counted)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.refresh)
        self._text = QLineEdit()
        self._text.setPlaceholderText(f"在{self._kind.label}中查找：名称、拼音、号码尾数、地址")
        self._text.setClearButtonEnabled(True)
        self._text.textChanged.connect(lambda _text: self._timer.start())
        self._choices = self._code_filters()
        self._count = label("", "soft")
        self.table = self._make_table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(
            empty_state("search", "没有符合条件的记录。换个查找词，或清空筛选条件。")
        )
        self._filters = row(*self._choices.values(), None)
        self._bar = QGridLayout()
        self._bar.setSpacing(8)
        self._bar.setColumnStretch(0, 1)
        self._bar.addWidget(self._text, 0, 0)
        self._bar.addWidget(self._count, 0, 2)
        self._bar.addLayout(self._filters, 0, 1)
        self.setLayout(column(self._bar, self._stack, gap=12))
        self.setFocusProxy(self._text)
        desk.bus.changed.connect(self._changed)

    def only(self, *filters: Filter) -> None:
        """Show no others than these, whatever is looked for among them."""
        self._within = filters
        self.refresh(keep_place=True)

    def refresh(self, *, keep_place: bool = False) -> None:
        """Ask for the list anew; `keep_place`: what was chosen and in sight stays so."""
        self._is_stale = False
        row_number = self.table.currentIndex().row()
        scroll = self.table.verticalScrollBar().value()
        self._place = _Place(self.selected_id(), scroll) if keep_place else None
        text = self._text.text().strip()
        chosen = [*self._within] + [
            Filter(name, "has" if self._kind.column(name).type == "many" else "=",
                   combo.currentData())
            for name, combo in self._choices.items()
            if combo.currentData()
        ]  # fmt: skip
        around = max(row_number, self.table.rowAt(0)) if keep_place else 0
        if not text:
            self._is_cut = False
            self.model.ask(chosen, around=around)
            return

        def done(hits: list[finding.Hit]) -> None:
            if text == self._text.text().strip():
                self._is_cut = len(hits) >= MOST_FOUND
                found = tuple(hit.id for hit in hits)
                self.model.ask([*chosen, Filter("id", "in", found)], around=around)

        self._desk.run(
            self,
            lambda: finding.find_text(
                self._desk.ws, text, kinds=[self._kind.name], limit=MOST_FOUND
            ),
            done,
        )

    def selected_id(self) -> str:
        """The id of the selected row, "" where none is."""
        record = self.model.record(self.table.currentIndex().row())
        return record.id if record else ""

    def choose_first(self) -> None:
        """Select the first row, unless one is selected."""
        if not self.selected_id() and self.model.rowCount():
            self.select_row(0)

    def select_row(self, row_number: int) -> None:
        """Select a row."""
        self.table.selectRow(row_number)

    def _make_table(self) -> _Table:
        table = _Table()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSortingEnabled(True)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(38)
        head = table.horizontalHeader()
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for place, each in enumerate(self.model.columns):
            table.setColumnWidth(place, WIDTHS.get(each.name, TYPE_WIDTHS.get(each.type, 130)))
        table.doubleClicked.connect(lambda _index: self._open())
        table.chosen.connect(self._open)
        table.selectionModel().currentRowChanged.connect(
            lambda _now, _before: self.selected.emit(self.selected_id())
        )
        return table

    def _code_filters(self) -> dict[str, QComboBox]:
        found: dict[str, QComboBox] = {}
        columns = [each for each in self.model.columns if each.type in ("code", "many")]
        for each in columns[:MOST_CODE_FILTERS]:
            combo = QComboBox()
            combo.addItem(f"{each.label}：全部", "")
            for code in code_list(each.facts.codes).codes[:80]:
                combo.addItem(code.name, code.code)
            combo.setMaximumWidth(170)
            combo.currentIndexChanged.connect(lambda _index: self.refresh())
            found[each.name] = combo
        return found

    def _counted(self, total: int) -> None:
        self._count.setText(f"前 {total:,} 条" if self._is_cut else f"共 {total:,} 条")
        self._count.setToolTip("符合的太多，请再写细一些" if self._is_cut else "")
        self._stack.setCurrentIndex(0 if total else 1)
        place, self._place = self._place, None
        if place is not None:
            self._go_back(place)

    def _go_back(self, place: "_Place") -> None:
        chosen = self.model.row_of(place.record_id) if place.record_id else -1
        if chosen >= 0:
            with QSignalBlocker(self):  # it is shown already
                self.select_row(chosen)
        self.table.verticalScrollBar().setValue(place.scroll)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < ROOM_FOR_TEXT + ROOM_FOR_FILTER * len(self._choices)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._bar.removeItem(self._filters)
            self._bar.addLayout(self._filters, *((1, 0, 1, 3) if is_narrow else (0, 1, 1, 1)))

    def _open(self) -> None:
        if self.selected_id():
            self.opened.emit(self.selected_id())
