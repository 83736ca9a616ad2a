"""导入前的决定: rows that were looked at, places to be chosen, a grid for what names none."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from sqzl_desktop.domain.filters import Order
from sqzl_desktop.services import elements
from sqzl_desktop.services.arrivals import Choice
from sqzl_desktop.services.doors import Place
from sqzl_desktop.services.imports import Choices, ImportPlan
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.held_places import HeldPlaces
from sqzl_desktop.ui.models.plan_table import PlanTable
from sqzl_desktop.ui.widgets.parts import button, label, row


class ImportDecisions(QWidget):
    """What a person decides between the check of a sheet and its import; says when it changes."""

    changed = Signal()

    def __init__(self, desk: Desk, model: PlanTable) -> None:
        super().__init__()
        self._desk = desk
        self._model = model
        self._plan: ImportPlan | None = None
        self._places: dict[Place, Choice] = {}
        self._grids: list[tuple[str, str]] = []
        self.reviewed = QCheckBox("待核对的行已经核对，一并导入")
        self.reviewed.toggled.connect(self._tick_reviewed)
        self._hold = button("选定住址…", self._ask_places, icon="pin")
        self._grid = QComboBox()
        self._grid.addItem("请选择网格", "")
        self._grid.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._grid_words = label("表中没有写网格的，归入")
        self.setLayout(row(self.reviewed, self._hold, self._grid_words, self._grid))
        for part in (self.reviewed, self._hold, self._grid_words, self._grid):
            part.hide()
        model.ticked.connect(self.changed.emit)
        desk.run(self, self._read_grids, self._take_grids)

    def show_plan(self, plan: ImportPlan) -> None:
        """Begin anew with another plan."""
        self._plan = plan
        self._places = {}
        self.reviewed.setChecked(False)
        self.reviewed.setVisible(bool(plan.counts.get("review")))
        self._hold.setVisible(bool(plan.held))
        for part in (self._grid, self._grid_words):
            part.setVisible(plan.needs_grid)
        self._tell()

    @property
    def choices(self) -> Choices:
        """What was decided so far."""
        is_asked = self._plan is not None and self._plan.needs_grid
        grid = str(self._grid.currentData() or "") if is_asked else ""
        model = self._model
        return Choices(set(model.include), set(model.leave), dict(self._places), grid)

    @property
    def is_complete(self) -> bool:
        """Is nothing left without which no row can be imported?"""
        is_asked = self._plan is not None and self._plan.needs_grid
        return not is_asked or bool(self._grid.currentData())

    def decide(self, places: Mapping[Place, Choice]) -> None:
        """Where the people of held places belong."""
        self._places = dict(places)
        self._tell()

    def places_dialog(self) -> HeldPlaces | None:
        """The dialog in which places are chosen."""
        if self._plan is None:
            return None
        return HeldPlaces(self._plan.held, self._grids, self._places, self)

    def _tell(self) -> None:
        held = self._plan.held if self._plan else ()
        left = sum(each.count for each in held if each.place not in self._places)
        self._hold.setText(f"选定住址…（{left} 行待选）" if left else "选定住址…")
        self.changed.emit()

    def _ask_places(self) -> None:
        dialog = self.places_dialog()
        if dialog is not None:
            dialog.accepted.connect(lambda: self.decide(dialog.choices))
            dialog.open()

    def _tick_reviewed(self, is_on: bool) -> None:
        rows = self._plan.rows if self._plan and is_on else ()
        self._model.tick_all({each.number for each in rows if each.action == "review"})

    def _read_grids(self) -> list[tuple[str, str]]:
        found = elements.find(self._desk.ws, "grid", order=[Order("code")], limit=500)
        return [(each.id, str(getattr(each, "name", ""))) for each in found]

    def _take_grids(self, grids: list[tuple[str, str]]) -> None:
        self._grids = grids
        for code, name in grids:
            self._grid.addItem(name, code)
