"""选择表: things that wait for a decision on the left, the chosen one in full on the right."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScrollArea,
    QSplitter,
    QTableWidgetItem,
    QWidget,
)

from sqzl_desktop.ui.widgets.parts import (
    clear,
    column,
    empty_state,
    holder,
    label,
    plain_table,
    row,
)  # fmt: skip

WIDEST = 260
Line = tuple[str, Sequence[str]]


class ChoiceList(QWidget):
    """Several may be selected at once; after a change the selection stays, or goes to the next.

    Whoever uses it adds to `tools` (above) and fills `detail` when `chosen` is emitted.
    """

    chosen = Signal()

    def __init__(self, headings: Sequence[str], nothing: str, keys: str) -> None:
        super().__init__()
        self._keys: list[str] = []
        self.tools = row()
        self.detail = column(gap=12)
        self.table = plain_table(*headings)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.itemSelectionChanged.connect(self.chosen.emit)
        last = len(headings) - 1
        self.table.horizontalHeader().setSectionResizeMode(last, QHeaderView.ResizeMode.Stretch)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(holder(self.detail))
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(12)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.table)
        self._split.addWidget(scroll)
        self._split.setSizes([520, 600])
        self._nothing = empty_state("check", nothing)
        self._hint = label(keys, "small")
        body = column(self.tools, self._split, self._nothing, self._hint, gap=8)
        body.setStretch(1, 1)
        body.setStretch(2, 1)
        body.setContentsMargins(0, 12, 0, 0)
        self.setLayout(body)
        self._nothing.hide()

    def on_key(self, key: str, work: Callable[[], object]) -> None:
        """A key that works while the table has the focus; one with Ctrl, without lines too."""
        has_letter = not key.startswith("Ctrl+")
        contexts = Qt.ShortcutContext
        shortcut = QShortcut(QKeySequence(key), self.table if has_letter else self)
        shortcut.setContext(
            contexts.WidgetShortcut if has_letter else contexts.WidgetWithChildrenShortcut
        )
        shortcut.activated.connect(lambda: work())

    def fill(self, lines: Sequence[Line]) -> None:
        """Show other lines: the key of each and its cells."""
        kept, place = set(self.keys()), max(self.table.currentRow(), 0)
        with QSignalBlocker(self.table), QSignalBlocker(self.table.selectionModel()):
            self._write(lines)
            again = [at for at, (key, _) in enumerate(lines) if key in kept]
            if not again and lines:
                again = [min(place, len(lines) - 1)]
            self._select(again)
        for part in (self._split, self._hint):
            part.setVisible(bool(lines))
        self._nothing.setVisible(not lines)
        self.chosen.emit()

    def _write(self, lines: Sequence[Line]) -> None:
        self._keys = [key for key, _ in lines]
        self.table.setRowCount(len(lines))
        for at, (_, cells) in enumerate(lines):
            for side, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(at, side, item)
        for side in range(self.table.columnCount() - 1):
            self.table.resizeColumnToContents(side)
            self.table.setColumnWidth(side, min(self.table.columnWidth(side), WIDEST))

    def keys(self) -> list[str]:
        """The keys of the selected lines, from the top."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._keys[at] for at in rows]

    def select(self, keys: Sequence[str]) -> None:
        """Select the lines of these keys."""
        wanted = set(keys)
        with QSignalBlocker(self.table):
            self._select([at for at, key in enumerate(self._keys) if key in wanted])
        self.chosen.emit()

    def _select(self, rows: Sequence[int]) -> None:
        model, chosen = self.table.model(), self.table.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        chosen.clearSelection()
        for at in rows:
            chosen.select(model.index(at, 0), flags.Select | flags.Rows)
        if rows:
            chosen.setCurrentIndex(model.index(rows[0], 0), flags.NoUpdate)

    def show_detail(self, *parts: QWidget) -> None:
        """What stands on the right."""
        clear(self.detail)
        for part in parts:
            self.detail.addWidget(part)
        self.detail.addStretch(1)
