"""房屋楼栋: grid, building, dwelling; who lives behind which door."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QTreeWidget, QTreeWidgetItem

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs import at_the_door
from sqzl_desktop.ui.dialogs.moves_menu import MovesButton
from sqzl_desktop.ui.widgets.dwelling_side import DwellingSide
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, label

ROLE = Qt.ItemDataRole.UserRole


class PlacesPage(PageView):
    """A tree on the left, the dwelling and its people on the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "房屋楼栋")
        self._read: tuple[list[Element], list[Element]] = ([], [])
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setAccessibleName("网格和楼栋")
        self._tree.currentItemChanged.connect(lambda now, _before: self._chosen(now))
        self._dwellings = QListWidget()
        self._dwellings.setAccessibleName("房屋")
        self._dwellings.currentItemChanged.connect(lambda now, _before: self._show_dwelling(now))
        self._head = label("选择一栋楼", "section", wrap=True)
        self._side = DwellingSide(desk)
        self._side.asked.connect(
            lambda action, dwelling: at_the_door.act(desk, action, dwelling, self)
        )
        self._tower = button(
            "逐户查看", self._open_tower, icon="building", tip="打开楼栋透视图（Enter）"
        )
        self._tree.itemActivated.connect(lambda _item, _column: self._open_tower())
        changes = MovesButton(desk, "dwelling", self)
        self._side.tools.addWidget(changes)
        self._side.shown.connect(changes.show_record)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(self._tree)
        split.addWidget(card(column(self._head, self._tower, self._dwellings, gap=12), padding=12))
        split.addWidget(self._side)
        for place, width in enumerate((280, 380, 400)):
            split.setStretchFactor(place, 1)
            split.setSizes([280, 380, width])
        self.body.addWidget(split, 1)
        desk.bus.changed.connect(self.refresh_if_seen)

    def refresh(self) -> None:
        self.desk.run(self, self._read_tree, self._fill_tree)

    def _read_tree(self) -> tuple[list[Element], list[Element]]:
        ws = self.desk.ws
        order = [Order("estate"), Order("name")]
        return (
            elements.find(ws, "grid", order=[Order("code")], limit=1000),
            elements.find(ws, "building", order=order, limit=5000),
        )

    def _fill_tree(self, found: tuple[list[Element], list[Element]]) -> None:
        if found == self._read:
            self._chosen(self._tree.currentItem())  # dwellings and people may have changed
            return
        self._read = grids, buildings = found
        kept = _id(self._tree.currentItem())
        self._tree.clear()
        chosen: QTreeWidgetItem | None = None
        nodes: dict[str, QTreeWidgetItem] = {}
        for grid in grids:
            node = QTreeWidgetItem([getattr(grid, "name", "")])
            node.setIcon(0, theme.icon("list", "accent"))
            nodes[grid.id] = node
        for each in sorted((b for b in buildings if isinstance(b, Building)), key=_building_order):
            node = QTreeWidgetItem([f"{each.estate} {each.name}"])
            node.setIcon(0, theme.icon("building"))
            node.setData(0, ROLE, each)
            if each.grid_id in nodes:
                nodes[each.grid_id].addChild(node)
                chosen = node if each.id == kept else chosen
        filled = [node for node in nodes.values() if node.childCount()]
        for node in filled:
            node.setText(0, f"{node.text(0)}　{node.childCount()}栋")
        self._tree.addTopLevelItems(filled)
        if filled:
            chosen = chosen or filled[0].child(0)
            chosen.parent().setExpanded(True)
            self._tree.setCurrentItem(chosen)

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        building = item.data(0, ROLE) if item else None
        if not isinstance(building, Building):
            return
        self._head.setText(f"{building.estate} {building.name}")

        def work() -> list[Element]:
            return elements.find(
                self.desk.ws,
                "dwelling",
                filters=[Filter("building_id", "=", building.id)],
                order=[Order("entrance"), Order("floor"), Order("room")],
                limit=2000,
            )

        self.desk.run(self, work, self._fill_dwellings)

    def _open_tower(self) -> None:
        building = _id(self._tree.currentItem())
        if building:
            self.desk.bus.open_requested.emit("building", building)

    def _fill_dwellings(self, found: list[Element]) -> None:
        kept, place = _id(self._dwellings.currentItem()), 0
        self._dwellings.blockSignals(True)
        self._dwellings.clear()
        self._dwellings.blockSignals(False)
        uses = code_list("house_use")
        for each in found:
            if isinstance(each, Dwelling):
                use = uses.label(each.use) if each.use else "状态未登记"
                item = QListWidgetItem(
                    f"{each.entrance}单元 {each.room}室　{use}　{each.owner_name}"
                )
                item.setData(ROLE, each)
                item.setIcon(theme.icon("house", "faint" if each.use == "03" else "accent"))
                self._dwellings.addItem(item)
                place = self._dwellings.count() - 1 if each.id == kept else place
        if self._dwellings.count():
            self._dwellings.setCurrentRow(place)
        else:
            self._side.invite()

    def _show_dwelling(self, item: QListWidgetItem | None) -> None:
        dwelling = item.data(ROLE) if item else None
        if isinstance(dwelling, Dwelling):
            self._side.show_dwelling(dwelling.id)
        else:
            self._side.invite()


def _id(item: QTreeWidgetItem | QListWidgetItem | None) -> str:
    """The id of the building or dwelling that an item stands for, "" where it stands for none."""
    if item is None:
        return ""
    shown = item.data(0, ROLE) if isinstance(item, QTreeWidgetItem) else item.data(ROLE)
    return shown.id if isinstance(shown, Building | Dwelling) else ""


def _building_order(building: Building) -> tuple[str, int, str]:
    digits = "".join(each for each in building.name if each.isdigit())
    return building.estate, int(digits or 0), building.name
