"""案件列表的表: the keys of the list, and what stays selected when it is read anew."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from sqzl_desktop.ui.models.case_table import TITLE, CaseTable
from sqzl_desktop.ui.widgets.case_paint import ROW_HEIGHT, CaseRow

STEP_KEYS = {
    Qt.Key.Key_C: "confirm", Qt.Key.Key_F: "file", Qt.Key.Key_D: "dispatch",
    Qt.Key.Key_H: "handle", Qt.Key.Key_B: "feed_back", Qt.Key.Key_V: "verify",
    Qt.Key.Key_E: "close", Qt.Key.Key_P: "callback", Qt.Key.Key_R: "rework",
    Qt.Key.Key_T: "return", Qt.Key.Key_U: "urge",
}  # fmt: skip
WIDTHS = (134, 0, 104, 130, 120, 104)
_SELECT = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_NOTHING = QItemSelectionModel.SelectionFlag.NoUpdate


class CaseKeys(QTableView):
    """J and K go down and up, Enter opens, a letter takes a step."""

    chosen = Signal()
    step_wanted = Signal(str)
    find_wanted = Signal()
    all_wanted = Signal()

    def __init__(self, model: CaseTable) -> None:
        super().__init__()
        self.cases = model
        self._kept: tuple[frozenset[str], int] = (frozenset(), 0)
        self.setModel(model)
        model.modelAboutToBeReset.connect(self._remember)
        self.setItemDelegate(CaseRow(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setAccessibleName("案件列表")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        for place, width in enumerate(WIDTHS):
            if width:
                self.setColumnWidth(place, width)

    def selected_ids(self) -> list[str]:
        """The cases of every selected row, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        lines = [self.cases.line(each) for each in rows]
        return [each.id for each in lines if each is not None]

    def restore(self, current: str) -> None:
        """What was selected and in sight before the list was read anew; `current` is the case the
        keys go on from, where it is still there."""
        ids, scroll = self._kept
        chooser = self.selectionModel()
        for row in self.cases.rows_of({current}):
            chooser.setCurrentIndex(self.cases.index(row, 0), _NOTHING)
        for row in self.cases.rows_of(ids | {current}):
            chooser.select(self.cases.index(row, 0), _SELECT)
        self.verticalScrollBar().setValue(scroll)

    def _remember(self) -> None:
        self._kept = frozenset(self.selected_ids()), self.verticalScrollBar().value()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K):
            self._go(1 if key == Qt.Key.Key_J else -1)
        elif key == Qt.Key.Key_Slash:
            self.find_wanted.emit()
        elif key in STEP_KEYS:
            self.step_wanted.emit(STEP_KEYS[key])
        else:
            super().keyPressEvent(event)

    def _go(self, by: int) -> None:
        row = self.currentIndex().row() + by
        if 0 <= row < self.model().rowCount():
            self.selectRow(row)
