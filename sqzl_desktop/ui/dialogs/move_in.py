"""迁入登记: choose a dwelling for a resident, alone or with others of the household."""

from PySide6.QtWidgets import QComboBox, QWidget

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.moves import NEW_HOUSEHOLD, Arrival
from sqzl_desktop.services import moves
from sqzl_desktop.services.moves import Around, Behind
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.move import Act, MoveDialog, NextHead
from sqzl_desktop.ui.widgets.people_choice import SeveralPeople

KEEP = "保留原来的户（全户一起搬的，户随人走）"


class MoveIn(MoveDialog):
    """Person, stay, household and what they left behind are one action."""

    def __init__(self, desk: Desk, resident: Resident, parent: QWidget) -> None:
        super().__init__(desk, f"{resident.name}　迁入登记", parent)
        self._resident = resident
        self._people: SeveralPeople | None = None
        self._head: NextHead | None = None
        self.dwelling = self.field("residence", "dwelling_id")
        self.stay = self.field("residence", "kind_of_stay")
        self.since = self.day("入住日期")
        self.population = self.field("resident", "population_type")
        self.population.show_value(resident.population_type)
        self.household = QComboBox()
        self.household.addItem(KEEP, "")
        self.household.addItem("单独立户", NEW_HOUSEHOLD)
        self.add("户", self.household, is_wide=True)
        self.vacant = self.tick("原来的房屋搬空后标为空置", is_on=True)
        self.dwelling.changed.connect(self._dwelling_chosen)
        self.on_save(self._prepare_move)
        if resident.household_id:
            desk.run(self, lambda: moves.around(desk.ws, resident.id), self._show_family)

    def _show_family(self, found: Around) -> None:
        if found.others():
            self._people = SeveralPeople(found.members, [self._resident.id])
            self.add("一起搬的人", self._people, is_wide=True)
            self._head = NextHead(self, found, self._people)

    def _dwelling_chosen(self) -> None:
        chosen = self.dwelling.value()
        if chosen:
            self._desk.run(self, lambda: moves.behind(self._desk.ws, chosen), self._show_households)

    def _show_households(self, found: Behind) -> None:
        while self.household.count() > 2:
            self.household.removeItem(2)
        for key, name in found.households:
            if key != self._resident.household_id:
                self.household.addItem(f"加入{name}", key)

    def _prepare_move(self) -> Act:
        if not self.dwelling.value():
            raise Refused("请选择房屋")
        chosen = self._people.ids() if self._people else []
        ids = list(dict.fromkeys([self._resident.id, *chosen]))
        people = [Resident(id=each) for each in ids]
        household = str(self.household.currentData())
        arrival = Arrival(
            self.dwelling.value(), self.since.value(), self.stay.value(), household,
            next_head_id=self._head.chosen() if self._head and household else "",
            population_type=self.population.value(),
        )  # fmt: skip
        empty = self.vacant.isChecked()
        return lambda: moves.moved_in(self._desk.ws, people, arrival, mark_vacant=empty)
