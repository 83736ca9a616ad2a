"""选定住址: places of a sheet that are no dwelling here, or several; a person says which."""

from collections.abc import Sequence

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QDialog, QTableWidgetItem, QWidget

from sqzl_desktop.services.arrivals import Choice
from sqzl_desktop.services.doors import Place
from sqzl_desktop.services.imports import Held
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.widgets.parts import button, column, label, plain_table, row

LATER = "暂不导入"
MOST_SHOWN = 500  # what is further down is chosen all at once
EACH_OWN = Choice("building", "")  # of several places: each in its own building


class HeldPlaces(QDialog):
    """Select one line or several, choose where they belong; what is not chosen is not imported."""

    def __init__(
        self,
        held: Sequence[Held],
        grids: Sequence[tuple[str, str]],
        chosen: dict[Place, Choice],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("选定住址")
        self.resize(940, 620)
        self._held = held
        self._grids = grids
        self.choices = dict(chosen)
        self._table = plain_table("表中的住址", "人数", "归到哪里")
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._table.setColumnWidth(0, 280)
        self._table.setColumnWidth(1, 70)
        self._options = QComboBox()
        self._options.setMaxVisibleItems(16)
        self._fill()
        self._table.itemSelectionChanged.connect(self._offer)
        self._grid = QComboBox()
        for code, name in grids:
            self._grid.addItem(name, code)
        self._lay_out()
        if held:
            self._table.selectRow(0)

    def _lay_out(self) -> None:
        count = sum(each.count for each in self._held)
        sentence = (
            f"{len(self._held)} 处住址在本机对不上唯一的房屋，涉及 {count} 行。程序不会猜："
            "请选中一处或几处（Shift、Ctrl 多选），选定归到哪里；没有选定的暂不导入。"
            "不登记住址的，住址写进备注。"
        )
        one = row(label("选中的归到"), self._options, button("选定", self.take), gap=8)
        one.setStretch(1, 1)
        everywhere = row(
            button("能新建的都在楼栋里新建房屋", self.choose_buildings, icon="plus"),
            None,
            label("其余不登记住址，归入"),
            self._grid,
            button("全部归入", self.choose_grid),
        )
        body = column(
            label(sentence, "soft", wrap=True), self._table, one, everywhere,
            row(None, button("取消", self.reject), button("确定", self.accept, look="primary")),
            gap=12,
        )  # fmt: skip
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)

    def choose_buildings(self) -> None:
        """Every place without a dwelling whose building is known gets a new dwelling there."""
        for each in self._held:
            if each.place not in self.choices and _has_own(each):
                self.choices[each.place] = Choice("building", each.houses[0][0])
        self._show_choices()

    def choose_grid(self) -> None:
        """Every place that is not chosen yet goes to the grid that is named, without a dwelling."""
        code = str(self._grid.currentData() or "")
        for each in self._held if code else ():
            self.choices.setdefault(each.place, Choice("grid", code))
        self._show_choices()

    def take(self) -> None:
        """The selected places belong where the chooser says."""
        choice = self._options.currentData()
        for each in self._selected():
            if not isinstance(choice, Choice):
                self.choices.pop(each.place, None)
            elif choice == EACH_OWN:
                self.choices[each.place] = Choice("building", each.houses[0][0])
            else:
                self.choices[each.place] = choice
        self._show_choices()

    def _selected(self) -> list[Held]:
        rows = sorted({index.row() for index in self._table.selectedIndexes()})
        return [self._held[at] for at in rows]

    def _offer(self) -> None:
        """What the selected places may belong to: of several, what is true of all."""
        some = self._selected()
        self._options.clear()
        self._options.addItem(LATER, None)
        if len(some) == 1:
            for record_id, address in some[0].doors:
                self._options.addItem(address, Choice("dwelling", record_id))
            for record_id, title in some[0].houses if not some[0].doors else ():
                self._options.addItem(f"在{title}新建这个房屋", Choice("building", record_id))
        elif some and all(_has_own(each) for each in some):
            self._options.addItem("在各自的楼栋里新建房屋", EACH_OWN)
        for code, name in self._grids:
            self._options.addItem(f"不登记住址，归入{name}", Choice("grid", code))
        if self._options.count() > 1:
            self._options.setCurrentIndex(1)

    def _fill(self) -> None:
        shown = self._held[:MOST_SHOWN]
        self._table.setRowCount(len(shown))
        for line, each in enumerate(shown):
            words = each.place.words or "（没有写住址）"
            for side, text in enumerate((words, str(each.count))):
                self._table.setItem(line, side, QTableWidgetItem(text))
        self._show_choices()

    def _show_choices(self) -> None:
        grids = dict(self._grids)
        for line, each in enumerate(self._held[:MOST_SHOWN]):
            choice = self.choices.get(each.place)
            item = QTableWidgetItem(_words(each, choice, grids))
            tone = "faint" if choice is None else "text"
            item.setForeground(QColor(theme.COLOURS[tone]))
            self._table.setItem(line, 2, item)


def _has_own(held: Held) -> bool:
    return not held.doors and len(held.houses) == 1


def _words(held: Held, choice: Choice | None, grids: dict[str, str]) -> str:
    if choice is None:
        return LATER
    if choice.how == "dwelling":
        return dict(held.doors).get(choice.id, "")
    if choice.how == "building":
        return f"在{dict(held.houses).get(choice.id, '')}新建这个房屋"
    return f"不登记住址，归入{grids.get(choice.id, choice.id)}"
