"""人员变动: the windows of birth, death, moving out, splitting and joining households."""

from PySide6.QtWidgets import QWidget

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import moves
from sqzl_desktop.services.moves import Around
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.move import Act, MoveDialog, NextHead
from sqzl_desktop.ui.widgets.people_choice import OnePerson, SeveralPeople

_VACANT = "搬空后把房屋标为空置"


def birth(desk: Desk, found: Around, parent: QWidget) -> MoveDialog:
    """出生登记, with this person as a parent."""
    hint = "孩子随父母的户、住房和民族登记；还没有取名的，姓名可以以后再填。"
    dialog = MoveDialog(desk, f"{found.person.name}　出生登记", parent, hint=hint)
    name, sex = dialog.field("resident", "name", "孩子姓名"), dialog.field("resident", "sex")
    born_on = dialog.day("出生日期")
    other = OnePerson(found.others(), is_free=True)
    if found.others():
        dialog.add("另一位父母", other)

    def prepare() -> Act:
        child = Resident(name=name.value(), sex=sex.value(), born_on=born_on.value())
        parents = {"parent_id": found.person.id, "other_id": other.chosen()}
        return lambda: moves.born(desk.ws, child, **parents)

    dialog.on_save(prepare)
    return dialog


def death(desk: Desk, found: Around, parent: QWidget) -> MoveDialog:
    """死亡登记."""
    hint = "居住情况和关爱记录到这一天为止；记录留存，不会删除。"
    dialog = MoveDialog(desk, f"{found.person.name}　死亡登记", parent, hint=hint)
    on = dialog.day("死亡日期")
    head = NextHead(dialog, found, None)
    vacant = dialog.tick(_VACANT, is_on=True)

    def prepare() -> Act:
        day, next_head, empty = on.value(), head.chosen(), vacant.isChecked()
        return lambda: moves.died(
            desk.ws, found.person.id, on=day, next_head_id=next_head, mark_vacant=empty
        )

    dialog.on_save(prepare)
    return dialog


def moving_out(desk: Desk, found: Around, parent: QWidget) -> MoveDialog:
    """迁出登记, of one person, several or the whole household."""
    dialog = MoveDialog(desk, f"{found.person.name}　迁出登记", parent)
    people = SeveralPeople(found.members or (found.person,), [found.person.id])
    dialog.add("迁出人员", people, is_wide=True)
    on, to = dialog.day("迁出日期"), dialog.field("resident", "moved_to")
    head = NextHead(dialog, found, people)
    vacant = dialog.tick(_VACANT, is_on=True)

    def prepare() -> Act:
        ids, day, place = people.ids(), on.value(), to.value()
        next_head, empty = head.chosen(), vacant.isChecked()
        return lambda: moves.moved_out(
            desk.ws, ids, on=day, to=place, next_head_id=next_head, mark_vacant=empty
        )

    dialog.on_save(prepare)
    return dialog


def splitting(desk: Desk, found: Around, parent: QWidget) -> MoveDialog:
    """分户: this person heads a household of their own, others may come along."""
    hint = "不选住房的，新户仍住在原来的房屋。"
    dialog = MoveDialog(desk, f"{found.person.name}　分户", parent, hint=hint)
    people = SeveralPeople(found.members, [found.person.id])
    dialog.add(f"分出人员（{found.person.name}为新户户主）", people, is_wide=True)
    home, on = dialog.field("household", "dwelling_id", "新的住房"), dialog.day("分户日期")
    head = NextHead(dialog, found, people)

    def prepare() -> Act:
        along = [each for each in people.ids() if each != found.person.id]
        place, day, next_head = home.value(), on.value(), head.chosen()
        return lambda: moves.split(
            desk.ws, [found.person.id, *along], on=day, dwelling_id=place, next_head_id=next_head
        )

    dialog.on_save(prepare)
    return dialog


def joining(desk: Desk, found: Around, parent: QWidget) -> MoveDialog:
    """并户: the household becomes part of another."""
    hint = "全户并入所选的户并住到一起，原来的户销户；与户主关系请在合并后核对。"
    dialog = MoveDialog(desk, f"{found.person.name}一户　并户", parent, hint=hint)
    into, on = dialog.field("resident", "household_id", "并入哪一户"), dialog.day("并户日期")

    def prepare() -> Act:
        other, day = into.value(), on.value()
        if not other:
            raise Refused("请选择并入的户")
        return lambda: moves.merged(
            desk.ws, found.person.household_id, into_id=other, on=day
        )  # fmt: skip

    dialog.on_save(prepare)
    return dialog


def new_head(desk: Desk, found: Around, parent: QWidget) -> MoveDialog:
    """户主变更."""
    hint = "同户人员与户主的关系按新户主改写；推不出来的留空，请核对。"
    dialog = MoveDialog(desk, "户主变更", parent, hint=hint)
    held = found.household.head_id if found.household else ""
    head = OnePerson([each for each in found.members if each.id != held])
    dialog.add("新的户主", head)

    def prepare() -> Act:
        chosen = head.chosen()
        if not chosen:
            raise Refused("请选择新的户主")
        return lambda: moves.head_changed(desk.ws, found.person.household_id, head_id=chosen)

    dialog.on_save(prepare)
    return dialog
