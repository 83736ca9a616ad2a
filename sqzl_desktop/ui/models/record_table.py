"""记录表: a list of records of any kind, fetched in pieces as they come into sight.

The first rows are shown at once; then the keys of all rows arrive, and with them the count. From
there every piece is fetched by its keys, the last as fast as the first.
"""

import dataclasses
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import lists
from sqzl_desktop.services.lists import Line, View
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk

PIECE = 200
MOST_PIECES = 50  # kept: what was seen long ago is fetched anew
Index = QModelIndex | QPersistentModelIndex


class RecordTable(QAbstractTableModel):
    """Some columns of a kind; rows arrive from the background, newest question wins."""

    counted = Signal(int)

    def __init__(self, desk: Desk, kind: str, columns: Sequence[Column], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        described = BY_NAME[kind]
        self._view = View(described, tuple(columns), (), usual_order(described))
        self._keys: Sequence[int] = array("q")
        self._pieces: dict[int, dict[int, Line]] = {}
        self._asked: set[int] = set()
        self._question = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown, in their order."""
        return self._view.columns

    @property
    def view(self) -> View:
        """What is shown: columns, filters, order."""
        return self._view

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns in the order of the kind; rows come with the next `ask`."""
        self.beginResetModel()
        usual = usual_order(self._view.kind)
        self._view = dataclasses.replace(self._view, columns=tuple(columns), order=usual)
        self._keys, self._pieces, self._asked = array("q"), {}, set()
        self.endResetModel()

    def ask(self, filters: Sequence[Filter] | None = None, *, around: int = 0) -> None:
        """Fetch anew, with other filters where they are given; first the rows around one."""
        if filters is not None:
            self._view = dataclasses.replace(self._view, filters=tuple(filters))
        self._question += 1
        question, view, ws = self._question, self._view, self._desk.ws

        def begun(lines: dict[int, Line]) -> None:
            if question != self._question:
                return
            self._show(array("q", lines), {0: dict(enumerate(lines.values()))})
            if len(lines) < PIECE:
                self.counted.emit(len(lines))
            else:
                self._desk.run(self, lambda: lists.keys(ws, view), self._go_on(question))

        if around < PIECE:
            self._desk.run(self, lambda: lists.beginning(ws, view, PIECE), begun)
        else:
            self._ask_whole(question, around // PIECE)

    def _go_on(self, question: int) -> Callable[[Sequence[int]], None]:
        """The first rows are shown; what the others are is known now."""

        def done(keys: Sequence[int]) -> None:
            if question != self._question:
                return
            if len(keys) > len(self._keys):
                self.beginInsertRows(QModelIndex(), len(self._keys), len(keys) - 1)
                self._keys = keys
                self.endInsertRows()
            self.counted.emit(len(self._keys))

        return done

    def _ask_whole(self, question: int, piece: int) -> None:
        """All keys, and the rows that are in sight, at once: the list is not to jump."""
        view, ws = self._view, self._desk.ws

        def work() -> tuple[Sequence[int], dict[int, dict[int, Line]]]:
            keys = lists.keys(ws, view)
            return keys, {each: _fetch(ws, view, keys, each) for each in {0, piece}}

        def done(found: tuple[Sequence[int], dict[int, dict[int, Line]]]) -> None:
            if question == self._question:
                self._show(*found)
                self.counted.emit(len(self._keys))

        self._desk.run(self, work, done)

    def record(self, row: int) -> Line | None:
        """The record of a row, None while it has not arrived."""
        return self._pieces.get(row // PIECE, {}).get(row)

    def row_of(self, record_id: str) -> int:
        """The row of a record among those that have arrived, -1 where it is not."""
        rows = (each for piece in self._pieces.values() for each in piece.items())
        return next((row for row, line in rows if line.id == record_id), -1)

    def keys_of(self, rows: Sequence[int]) -> list[int]:
        """The keys of some rows (see `services.lists.ids`), also of those not fetched yet."""
        return [self._keys[row] for row in rows if row < len(self._keys)]

    def _show(self, keys: Sequence[int], pieces: dict[int, dict[int, Line]]) -> None:
        self.beginResetModel()
        self._keys, self._pieces, self._asked = keys, pieces, set(pieces)
        self.endResetModel()

    def _want(self, row: int) -> None:
        piece = row // PIECE
        if piece in self._asked:
            return
        self._asked.add(piece)
        question, view, keys, ws = self._question, self._view, self._keys, self._desk.ws

        def done(lines: dict[int, Line]) -> None:
            if question != self._question:
                return
            self._keep(piece, lines)
            last = min((piece + 1) * PIECE, len(self._keys)) - 1
            self.dataChanged.emit(
                self.index(piece * PIECE, 0), self.index(last, len(self.columns) - 1)
            )

        self._desk.run(self, lambda: _fetch(ws, view, keys, piece), done)

    def _keep(self, piece: int, lines: dict[int, Line]) -> None:
        self._pieces[piece] = lines
        if len(self._pieces) > MOST_PIECES:
            farthest = max(self._pieces, key=lambda each: abs(each - piece))
            del self._pieces[farthest]
            self._asked.discard(farthest)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self.record(index.row())
        if line is not None:
            return line.cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return None
        self._want(index.row())
        return "…"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        is_descending = order == Qt.SortOrder.DescendingOrder
        chosen = (
            (Order(self.columns[column].name, is_descending),)
            if 0 <= column < len(self.columns)
            else usual_order(self._view.kind)  # Qt's word for it is -1
        )
        self._view = dataclasses.replace(self._view, order=chosen)
        self.ask()


def usual_order(kind: Kind[Any]) -> tuple[Order, ...]:
    """How a list stands before anybody sorts it: latest first, or by what records are called."""
    moments = [each.name for each in kind.columns if each.type == "moment" and each.facts.listed]
    if moments:
        return (Order(moments[-1], descending=True),)
    return tuple(Order(name) for name in kind.title if kind.column(name).type != "ref")


def _fetch(ws: Workspace, view: View, keys: Sequence[int], piece: int) -> dict[int, Line]:
    """The rows of a piece."""
    start = piece * PIECE
    wanted = keys[start : start + PIECE]
    found = lists.lines(ws, view, wanted)
    return {row: found[key] for row, key in enumerate(wanted, start) if key in found}
