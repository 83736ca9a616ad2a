import pytest

from sqzl_desktop.base.ids import loaded_id
from sqzl_desktop.server import load
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, resident

NEXT_DOOR = "640104001002"


@pytest.fixture
def lead(backend):
    return backend.device("书记", "640104", role="community_lead")


def people(count=5, **fields):
    return [
        (COMMUNITY, "resident", loaded_id(f"r{n}"), resident(remark=f"第{n}人", **fields))
        for n in range(count)
    ]


def bring(lead, records):
    return load.load(lead.backend.database, records, lead.backend.clock)


def test_load_fills_what_a_device_then_pulls(lead):
    counts = bring(lead, people())

    lead.cursor = 0
    (page,) = lead.pull()
    assert (counts.made, counts.changed, counts.same) == (5, 0, 0)
    assert {entry.row.fields["remark"] for entry in page.entries} == {f"第{n}人" for n in range(5)}
    assert [author.name for author in page.authors.values()] == ["系统装载"]
    assert lead.recomputed() == lead.digests


def test_load_of_the_same_changes_nothing(lead):
    bring(lead, people())

    counts = bring(lead, people())

    assert (counts.made, counts.changed, counts.same) == (0, 0, 5)
    assert lead.pull()[-1].cursor == 5


def test_load_of_something_else_updates(lead):
    bring(lead, people())
    lead.pull()

    counts = bring(lead, people(employer="银川一中", grid_id=SOUTH)[:2])

    assert (counts.made, counts.changed, counts.same) == (0, 2, 0)
    lead.pull()
    row = lead.rows["resident", loaded_id("r0")]
    assert (row.fields["employer"], row.grid) == ("银川一中", SOUTH)
    assert lead.recomputed() == lead.digests


def test_load_leaves_what_people_wrote_since(lead):
    bring(lead, people())
    lead.pull()
    lead.push(lead.put("resident", loaded_id("r0"), {"remark": "王主任核实过"}))

    counts = bring(lead, people(grid_id=NORTH))

    lead.pull()
    assert (counts.changed, counts.same) == (0, 5)
    assert lead.rows["resident", loaded_id("r0")].fields["remark"] == "王主任核实过"


def test_load_of_several_communities_keeps_their_orders_apart(lead):
    there = [
        (NEXT_DOOR, kind, f"n-{record}", {**fields, "community_id": NEXT_DOOR})
        for _, kind, record, fields in people(3)
    ]
    bring(lead, people(2) + there)

    assert lead.pull()[-1].cursor == 2
    lead.cursor = 0
    assert lead.page(community=NEXT_DOOR).cursor == 3


def test_load_in_batches_reports_each(lead, monkeypatch):
    monkeypatch.setattr(load, "BATCH", 2)
    lines = []
    load.load(lead.backend.database, people(), lead.backend.clock, report=lines.append)

    assert len(lines) == 3
    assert lead.pull()[-1].cursor == 5
    assert lead.recomputed() == lead.digests


def test_operation_upon_a_loaded_value_is_no_conflict(lead):
    bring(lead, people())
    lead.pull()

    put = lead.put("resident", loaded_id("r1"), {"remark": "搬走了"})

    assert lead.outcomes(put) == ["applied"]
