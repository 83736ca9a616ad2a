"""网格概况: the grids beside the map, and the facts of what is picked on it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QTableWidgetItem, QVBoxLayout, QWidget

from sqzl_desktop.services.maps import AreaMap, BuildingOnMap, GridOnMap
from sqzl_desktop.ui.widgets.household_bar import HouseholdBar
from sqzl_desktop.ui.widgets.parts import (
    button,
    clear,
    column,
    fact,
    fit_columns,
    label,
    plain_table,
    row,
)

_ROLE = Qt.ItemDataRole.UserRole


class MapSide(QWidget):
    """A table of grids above the facts; a grid chosen here is chosen on the map."""

    picked = Signal(str, str)
    open_asked = Signal(str, str)
    draw_asked = Signal(str, str)
    list_asked = Signal(str, str, str)  # kind, id, name

    def __init__(self) -> None:
        super().__init__()
        self._shown: AreaMap | None = None
        self.may_draw: dict[str, bool] = {}
        self.table = plain_table("网格", "户数", "网格员")
        self.table.setAccessibleName("网格列表")
        self.table.itemSelectionChanged.connect(self._chosen)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(8)
        self._facts.setContentsMargins(0, 0, 0, 0)
        box = column(self.table, self._facts, gap=12)
        box.setStretch(0, 1)
        box.setContentsMargins(0, 8, 0, 0)
        self.setLayout(box)

    def show_map(self, shown: AreaMap, colours: dict[str, QColor]) -> None:
        """List the grids of a map."""
        self._shown = shown
        kept = self._current()
        self.table.blockSignals(True)
        self.table.setRowCount(len(shown.grids))
        for number, grid in enumerate(shown.grids):
            name = QTableWidgetItem(_square(colours.get(grid.id, QColor("grey"))), grid.name)
            name.setData(_ROLE, grid.id)
            count = QTableWidgetItem(str(grid.households))
            if not grid.fits:
                count.setForeground(QColor("#9a6100"))
                count.setToolTip("不在300～500户之内")
            for place, item in enumerate((name, count, QTableWidgetItem(_worker(grid)))):
                self.table.setItem(number, place, item)
        self.table.blockSignals(False)
        fit_columns(self.table)
        if kept:
            self._mark(kept)

    def show_picked(self, kind: str, record_id: str) -> None:
        """The facts of a grid or a building; of none, what to do."""
        clear(self._facts)
        shown = self._shown
        if shown is None:
            return
        grid = next((each for each in shown.grids if each.id == record_id), None)
        building = next((each for each in shown.buildings if each.id == record_id), None)
        if kind == "grid" and grid is not None:
            self._mark(grid.id)
            self._show_grid(grid)
        elif kind == "building" and building is not None:
            self._mark(building.grid)
            self._show_building(building, shown)
        else:
            hint = "点击网格或楼栋查看情况；拖动移动地图，滚轮缩放。"
            self._facts.addWidget(label(hint, "soft", wrap=True))

    def _show_grid(self, grid: GridOnMap) -> None:
        self._facts.addWidget(label(grid.name, "section", wrap=True))
        count = f"{grid.households}户" if grid.held else f"登记{grid.households}户"
        self._facts.addLayout(row(label(count), HouseholdBar(grid.households)))
        told = "" if grid.fits else "应为300～500户"
        if told:
            self._facts.addWidget(label(told, "doubt"))
        size = f"{grid.area / 10_000:,.2f} 公顷" if grid.area else "未画范围"
        for name, text in (
            ("网格员", _worker(grid)), ("人口", f"{grid.residents}人"),
            ("楼栋", f"{grid.buildings}栋" if grid.held else "不在您负责的范围"),
            ("面积", size), ("代码", grid.id),
        ):  # fmt: skip
            self._facts.addLayout(fact(name, text, width=64))
        self._buttons("grid", grid.id, grid.name, has_outline=bool(grid.outline))

    def _show_building(self, building: BuildingOnMap, shown: AreaMap) -> None:
        grids = {each.id: each.name for each in shown.grids}
        self._facts.addWidget(label(building.name, "section", wrap=True))
        where = "按轮廓" if building.outline else "按坐标点"
        for name, text in (
            ("网格", grids.get(building.grid, "")), ("房屋", f"{building.dwellings}套"),
            ("住户", f"{building.households}户　{building.residents}人"), ("位置", where),
        ):  # fmt: skip
            self._facts.addLayout(fact(name, text, width=64))
        has_outline = bool(building.outline)
        self._buttons("building", building.id, building.name, has_outline=has_outline)

    def _buttons(self, kind: str, record_id: str, name: str, *, has_outline: bool) -> None:
        text = "打开网格" if kind == "grid" else "打开楼栋"
        listed = button("名单", lambda: self.list_asked.emit(kind, record_id, name), icon="list")
        line = row(listed, button(text, lambda: self.open_asked.emit(kind, record_id)))
        if self.may_draw.get(kind):
            draw = "修改范围" if has_outline else "画范围"
            line.addWidget(button(draw, lambda: self.draw_asked.emit(kind, record_id), icon="edit"))
        line.addStretch(1)
        self._facts.addLayout(line)

    def _chosen(self) -> None:
        current = self._current()
        if current:
            self.picked.emit("grid", current)

    def _current(self) -> str:
        rows = self.table.selectionModel().selectedRows()
        item = self.table.item(rows[0].row(), 0) if rows else None
        return str(item.data(_ROLE)) if item else ""

    def _mark(self, grid: str) -> None:
        self.table.blockSignals(True)
        for number in range(self.table.rowCount()):
            item = self.table.item(number, 0)
            if item is not None and item.data(_ROLE) == grid:
                self.table.selectRow(number)
        self.table.blockSignals(False)


def _worker(grid: GridOnMap) -> str:
    """Who looks after a grid; of the grids of others that is not known on this computer."""
    return grid.worker or ("未指定" if grid.held else "—")


def _square(colour: QColor) -> QIcon:
    picture = QPixmap(12, 12)
    picture.fill(colour)
    return QIcon(picture)
