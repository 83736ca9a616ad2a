"""Moves on one laptop: one action each, that can be taken back as long as nobody built on it."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.households import Owner
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.domain.moves import Arrival
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.services import elements, moves, people, undo
from sqzl_desktop.services.moves import Done
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records
from tests.places import GRID, NOW, OTHER_GRID

TODAY = dt.date(2026, 6, 30)
KINDS = ("resident", "household", "residence", "dwelling", "aged_care", "migrant")


@dataclasses.dataclass(frozen=True)
class Family:
    """Who lives in d1: head, wife, child; d2 is empty, in the other grid."""

    household: str
    head: str
    wife: str
    child: str


@pytest.fixture
def family(lead: Workspace) -> Family:
    elements.save(lead, Dwelling(id="d2", room="101", address="北京路14号1号楼101室",
                                 grid_id=OTHER_GRID, use="03"))  # fmt: skip
    home = elements.save(lead, Household(head_name="马建国", dwelling_id="d1", grid_id=GRID))
    ids = []
    for name, sex, relation in (("马建国", "1", "02"), ("哈兰", "2", "12"), ("马小明", "1", "20")):
        person = Resident(name=name, sex=sex, relation=relation, household_id=home.id)
        saved, _ = people.move_in(
            lead, person, dwelling_id="d1", kind_of_stay="01", from_on=dt.date(2020, 1, 1)
        )
        ids.append(saved.id)
    head = elements.get(lead, "household", home.id)
    elements.save(lead, dataclasses.replace(head, head_id=ids[0]))  # type: ignore[call-arg]
    elements.save(lead, AgedCare(resident_id=ids[0], since_on=dt.date(2026, 1, 1), grid_id=GRID))
    return Family(home.id, *ids)


def everything(ws: Workspace) -> dict[tuple[str, str], dict[str, Json] | None]:
    with ws.store.read() as tx:
        return {
            (kind, each.id): records.fields_of(tx, kind, each.id)
            for kind in KINDS
            for each in records.find(tx, kind, limit=-1)
        }


Move = Callable[[Workspace, Family], Done]


def resident(ws: Workspace, record_id: str) -> Resident:
    found = elements.get(ws, "resident", record_id)
    assert isinstance(found, Resident)
    return found


def all_of(ws: Workspace, family: Family) -> list[Resident]:
    return [resident(ws, each) for each in (family.head, family.wife, family.child)]


MOVES: dict[str, Move] = {
    "born": lambda ws, of: moves.born(ws, Resident(sex="2"), parent_id=of.wife),
    "died": lambda ws, of: moves.died(ws, of.head, on=TODAY, next_head_id=of.wife),
    "moved out": lambda ws, of: moves.moved_out(
        ws, [of.head, of.wife, of.child], on=TODAY, to="金凤区", mark_vacant=True
    ),
    "moved in": lambda ws, of: moves.moved_in(
        ws, all_of(ws, of), Arrival("d2", dt.date(2026, 5, 1), "01"), mark_vacant=True
    ),
    "newcomer": lambda ws, _of: moves.moved_in(
        ws, [Resident(name="丁一", population_type="20")], Arrival("d2", TODAY, "02", "new")
    ),
    "split": lambda ws, of: moves.split(ws, [of.wife, of.child], on=TODAY, dwelling_id="d2"),
    "head": lambda ws, of: moves.head_changed(ws, of.household, head_id=of.child),
    "let": lambda ws, _of: moves.let_out(
        ws, [Resident(name="丁一", phone="13900000000")], Arrival("d2", TODAY, household="new"),
        owner=Owner("王五"), use="02",
    ),
    "sold": lambda ws, _of: moves.sold(ws, "d1", owner=Owner("王五"), on=TODAY, leave_to="外地"),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
def test_undone_move_leaves_every_record_as_it_was(
    lead: Workspace, family: Family, name: str
) -> None:
    before = everything(lead)

    done = MOVES[name](lead, family)
    assert everything(lead) != before
    undo.undo(lead, done.group)

    assert everything(lead) == before


def test_move_is_one_group_that_the_history_leads_to(lead: Workspace, family: Family) -> None:
    done = moves.died(lead, family.head, on=TODAY, next_head_id=family.wife)

    with lead.store.read() as tx:
        found = tx.exec_driver_sql(
            "SELECT id, body ->> 'group' FROM outbox WHERE kind = 'resident' ORDER BY no DESC"
        ).all()
    assert found[0][1] == done.group
    assert undo.group_of(lead, found[0][0]) == done.group
    undo.undo(lead, done.group)
    assert resident(lead, family.head).state == "01"


def test_undoing_is_refused_once_somebody_changed_it_further(
    lead: Workspace, family: Family
) -> None:
    done = moves.moved_out(lead, [family.child], on=TODAY, to="金凤区")
    elements.save(lead, dataclasses.replace(resident(lead, family.child), moved_to="西夏区"))

    with pytest.raises(Refused, match="“迁往何处”又被修改过"):
        undo.undo(lead, done.group)

    assert resident(lead, family.child).state == "02"


def test_undoing_a_birth_is_refused_once_the_child_was_visited(
    lead: Workspace, family: Family
) -> None:
    done = moves.born(lead, Resident(name="马小宝"), parent_id=family.wife)
    elements.save(lead, Visit(resident_id=done.resident_id, category="01", content="探望",
                              visited_at=NOW, grid_id=GRID))  # fmt: skip

    with pytest.raises(Refused, match="又登记了相关的走访记录"):
        undo.undo(lead, done.group)


def test_who_lived_where_on_a_day_follows_from_the_stays(lead: Workspace, family: Family) -> None:
    moves.moved_in(lead, all_of(lead, family), Arrival("d2", dt.date(2026, 5, 1), "01"))

    for day, home in ((dt.date(2026, 4, 30), "d1"), (dt.date(2026, 5, 1), "d2")):
        names = {each.name for each in people.residents_of(lead, home, on=day)}
        assert names == {"马建国", "哈兰", "马小明"}
    assert people.living_in(lead, "d1") == []


def test_old_mistake_in_a_record_does_not_keep_a_death_from_being_recorded(
    lead: Workspace, family: Family
) -> None:
    with lead.store.write() as tx:
        tx.exec_driver_sql("UPDATE resident SET phone = '123' WHERE id = ?", (family.child,))

    moves.died(lead, family.child, on=TODAY)

    assert resident(lead, family.child).died_on == TODAY
