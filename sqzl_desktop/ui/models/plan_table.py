"""导入预览: the rows of a sheet with what would become of each; wrong cells are coloured."""

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QColor

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.exchange.rows import PlannedRow
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services import elements
from sqzl_desktop.services.imports import ImportPlan
from sqzl_desktop.ui import theme

ACTIONS = {"accept": "可导入", "review": "待核对", "hold": "待选住址", "reject": "退回",
           "skip": "跳过"}  # fmt: skip
TONES = {"accept": "ok", "review": "warn", "hold": "info", "reject": "danger", "skip": "faint"}
PROBLEMS = "problems"
FIXED = ("导入", "行号", "结果", "问题和办法")
CHECK, NUMBER, RESULT, PROBLEM = range(4)
Index = QModelIndex | QPersistentModelIndex
_NUMBER_FIELDS = ("id_number", "who_number")


class PlanTable(QAbstractTableModel):
    """Rows can be ticked: a row to be looked at goes in when ticked, a good one stays out
    when its tick is taken away."""

    ticked = QtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plan: ImportPlan | None = None
        self._rows: list[PlannedRow] = []
        self._columns: list[int] = []
        self._sensitive: dict[int, Column] = {}
        self.include: set[int] = set()
        self.leave: set[int] = set()

    def show_plan(self, plan: ImportPlan) -> None:
        """Show another plan; nothing is ticked otherwise than the plan says."""
        self._plan = plan
        self.include, self.leave = set(), set()
        kind, labels = BY_NAME[plan.kind], plan.headings.labels
        mapped = plan.headings.mapping
        self._columns = [at for at, text in enumerate(labels) if text or at in mapped]
        self._sensitive = {}
        for at, field in mapped.items():
            known = kind.column(field) if field in kind.known else None
            if field in _NUMBER_FIELDS:
                known = BY_NAME["resident"].column("id_number")
            if known is not None and known.facts.sensitive:
                self._sensitive[at] = known
        self.narrow("")

    def narrow(self, wanted: str) -> None:
        """Show rows of one action only, those with problems, or all where it is ""."""
        self.beginResetModel()
        rows = self._plan.rows if self._plan else ()
        self._rows = [each for each in rows if _is_wanted(each, wanted)]
        self.endResetModel()

    def tick_all(self, numbers: Collection[int]) -> None:
        """Take in these rows that are to be looked at, and no others."""
        self.include = set(numbers)
        self._redraw()

    def next_problem(self, after: int) -> int:
        """The next row below a row that has a problem, from the top after the last; -1: none."""
        count = len(self._rows)
        for step in range(1, count + 1):
            at = (after + step) % count
            if _is_wanted(self._rows[at], PROBLEMS):
                return at
        return -1

    def problem_column(self, row: int) -> int:
        """The first column of a row that is coloured, else the one that says what is wrong."""
        wrong = self._wrong(self._rows[row])
        marked = [at for at, source in enumerate(self._columns, len(FIXED)) if source in wrong]
        return marked[0] if marked else PROBLEM

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(FIXED) + len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            if section < len(FIXED):
                return FIXED[section]
            source = self._columns[section - len(FIXED)]
            words = self._plan.headings.labels[source] if self._plan else ""
            mapped = self._plan.headings.mapping if self._plan else {}
            return words if source in mapped else f"{words}（不导入）"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == CHECK:
            return self._check(row)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == RESULT:
            return QColor(theme.COLOURS[TONES[row.action]])
        if role == Qt.ItemDataRole.ForegroundRole and row.action == "skip":
            return QColor(theme.COLOURS["faint"])
        if role == Qt.ItemDataRole.BackgroundRole and index.column() >= len(FIXED):
            source = self._columns[index.column() - len(FIXED)]
            if source in self._wrong(row):
                tone = "danger_soft" if row.action == "reject" else "warn_soft"
                return QColor(theme.COLOURS[tone])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        if index.column() == CHECK and self._rows[index.row()].action in (
            "accept",
            "review",
            "hold",
        ):
            return usual | Qt.ItemFlag.ItemIsUserCheckable
        return usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        row = self._rows[index.row()]
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        chosen = self.include if row.action == "review" else self.leave
        if is_on == (row.action == "review"):
            chosen.add(row.number)
        else:
            chosen.discard(row.number)
        self._redraw()
        return True

    def _redraw(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.ticked.emit()

    def _check(self, row: PlannedRow) -> Any:
        if row.action not in ("accept", "review", "hold"):
            return None
        is_on = (
            row.number in self.include if row.action == "review" else (row.number not in self.leave)
        )
        return Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked

    def _text(self, row: PlannedRow, column: int) -> str:
        if column == NUMBER:
            return str(row.number)
        if column == RESULT:
            return ACTIONS[row.action]
        if column == PROBLEM:
            return "；".join(
                f"{each.column}：{each.sentence}" if each.column else each.sentence
                for each in row.problems
            )
        if column < len(FIXED) or self._plan is None:
            return ""
        source = self._columns[column - len(FIXED)]
        cells = self._plan.sheet.rows[row.number - 1]
        text = cells[source] if source < len(cells) else ""
        is_data = source in self._sensitive and row.action != "skip"
        return elements.masked(self._sensitive[source], text) if is_data else text

    def _wrong(self, row: PlannedRow) -> set[int]:
        if self._plan is None or not row.problems:
            return set()
        named = {each.column for each in row.problems}
        labels = self._plan.headings.labels
        return {
            at for at in self._plan.headings.mapping if at < len(labels) and labels[at] in named
        }


def _is_wanted(row: PlannedRow, wanted: str) -> bool:
    if wanted == PROBLEMS:
        return row.action in ("review", "hold", "reject") or bool(row.problems)
    return not wanted or row.action == wanted
