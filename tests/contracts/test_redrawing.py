"""One command moves whole buildings between grids; what comes late follows or waits."""

import json

import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.redrawing import Plan, write
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, resident


@pytest.fixture
def lead(backend):
    device = backend.device("书记", COMMUNITY, role="community_lead")
    for code, name in ((NORTH, "北"), (SOUTH, "南")):
        grid = {"community_id": COMMUNITY, "code": code, "name": name}
        assert device.outcomes(device.put("grid", code, grid)) == ["applied"]
    device.pull()
    return device


@pytest.fixture
def north(backend):
    return backend.device("张三", NORTH)


@pytest.fixture
def south(backend):
    return backend.device("李四", SOUTH)


def place(**fields):
    return {"community_id": COMMUNITY, "grid_id": NORTH, **fields}


@pytest.fixture
def house(lead, north, south):
    """A building in the north with a household of two, and a neighbour elsewhere."""
    ids = {name: new_id() for name in ("building", "dwelling", "household", "a", "b", "other")}
    made = [
        north.put("building", ids["building"], place(estate="阳光家园", name="3号楼")),
        north.put("dwelling", ids["dwelling"],
                  place(building_id=ids["building"], room="101", address="3号楼101室")),
        north.put("household", ids["household"], place(dwelling_id=ids["dwelling"])),
        north.put("resident", ids["a"], resident(household_id=ids["household"])),
        north.put("resident", ids["b"], resident(household_id=ids["household"])),
        north.put("resident", ids["other"], resident()),
    ]  # fmt: skip
    assert set(north.outcomes(*made)) == {"applied"}
    for device in (lead, north, south):
        device.pull()
    return ids


def redraw(lead, plan, **more):
    fields = {"community_id": COMMUNITY, "name": "秋季调整", "plan": write(plan)}
    return lead.put("redrawing", new_id(), {**fields, **more})


def move(house):
    return Plan({SOUTH: [house["building"]]})


def grids(device):
    return {key[1]: row.grid for key, row in device.live().items()}


def boxed(device):
    device.pull()
    return [row for (kind, _), row in device.live().items() if kind == "handover"]


MOVED = ("building", "dwelling", "household", "a", "b")


def test_a_building_moves_whole_and_digests_agree(lead, north, south, house):
    assert lead.outcomes(redraw(lead, move(house))) == ["applied"]

    for device in (lead, north, south):
        device.pull()
        assert device.recomputed() == device.digests
    assert {grids(lead)[house[name]] for name in MOVED} == {SOUTH}
    assert grids(lead)[house["other"]] == NORTH
    assert not {house[name] for name in MOVED} & grids(north).keys()
    assert {house[name] for name in MOVED} <= grids(south).keys()
    (drawn,) = [row for (kind, _), row in north.live().items() if kind == "redrawing"]
    assert drawn.fields["moved_count"] == len(MOVED)


def test_the_same_command_again_is_the_same_answer(lead, house):
    operation = redraw(lead, move(house))

    assert lead.outcomes(operation) == ["applied"]
    assert lead.outcomes(operation) == ["applied"]
    lead.pull()
    assert len([1 for kind, _ in lead.live() if kind == "redrawing"]) == 1


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_no_page_tears_it_apart(lead, south, house, limit):
    lead.outcomes(redraw(lead, move(house)))

    pages = south.pull(limit=limit)

    moved = {house[name] for name in MOVED}
    having = [{e.id for e in page.entries} & moved for page in pages]
    assert [some for some in having if some] == [moved]
    assert south.recomputed() == south.digests


def test_a_late_edit_waits_in_the_new_grid(lead, north, south, house):
    late = north.put("resident", house["a"], {"phone": "13895001111"})
    lead.outcomes(redraw(lead, move(house)))

    assert north.outcomes(late) == ["held"]

    (waiting,) = boxed(south)
    assert waiting.fields["record_id"] == house["a"]
    assert json.loads(waiting.fields["values"])["fields"] == {"phone": "13895001111"}
    assert boxed(north) == []


def test_what_is_registered_late_follows_what_it_belongs_to(lead, north, south, house):
    child, stay, care, alone = (new_id() for _ in range(4))
    late = [
        north.put("resident", child, resident(household_id=house["household"]), group="g"),
        north.put("residence", stay,
                  place(resident_id=child, dwelling_id=house["dwelling"]), group="g"),
        north.put("aged_care", care, place(resident_id=child)),
        north.put("resident", alone, resident()),
    ]  # fmt: skip
    lead.outcomes(redraw(lead, move(house)))

    assert north.outcomes(*late) == ["held", "held", "held", "applied"]

    waiting = {row.fields["record_id"]: row.grid for row in boxed(south)}
    assert waiting == dict.fromkeys((child, stay, care), SOUTH)
    lead.pull()
    assert grids(lead)[alone] == NORTH


def test_a_person_follows_the_dwelling_he_moves_into(lead, house):
    """The lead holds both grids: nothing waits, all of it is put where the dwelling is."""
    lead.outcomes(redraw(lead, move(house)))
    person, stay = new_id(), new_id()
    late = [
        lead.put("resident", person, resident(), group="g"),
        lead.put("residence", stay,
                 place(resident_id=person, dwelling_id=house["dwelling"]), group="g"),
    ]  # fmt: skip

    assert lead.outcomes(*late) == ["applied", "applied"]
    lead.pull()
    assert (grids(lead)[person], grids(lead)[stay]) == (SOUTH, SOUTH)


def test_a_merged_grid_gives_all_it_has_and_is_gone(lead, south, north, house):
    assert lead.outcomes(redraw(lead, Plan(merges={NORTH: SOUTH}))) == ["applied"]

    lead.pull()
    assert NORTH not in grids(lead)
    assert {grids(lead)[each] for each in house.values()} == {SOUTH}
    late = north.put("resident", new_id(), resident())
    assert north.outcomes(late) == ["held"]
    assert [row.grid for row in boxed(south)] == [SOUTH]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (Plan({f"{COMMUNITY}009": ["x"]}), "不存在"),
        (Plan({SOUTH: ["x"]}, {SOUTH: NORTH}), "不能再划入"),
        (Plan(merges={NORTH: NORTH}), "不能再划入"),
    ],
)
@pytest.mark.usefixtures("house")
def test_a_plan_that_cannot_be_is_refused_whole(lead, plan, told):
    before = grids(lead)

    (answer,) = lead.push(redraw(lead, plan))

    assert (answer.outcome, told in answer.reason) == ("rejected", True)
    lead.pull()
    assert grids(lead) == before


@pytest.mark.parametrize("plan", ["", "{}", "x", '{"moves":{"a":"b"}}', "[" * 10_000])
def test_what_is_no_plan_is_refused(lead, plan):
    fields = {"community_id": COMMUNITY, "name": "秋季调整", "plan": plan}

    assert lead.outcomes(lead.put("redrawing", new_id(), fields)) == ["rejected"]


def test_only_who_holds_the_community_may(backend, north, house):
    partly = backend.device("副书记", NORTH, SOUTH, role="community_lead")

    assert north.outcomes(redraw(north, move(house))) == ["rejected"]
    (answer,) = partly.push(redraw(partly, move(house)))
    assert answer.outcome == "rejected"
    assert "整个社区" in answer.reason


def test_moved_twice_follows_twice(lead, north, house):
    lead.outcomes(redraw(lead, move(house)))
    back = redraw(lead, Plan({NORTH: [house["building"]]}))

    assert lead.outcomes(back) == ["applied"]

    north.pull()
    assert {house[name] for name in MOVED} <= grids(north).keys()
    child = new_id()
    late = north.put("resident", child, resident(household_id=house["household"]))
    assert north.outcomes(late) == ["applied"]


def test_a_count_that_the_device_claims_is_not_believed(lead, house):
    operation = redraw(lead, move(house), moved_count=10**6)

    lead.outcomes(operation)

    lead.pull()
    (drawn,) = [row for (kind, _), row in lead.live().items() if kind == "redrawing"]
    assert drawn.fields["moved_count"] == len(MOVED)
