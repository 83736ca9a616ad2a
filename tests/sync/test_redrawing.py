"""Grids are drawn anew while laptops work offline: one command, whole households, nothing lost."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.redrawing import Redrawing
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.domain.redrawing import Plan, write
from sqzl_desktop.geometry import shapes
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.outline import outline_text
from sqzl_desktop.services import conflicts, elements, handovers, maps, people, redrawing
from sqzl_desktop.services.redrawing import Draft, NewGrid
from sqzl_desktop.services.workspace import Workspace
from tests.field import Field, take_away
from tests.places import COMMUNITY, GRID, OTHER_GRID

Laptops = Callable[..., DeviceSession]
NEW_GRID = f"{COMMUNITY}003"
SQUARE = outline_text([[[(106.2, 38.4), (106.201, 38.4), (106.201, 38.401), (106.2, 38.401),
                         (106.2, 38.4)]]])  # fmt: skip
NEXT = outline_text([[[(106.201, 38.4), (106.202, 38.4), (106.202, 38.401), (106.201, 38.401),
                       (106.201, 38.4)]]])  # fmt: skip


def save(ws: Workspace, record: Element) -> Any:
    return elements.save(ws, dataclasses.replace(record, community_id=COMMUNITY, grid_id=GRID))


def family(ws: Workspace, name: str, dwelling: str) -> tuple[Household, Resident]:
    """A household in a dwelling: one member with a residence, in a register, visited."""
    household = save(ws, Household(head_name=name, dwelling_id=dwelling))
    person = save(ws, Resident(name=name, phone="15400000000", household_id=household.id))
    save(ws, Residence(resident_id=person.id, dwelling_id=dwelling, kind_of_stay="01"))
    save(ws, AgedCare(resident_id=person.id, since_on=dt.date(2026, 1, 1)))
    save(ws, Visit(resident_id=person.id, category="01", content="在家", visited_at=ws.clock.now()))
    return household, person


def where(ws: Workspace, kind: str) -> dict[str, str]:
    return {each.id: each.grid_id for each in elements.find(ws, kind, limit=1000)}


KINDS = ("building", "dwelling", "household", "resident", "residence", "aged_care", "visit")


@dataclasses.dataclass
class Scene:
    field: Field
    lead: DeviceSession
    a: DeviceSession  # wang, the first grid
    b: DeviceSession  # ha, the second
    moving: Resident
    staying: Resident

    def sync(self, *some: DeviceSession) -> None:
        for each in some:
            done = each.sync()
            assert not done.differs
            assert not done.guarded


@pytest.fixture
def scene(field: Field, laptops: Laptops) -> Scene:
    take_away(field, "wang", OTHER_GRID)
    a, b, lead = laptops("wang", "A"), laptops("ha", "B"), laptops("li", "L")
    _, moving = family(a.ws, "马小明", "d1")
    building = save(a.ws, Building(estate="阳光家园", name="5号楼"))
    dwelling = save(a.ws, Dwelling(building_id=building.id, room="101", address="5号楼101室"))
    _, staying = family(a.ws, "王大海", dwelling.id)
    made = Scene(field, lead, a, b, moving, staying)
    made.sync(a, lead)
    return made


MOVE = Draft(name="秋季调整", moves={"b1": OTHER_GRID})


def test_a_building_takes_all_that_belongs_to_it_and_nothing_else(scene: Scene) -> None:
    redrawing.apply(scene.lead.ws, COMMUNITY, MOVE)
    assert redrawing.pending(scene.lead.ws, COMMUNITY) == ["秋季调整"]

    scene.sync(scene.lead, scene.a, scene.b)

    for kind in KINDS:
        grids = sorted(where(scene.lead.ws, kind).values())
        assert grids == [GRID, OTHER_GRID], kind
        assert [*where(scene.a.ws, kind).values()] == [GRID], kind
        assert [*where(scene.b.ws, kind).values()] == [OTHER_GRID], kind
    assert redrawing.pending(scene.lead.ws, COMMUNITY) == []
    (done,) = elements.find(scene.b.ws, "redrawing")
    assert getattr(done, "moved_count", 0) == len(KINDS)


def test_what_the_preview_counts_is_what_moves(scene: Scene) -> None:
    seen = redrawing.preview(scene.lead.ws, COMMUNITY, MOVE)

    redrawing.apply(scene.lead.ws, COMMUNITY, MOVE)
    scene.sync(scene.lead)

    (done,) = elements.find(scene.lead.ws, "redrawing")
    assert getattr(done, "moved_count", 0) == sum(seen.moved.values())
    assert seen.moves == (("阳光家园 3号楼", "崇安第1网格", "崇安第2网格"),)
    first, second = seen.grids
    assert (first.before["household"], first.after["household"]) == (2, 1)
    assert (second.after["resident"], second.gains["dwelling"]) == (1, 1)


def test_offline_edit_of_a_moved_resident_waits_for_the_new_worker(scene: Scene) -> None:
    scene.field.network.is_up = False
    person = elements.get(scene.a.ws, "resident", scene.moving.id)
    elements.save(scene.a.ws, dataclasses.replace(person, phone="15411111111"))  # type: ignore[call-arg]
    scene.field.network.is_up = True
    redrawing.apply(scene.lead.ws, COMMUNITY, MOVE)

    scene.sync(scene.lead, scene.b, scene.a, scene.b)

    (waiting,) = handovers.open_handovers(scene.b.ws)
    assert (waiting.title, waiting.by) == ("马小明", "王网格")
    assert handovers.open_handovers(scene.a.ws) == []
    handovers.accept(scene.b.ws, waiting.id)
    scene.sync(scene.b, scene.lead)
    seen = elements.get(scene.lead.ws, "resident", scene.moving.id)
    assert getattr(seen, "phone", "") == "15411111111"
    assert seen.grid_id == OTHER_GRID
    assert conflicts.open_conflicts(scene.lead.ws) == []


def test_offline_arrival_in_a_moved_dwelling_waits_where_the_dwelling_is(scene: Scene) -> None:
    scene.field.network.is_up = False
    newcomer, _ = people.move_in(
        scene.a.ws, Resident(name="李新来"), dwelling_id="d1", kind_of_stay="03", from_on=None
    )
    scene.field.network.is_up = True
    redrawing.apply(scene.lead.ws, COMMUNITY, MOVE)

    scene.sync(scene.lead, scene.b, scene.a, scene.b)

    first, second = handovers.open_handovers(scene.b.ws)
    assert {first.what, second.what} == {"登记居民", "登记居住情况"}
    for each in sorted((first, second), key=lambda view: view.kind != "resident"):
        handovers.accept(scene.b.ws, each.id)
    scene.sync(scene.b, scene.lead, scene.a)
    assert where(scene.lead.ws, "resident")[newcomer.id] == OTHER_GRID
    assert {*where(scene.lead.ws, "residence").values()} == {GRID, OTHER_GRID}
    assert elements.sync_state(scene.a.ws, "resident", newcomer.id) == "refused"


def test_offline_edit_of_a_resident_who_stays_is_simply_applied(scene: Scene) -> None:
    redrawing.apply(scene.lead.ws, COMMUNITY, MOVE)
    scene.sync(scene.lead)
    person = elements.get(scene.a.ws, "resident", scene.staying.id)
    elements.save(scene.a.ws, dataclasses.replace(person, phone="15422222222"))  # type: ignore[call-arg]

    scene.sync(scene.a, scene.lead)

    seen = elements.get(scene.lead.ws, "resident", scene.staying.id)
    assert getattr(seen, "phone", "") == "15422222222"
    assert elements.count(scene.lead.ws, "handover") == 0


def test_a_new_grid_takes_buildings_and_a_merged_one_gives_all(scene: Scene) -> None:
    planned = Draft(
        name="合并",
        moves={"b1": NEW_GRID},
        merges={GRID: OTHER_GRID},
        new_grids=(NewGrid(NEW_GRID, "崇安第3网格"),),
    )
    maps.save_outline(scene.lead.ws, "grid", GRID, SQUARE)
    maps.save_outline(scene.lead.ws, "grid", OTHER_GRID, NEXT)
    redrawing.keep(scene.lead.ws, COMMUNITY, planned)
    assert redrawing.draft(scene.lead.ws, COMMUNITY) == planned
    assert redrawing.next_code(scene.lead.ws, COMMUNITY, Draft()) == NEW_GRID

    redrawing.apply(scene.lead.ws, COMMUNITY, redrawing.draft(scene.lead.ws, COMMUNITY))
    scene.sync(scene.lead, scene.b)

    assert redrawing.draft(scene.lead.ws, COMMUNITY).is_empty
    assert [*where(scene.lead.ws, "grid")] == [OTHER_GRID, NEW_GRID]
    whole = getattr(elements.get(scene.b.ws, "grid", OTHER_GRID), "outline", "")
    assert shapes.area(whole) == pytest.approx(shapes.area(SQUARE) + shapes.area(NEXT), rel=1e-6)
    assert sorted(where(scene.lead.ws, "resident").values()) == [OTHER_GRID, NEW_GRID]
    assert [*where(scene.b.ws, "resident").values()] == [OTHER_GRID]

    latecomer = save(scene.a.ws, Resident(name="赵晚到"))
    scene.sync(scene.a, scene.b)
    assert [each.title for each in handovers.open_handovers(scene.b.ws)] == ["赵晚到"]
    assert latecomer.id not in where(scene.b.ws, "resident")


def test_a_plan_whose_grid_is_gone_moves_nothing(scene: Scene) -> None:
    stale = Draft(name="旧方案", moves={"b1": NEW_GRID})
    with pytest.raises(Refused, match="已不存在"):
        redrawing.apply(scene.lead.ws, COMMUNITY, stale)
    plan = write(Plan({NEW_GRID: ["b1"]}))
    elements.save(scene.lead.ws, Redrawing(community_id=COMMUNITY, name="旧方案", plan=plan))

    done = scene.lead.sync()

    assert done.refused == 1
    assert {*where(scene.lead.ws, "building").values()} == {GRID}
    assert redrawing.pending(scene.lead.ws, COMMUNITY) == []


def test_no_page_of_the_log_tears_a_redrawing_apart(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of three rows: what moved still comes in one, with the line that says so."""
    scene.sync(scene.b)
    redrawing.apply(scene.lead.ws, COMMUNITY, MOVE)
    scene.sync(scene.lead)
    monkeypatch.setattr("sqzl_desktop.server.pull.MOST", 3)
    monkeypatch.setattr("sqzl_desktop.server.redrawings.MOST_OPERATIONS", 0)
    pages: list[int] = []
    transport = scene.b._engine.transport  # type: ignore[attr-defined]
    real = transport.pull

    def noted(*given: Any, **named: Any) -> Any:
        page = real(*given, **named)
        moved = [e for e in page.entries if e.row is not None and e.row.grid == OTHER_GRID]
        pages.append(len(moved))
        return page

    monkeypatch.setattr(transport, "pull", noted)
    scene.sync(scene.b)

    assert len(KINDS) in pages
    assert set(pages) <= {0, len(KINDS)}


def test_a_great_part_of_a_grid_may_go_when_a_redrawing_says_so(scene: Scene) -> None:
    """Most of what is on the laptop goes at once: the valve would stop anything else."""
    for number in range(60):
        household = save(scene.a.ws, Household(head_name=f"户{number}", dwelling_id="d1"))
        save(scene.a.ws, Resident(name=f"居民{number}", household_id=household.id))
    scene.sync(scene.a, scene.lead)
    redrawing.apply(scene.lead.ws, COMMUNITY, MOVE)

    scene.sync(scene.lead, scene.a)

    assert [*where(scene.a.ws, "resident")] == [scene.staying.id]
