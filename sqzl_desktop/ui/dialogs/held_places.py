"""选定住址: places of a sheet that are no dwelling here, or several; a person says which."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QTableWidgetItem, QWidget

from sqzl_desktop.services.arrivals import Choice
from sqzl_desktop.services.doors import Place
from sqzl_desktop.services.imports import Held
from sqzl_desktop.ui.widgets.parts import button, column, label, plain_table, row

LATER = "暂不导入"
MOST_SHOWN = 300  # a line has a chooser of its own; what is further down is chosen all at once


class HeldPlaces(QDialog):
    """A line for each place; what is not chosen is not imported."""

    def __init__(
        self,
        held: Sequence[Held],
        grids: Sequence[tuple[str, str]],
        chosen: dict[Place, Choice],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("选定住址")
        self.resize(900, 600)
        self._held = held
        self._grids = grids
        self.choices = dict(chosen)
        self._combos: dict[Place, QComboBox] = {}
        self._table = plain_table("表中的住址", "人数", "归到哪里")
        self._table.setColumnWidth(0, 280)
        self._table.setColumnWidth(1, 70)
        self._fill()
        self._grid = QComboBox()
        for code, name in grids:
            self._grid.addItem(name, code)
        everywhere = row(
            button("能新建的都在楼栋里新建房屋", self.choose_buildings, icon="plus"),
            None,
            label("其余不登记住址，归入"),
            self._grid,
            button("全部归入", self.choose_grid),
        )
        count = sum(each.count for each in held)
        sentence = (
            f"{len(held)} 处住址在本机对不上唯一的房屋，涉及 {count} 行。程序不会猜：请逐处选定，"
            "或用下面的按钮一并处理；没有选定的暂不导入。不登记住址的，住址写进备注。"
        )
        body = column(
            label(sentence, "soft", wrap=True), self._table, everywhere,
            row(None, button("取消", self.reject), button("确定", self.accept, look="primary")),
            gap=12,
        )  # fmt: skip
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)

    def choose_buildings(self) -> None:
        """Every place without a dwelling whose building is known gets a new dwelling there."""
        for each in self._held:
            if each.place not in self.choices and not each.doors and len(each.houses) == 1:
                self._choose(each.place, Choice("building", each.houses[0][0]))

    def choose_grid(self) -> None:
        """Every place that is not chosen yet goes to the grid that is named, without a dwelling."""
        code = str(self._grid.currentData() or "")
        for each in self._held:
            if code and each.place not in self.choices:
                self._choose(each.place, Choice("grid", code))

    def _choose(self, place: Place, choice: Choice) -> None:
        self.choices[place] = choice
        combo = self._combos.get(place)
        if combo is not None:
            combo.setCurrentIndex(_index(combo, choice))

    def _fill(self) -> None:
        shown = self._held[:MOST_SHOWN]
        self._table.setRowCount(len(shown))
        for line, each in enumerate(shown):
            words = each.place.words or "（没有写住址）"
            for side, text in enumerate((words, str(each.count))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self._table.setItem(line, side, item)
            combo = self._chooser(each)
            self._combos[each.place] = combo
            self._table.setCellWidget(line, 2, combo)

    def _chooser(self, held: Held) -> QComboBox:
        combo = QComboBox()
        combo.addItem(LATER, None)
        for record_id, address in held.doors:
            combo.addItem(address, Choice("dwelling", record_id))
        for record_id, title in held.houses if not held.doors else ():
            combo.addItem(f"在{title}新建这个房屋", Choice("building", record_id))
        for code, name in self._grids:
            combo.addItem(f"不登记住址，归入{name}", Choice("grid", code))
        if held.place in self.choices:
            combo.setCurrentIndex(_index(combo, self.choices[held.place]))
        combo.activated.connect(lambda _at: self._taken(held.place, combo))
        return combo

    def _taken(self, place: Place, combo: QComboBox) -> None:
        choice = combo.currentData()
        if isinstance(choice, Choice):
            self.choices[place] = choice
        else:
            self.choices.pop(place, None)


def _index(combo: QComboBox, choice: Choice) -> int:
    places = range(combo.count())
    return next((at for at in places if combo.itemData(at) == choice), 0)
