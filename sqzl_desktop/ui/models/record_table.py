"""记录表: a list of records of any kind, fetched in pieces as they come into sight."""

import dataclasses
from collections.abc import Sequence
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
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk

PIECE = 200
Index = QModelIndex | QPersistentModelIndex


@dataclasses.dataclass(frozen=True, slots=True)
class _Line:
    record: Element
    cells: tuple[str, ...]


class RecordTable(QAbstractTableModel):
    """The listed columns of a kind; rows arrive from the background, newest question wins."""

    counted = Signal(int)

    def __init__(self, desk: Desk, kind: str, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.kind = kind
        self.columns = [each for each in BY_NAME[kind].columns if each.facts.listed]
        self._filters: Sequence[Filter] = ()
        self._order: Sequence[Order] = usual_order(BY_NAME[kind])
        self._lines: dict[int, _Line] = {}
        self._asked: set[int] = set()
        self._count = 0
        self._question = 0

    def ask(self, filters: Sequence[Filter] | None = None, *, around: int = 0) -> None:
        """Fetch anew, with other filters where they are given; first the rows around one."""
        if filters is not None:
            self._filters = filters
        pieces = sorted({0, max(around, 0) // PIECE})
        self._question += 1
        question, chosen, order = self._question, self._filters, self._order
        ws = self._desk.ws

        def work() -> tuple[int, dict[int, list[_Line]]]:
            total = elements.count(ws, self.kind, filters=chosen)
            return total, {
                piece: _fetch(ws, self.kind, self.columns, chosen, order, piece * PIECE)
                for piece in pieces
            }

        def done(found: tuple[int, dict[int, list[_Line]]]) -> None:
            if question == self._question:
                self._show(*found)

        self._desk.run(self, work, done)

    def record(self, row: int) -> Element | None:
        """The record of a row, None while it has not arrived."""
        line = self._lines.get(row)
        return line.record if line else None

    def row_of(self, record_id: str) -> int:
        """The row of a record among those that have arrived, -1 where it is not."""
        return next((row for row, line in self._lines.items() if line.record.id == record_id), -1)

    def _show(self, total: int, pieces: dict[int, list[_Line]]) -> None:
        self.beginResetModel()
        self._count = total
        self._lines = {}
        for piece, lines in pieces.items():
            self._lines.update(enumerate(lines, piece * PIECE))
        self._asked = set(pieces)
        self.endResetModel()
        self.counted.emit(total)

    def _want(self, row: int) -> None:
        piece = row // PIECE
        if piece in self._asked:
            return
        self._asked.add(piece)
        question, chosen, order, ws = self._question, self._filters, self._order, self._desk.ws

        def done(lines: list[_Line]) -> None:
            if question != self._question:
                return
            first = piece * PIECE
            self._lines.update(enumerate(lines, first))
            self.dataChanged.emit(
                self.index(first, 0),
                self.index(min(first + PIECE, self._count) - 1, len(self.columns) - 1),
            )

        self._desk.run(
            self,
            lambda: _fetch(ws, self.kind, self.columns, chosen, order, piece * PIECE),
            done,
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            line = self._lines.get(index.row())
            if line is None:
                self._want(index.row())
                return "…"
            return line.cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            line = self._lines.get(index.row())
            return line.cells[index.column()] if line else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        descending = order == Qt.SortOrder.DescendingOrder
        if column < 0:  # Qt's word for "not sorted by a heading"
            self._order = usual_order(BY_NAME[self.kind])
        else:
            self._order = (Order(self.columns[column].name, descending),)
        self.ask()


def usual_order(kind: Kind[Any]) -> tuple[Order, ...]:
    """How a list stands before anybody sorts it: latest first, or by what records are called."""
    moments = [each.name for each in kind.columns if each.type == "moment" and each.facts.listed]
    if moments:
        return (Order(moments[-1], descending=True),)
    return tuple(Order(name) for name in kind.title if kind.column(name).type != "ref")


def _fetch(
    ws: Workspace,
    kind: str,
    columns: Sequence[Column],
    filters: Sequence[Filter],
    order: Sequence[Order],
    offset: int,
) -> list[_Line]:
    found = elements.find(ws, kind, filters=filters, order=order, limit=PIECE, offset=offset)
    titles = {
        column.name: elements.titles(
            ws, column.facts.target, (getattr(each, column.name) for each in found)
        )
        for column in columns
        if column.type == "ref"
    }
    return [
        _Line(
            each,
            tuple(
                titles[column.name].get(getattr(each, column.name), "")
                if column.type == "ref"
                else elements.shown(ws, each, column)
                for column in columns
            ),
        )
        for each in found
    ]
