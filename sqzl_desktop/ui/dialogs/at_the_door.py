"""门前办理: what is done at a dwelling: a person written down or moved in, a visit, an edit."""

import functools
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.tower_rooms import RENTED
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, moves, people
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.services.moves import Behind
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs import house_moves
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.report_case import ask_report

_OWN, _RENTED = "01", "02"


def act(desk: Desk, action: str, dwelling: Dwelling, parent: QWidget) -> None:
    """Carry out what was asked at a dwelling: add, move, visit or edit."""
    _ACTIONS[action](desk, dwelling, parent)


def add_person(desk: Desk, dwelling: Dwelling, parent: QWidget) -> None:
    """The form of a new resident, who is saved together with the stay in this dwelling."""
    person = elements.blank(desk.ws, "resident", grid_id=dwelling.grid_id)
    hint = f"保存后即登记为住在 {dwelling.address}"
    dialog = EditRecord(desk, person, "登记人员", parent, hint=hint)
    dialog.form.save_with = functools.partial(_move_in, dwelling=dwelling)
    if dialog.exec():
        desk.bus.changed.emit(("resident", "residence"))


def _move_in(ws: Workspace, _shown: Element, edited: Element, *, dwelling: Dwelling) -> Element:
    assert isinstance(edited, Resident)
    saved, _stay = people.move_in(
        ws, edited, dwelling_id=dwelling.id, kind_of_stay=_stay_in(dwelling), from_on=ws.today
    )
    return saved


def _stay_in(dwelling: Dwelling) -> str:
    return _RENTED if dwelling.use == RENTED else _OWN


def move_here(desk: Desk, dwelling: Dwelling, parent: QWidget) -> None:
    """The window of an arrival: somebody who is registered, or only a name."""

    def show(found: Behind) -> None:
        house_moves.arriving(desk, found, parent).exec()

    desk.run(parent, lambda: moves.behind(desk.ws, dwelling.id), show)


def visit(desk: Desk, dwelling: Dwelling, _parent: QWidget) -> None:
    """A visit to this dwelling."""
    desk.bus.visit_requested.emit("dwelling", dwelling.id)


def report(desk: Desk, dwelling: Dwelling, parent: QWidget) -> None:
    """A case in this dwelling."""
    place = Hit("dwelling", dwelling.id, dwelling.address, "")
    ask_report(desk, parent, place)


def edit(desk: Desk, dwelling: Dwelling, parent: QWidget) -> None:
    """The form of the dwelling itself."""
    EditRecord(desk, dwelling, "修改房屋", parent).exec()


_ACTIONS: dict[str, Callable[[Desk, Dwelling, QWidget], None]] = {
    "add": add_person,
    "report": report,
    "move": move_here,
    "visit": visit,
    "edit": edit,
}
