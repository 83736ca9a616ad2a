import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import snapshot
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, resident, topic


@pytest.fixture
def lead(backend):
    return backend.device("书记", COMMUNITY, role="community_lead")


@pytest.fixture
def north(backend):
    return backend.device("张三", NORTH)


def some_records(lead, count=6):
    grids = (NORTH, SOUTH)
    operations = [
        lead.put("resident", new_id(), resident(grid_id=grids[n % 2], remark=f"第{n}条"))
        for n in range(count)
    ]
    operations.append(lead.put("topic", new_id(), topic()))
    assert set(lead.outcomes(*operations)) == {"applied"}
    lead.pull()
    return [each.record for each in operations]


def test_snapshot_holds_exactly_the_visible_rows_and_their_digests(lead, north):
    records = some_records(lead)
    lead.push(lead.delete("resident", records[0]))

    north.load_snapshot()

    assert {key[1] for key in north.rows} == {records[2], records[4], records[6]}
    assert set(north.digests) == {"", NORTH}
    assert north.recomputed() == north.digests


def test_snapshot_then_log_equals_the_whole_log(lead, backend):
    records = some_records(lead)
    fresh = backend.device("新来的", COMMUNITY)
    fresh.load_snapshot()
    lead.push(
        lead.put("resident", records[1], {"grid_id": NORTH}),
        lead.delete("resident", records[2]),
        lead.put("resident", new_id(), resident()),
    )
    lead.pull()

    fresh.pull(limit=2)

    assert fresh.live() == lead.live()
    assert fresh.digests == lead.digests == fresh.recomputed()


def test_snapshot_names_the_authors_of_its_rows(lead):
    some_records(lead)

    heads = [snapshot.read(content)[0] for content in lead.download(lead.offer()).values()]

    assert {author.name for head in heads for author in head.authors.values()} == {"书记同志"}


def test_piece_is_reused_until_something_in_its_grid_changes(lead, north, backend):
    some_records(lead)
    second = backend.device("副书记", COMMUNITY, role="community_lead")

    first = {piece.grid: piece for piece in lead.offer().pieces}
    assert {piece.grid: piece for piece in second.offer().pieces} == first
    assert [first[piece.grid] for piece in north.offer().pieces] == [first[""], first[NORTH]]
    lead.push(lead.put("topic", new_id(), topic()))

    after = {piece.grid: piece for piece in lead.offer().pieces}
    assert (after[NORTH], after[SOUTH]) == (first[NORTH], first[SOUTH])
    assert after[""].id != first[""].id


def test_file_may_be_fetched_in_ranges(lead):
    some_records(lead)
    piece = lead.offer().pieces[-1]
    path = f"/v1/snapshots/{piece.id}"
    whole = lead.ask("GET", path).content
    middle = len(whole) // 2

    parts = [
        lead.ask("GET", path, headers={"Range": f"bytes={start}"})
        for start in (f"0-{middle - 1}", f"{middle}-")
    ]

    assert len(whole) == piece.size
    assert [part.status_code for part in parts] == [206, 206]
    assert parts[0].content + parts[1].content == whole


@pytest.mark.parametrize("name", ["x", "0" * 32, "..", "%2e%2e%2fserver.db"])
def test_unknown_file_is_not_found(lead, name):
    assert lead.ask("GET", f"/v1/snapshots/{name}").status_code == 404


def test_pages_are_cut_where_asked_and_digests_come_last(lead):
    some_records(lead, 6)
    lead.cursor = 0

    pages = lead.pull(limit=3)

    assert [(len(page.entries), page.more, page.digests is None) for page in pages] == [
        (3, True, True), (3, True, True), (1, False, False),
    ]  # fmt: skip
    assert lead.recomputed() == lead.digests


def test_cursor_beyond_the_log_means_another_epoch(lead):
    query = {"since": 99, "scope": 1, "epoch": lead.known_epoch()}
    answer = lead.ask("GET", f"/v1/c/{COMMUNITY}/pull", params=query)

    assert (answer.status_code, answer.json()["code"]) == (409, "EPOCH")
