"""房屋变动: the windows of letting, the end of a lease, selling, and somebody new moving in."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QWidget

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.households import Owner
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.moves import NEW_HOUSEHOLD, Arrival
from sqzl_desktop.services import moves
from sqzl_desktop.services.moves import Behind
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.move import Act, MoveDialog
from sqzl_desktop.ui.widgets.parts import label

_VACANT = "搬空后把房屋标为空置"


def arriving(desk: Desk, found: Behind, parent: QWidget) -> MoveDialog:
    """迁入登记: somebody known or new begins to live in this dwelling."""
    dialog = MoveDialog(desk, "迁入登记", parent, hint=found.dwelling.address)
    person = _who(dialog, "迁入人员")
    stay, on = dialog.field("residence", "kind_of_stay"), dialog.day("入住日期")
    population = dialog.field("resident", "population_type")
    house = household_choice(dialog, found, is_known=True)

    def prepare() -> Act:
        people = [person()]
        arrival = Arrival(found.dwelling.id, on.value(), stay.value(), str(house.currentData()),
                          population_type=population.value())  # fmt: skip
        return lambda: moves.moved_in(desk.ws, people, arrival)

    dialog.on_save(prepare)
    return dialog


def letting(desk: Desk, found: Behind, parent: QWidget) -> MoveDialog:
    """出租登记: landlord, purpose and tenant."""
    dialog = MoveDialog(desk, "出租登记", parent, hint=found.dwelling.address)
    owner, phone = _owner(dialog, found, "房东")
    use = dialog.field("dwelling", "rental_use")
    person = _who(dialog, "承租人")
    population = dialog.field("resident", "population_type")
    population.show_value("20")
    on = dialog.day("入住日期")

    def prepare() -> Act:
        arrival = Arrival(found.dwelling.id, on.value(), household=NEW_HOUSEHOLD,
                          population_type=population.value())  # fmt: skip
        said, purpose, people = Owner(owner(), phone()), use.value(), [person()]
        return lambda: moves.let_out(desk.ws, people, arrival, owner=said, use=purpose)

    dialog.on_save(prepare)
    return dialog


def lease_end(desk: Desk, found: Behind, parent: QWidget) -> MoveDialog:
    """退租登记: the tenants move out."""
    dialog = MoveDialog(desk, "退租登记", parent, hint=found.dwelling.address)
    names = "、".join(each.name for each in found.people)
    dialog.add("租住人员", label(names or "没有登记租住人员", wrap=True), is_wide=True)
    on, to = dialog.day("搬离日期"), dialog.field("resident", "moved_to")
    vacant = dialog.tick(_VACANT, is_on=True)

    def prepare() -> Act:
        day, place, empty = on.value(), to.value(), vacant.isChecked()
        return lambda: moves.let_ended(
            desk.ws, found.dwelling.id, on=day, to=place, mark_vacant=empty
        )

    dialog.on_save(prepare)
    return dialog


def selling(desk: Desk, found: Behind, parent: QWidget) -> MoveDialog:
    """出售登记: another owner; the people who live there stay or leave."""
    dialog = MoveDialog(desk, "出售登记", parent, hint=found.dwelling.address)
    owner = dialog.field("dwelling", "owner_name", "新的产权人")
    phone = dialog.field("dwelling", "owner_phone", "产权人电话")
    on = dialog.day("出售日期")
    leave = dialog.tick(f"现住人员（{len(found.people)}人）同时迁出", is_on=False)
    to = dialog.field("resident", "moved_to")
    vacant = dialog.tick(_VACANT, is_on=True)
    for each in (to, vacant):
        each.setEnabled(False)
        leave.toggled.connect(each.setEnabled)

    def prepare() -> Act:
        said, day = Owner(owner.value(), phone.value()), on.value()
        place = to.value() if leave.isChecked() else None
        empty = vacant.isChecked()
        return lambda: moves.sold(
            desk.ws, found.dwelling.id, owner=said, on=day, leave_to=place, mark_vacant=empty
        )

    dialog.on_save(prepare)
    return dialog


def household_choice(dialog: MoveDialog, found: Behind, *, is_known: bool) -> QComboBox:
    """Which household those who arrive belong to."""
    made = QComboBox()
    made.addItem("保留原来的户（全户一起搬的，户随人走）" if is_known else "以后再归户", "")
    made.addItem("单独立户", NEW_HOUSEHOLD)
    for key, name in found.households:
        made.addItem(f"加入{name}", key)
    dialog.add("户", made, is_wide=True)
    return made


def _owner(
    dialog: MoveDialog, found: Behind, caption: str
) -> tuple[Callable[[], str], Callable[[], str]]:
    owner = dialog.field("dwelling", "owner_name", caption)
    phone = dialog.field("dwelling", "owner_phone", f"{caption}电话（不填保留原值）")
    owner.show_value(found.dwelling.owner_name)
    return owner.value, phone.value


def _who(dialog: MoveDialog, caption: str) -> Callable[[], Resident]:
    """Somebody who is registered, or name, number and phone of somebody who is not."""
    known = dialog.field("residence", "resident_id", f"{caption}（已登记的居民）")
    name = dialog.field("resident", "name", "没有登记过的，填写姓名")
    number = dialog.field("resident", "id_number")
    phone = dialog.field("resident", "phone")

    def person() -> Resident:
        if known.value():
            return Resident(id=known.value())
        if not name.value():
            raise Refused(f"请选择{caption}，或填写姓名")
        return Resident(name=name.value(), id_number=number.value(), phone=phone.value())

    return person
