"""案件看板: the open cases in columns by what they wait for, the longest overdue on top."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QListWidget, QListWidgetItem, QWidget

from sqzl_desktop.domain.case_boxes import STAGES, Stage
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.services import case_inbox
from sqzl_desktop.services.case_inbox import Column, Line
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models import case_words
from sqzl_desktop.ui.models.case_table import LINE
from sqzl_desktop.ui.widgets.case_keys import STEP_KEYS
from sqzl_desktop.ui.widgets.case_list import MINUTE
from sqzl_desktop.ui.widgets.case_paint import CaseCard
from sqzl_desktop.ui.widgets.field_choices import refill
from sqzl_desktop.ui.widgets.parts import button, column, label, row

NARROWEST = 132


class CaseBoard(QWidget):
    """Arrows go from card to card and from column to column, Enter opens, a letter takes a step."""

    selected = Signal(str)
    opened = Signal(str)
    step_wanted = Signal(str)
    more_wanted = Signal(object)  # a Stage of which not all is shown
    grids_known = Signal()  # what there is to choose from by `grids`

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._is_stale = True
        self._chosen = ""
        self.grids = QComboBox()  # stands in the head of the page
        self.grids.setAccessibleName("网格")
        self.grids.addItem("网格：全部", "")
        self.grids.currentIndexChanged.connect(lambda _index: self._ask())
        self._columns = {stage.name: _BoardColumn(stage) for stage in STAGES}
        box = row(gap=8)
        for each in self._columns.values():
            box.addWidget(each, 1)
            each.list.installEventFilter(self)
            each.list.currentItemChanged.connect(lambda now, _before: self._select(now))
            each.list.itemActivated.connect(lambda _item: self.opened.emit(self._chosen))
            each.list.itemClicked.connect(self._clicked)
            each.more_wanted.connect(self.more_wanted)
        self.setLayout(box)
        desk.bus.changed.connect(self._changed)
        self._minute = QTimer(self, interval=MINUTE)
        self._minute.timeout.connect(self._tick)
        self._minute.start()

    def refresh(self) -> None:
        """Ask for the board anew; the chosen card stays so."""
        self._is_stale = False
        self._ask()
        self._desk.run(self, lambda: case_inbox.choices(self._desk.ws), self._offer)

    def filters(self) -> list[Filter]:
        """What narrows the board: a grid, or nothing."""
        grid = self.grids.currentData()
        return [Filter("grid_id", "=", grid)] if grid else []

    def _ask(self) -> None:
        ws, filters = self._desk.ws, self.filters()

        def done(columns: Sequence[Column]) -> None:
            if filters == self.filters():
                self._show(columns)

        self._desk.run(self, lambda: case_inbox.board(ws, filters), done)

    def _offer(self, choices: Mapping[str, list[tuple[str, str]]]) -> None:
        refill(self.grids, choices["grid_id"])
        self.grids_known.emit()

    @property
    def chosen(self) -> str:
        """The case whose card is chosen, "" where none is."""
        return self._chosen

    def _show(self, columns: Sequence[Column]) -> None:
        for each in columns:
            self._columns[each.stage.name].show_column(each, self._chosen)

    def _select(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        line: Line = item.data(LINE)
        for each in self._columns.values():
            if each.list is not item.listWidget():
                each.forget_choice()
        if line.id != self._chosen:
            self._chosen = line.id
            self.selected.emit(line.id)

    def _clicked(self, item: QListWidgetItem) -> None:
        self._select(item)

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if "case" in kinds:
            self._is_stale = True
            self._tick()

    def _tick(self) -> None:
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._took_key(watched, event)
        return super().eventFilter(watched, event)

    def _took_key(self, watched: QObject, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go_aside(watched, 1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K) and isinstance(watched, QListWidget):
            step = 1 if key == Qt.Key.Key_J else -1
            place = watched.currentRow() + step
            watched.setCurrentRow(min(max(place, 0), watched.count() - 1))
        elif key in STEP_KEYS:
            self.step_wanted.emit(STEP_KEYS[key])
        else:
            return False
        return True

    def _go_aside(self, watched: QObject, by: int) -> None:
        """To the next column that has a card, at the same height."""
        columns = list(self._columns.values())
        place = next(n for n, each in enumerate(columns) if each.list is watched)
        height = columns[place].list.currentRow()
        place += by
        while 0 <= place < len(columns):
            there = columns[place].list
            if there.count():
                there.setFocus()
                there.setCurrentRow(min(max(height, 0), there.count() - 1))
                return
            place += by


class _BoardColumn(QFrame):
    """The cards of one stage."""

    more_wanted = Signal(object)

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self.setObjectName("board")
        self.setMinimumWidth(NARROWEST)
        self._head = label(stage.label, "section")
        self.list = QListWidget()
        self.list.setObjectName("board")
        self.list.setAccessibleName(stage.label)
        self.list.setItemDelegate(CaseCard(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._more = button("", lambda: self.more_wanted.emit(stage), look="flat")
        self._more.hide()
        body = column(self._head, self.list, self._more, gap=4)
        body.setStretch(1, 1)
        body.setContentsMargins(6, 8, 6, 6)
        self.setLayout(body)

    def show_column(self, found: Column, chosen: str) -> None:
        """Show the cards; one of them is chosen where it is among them."""
        self._head.setText(f"{self._stage.label}　{found.count:,}")
        scroll = self.list.verticalScrollBar().value()
        self.list.blockSignals(True)
        self.list.clear()
        for line in found.lines:
            item = QListWidgetItem()
            item.setData(LINE, line)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, line.title)
            item.setToolTip(f"{line.title}\n{case_words.detail_words(line)}\n"
                            f"{case_words.due_words(line)}")  # fmt: skip
            self.list.addItem(item)
            if line.id == chosen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.list.verticalScrollBar().setValue(scroll)
        hidden = found.count - len(found.lines)
        self._more.setText(f"还有 {hidden:,} 件")
        self._more.setVisible(hidden > 0)

    def forget_choice(self) -> None:
        """Another column has the choice."""
        self.list.blockSignals(True)
        self.list.setCurrentRow(-1)
        self.list.clearSelection()
        self.list.blockSignals(False)
