"""A case sent to another grid lies there while it is handled, with all that lies beside it."""

import dataclasses

import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import COMMUNITY_LEAD
from sqzl_desktop.domain.redrawing import Plan, write
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server.ledger import Change, commit
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, WEST
from tests.contracts.cases import ON_THE_WAY, brought_to, of_kind, state_of, stepped, take

TO_SOUTH = {"handler_kind": "04", "handler": "第二网格", "handler_grid_id": SOUTH}


@dataclasses.dataclass
class Town:
    """A collector in the north, a handler in the south, somebody in the west, and the lead."""

    north: object
    south: object
    west: object
    lead: object

    @property
    def all(self):
        return {"north": self.north, "south": self.south, "west": self.west, "lead": self.lead}

    def in_sight(self, record):
        """Who sees the case; whoever does not has nothing that tells of it."""
        seen = set()
        for name, device in self.all.items():
            device.pull()
            assert device.recomputed() == device.digests
            if ("case", record) in device.rows:
                seen.add(name)
            else:
                about = [row for row in device.rows.values() if record in row.fields.values()]
                assert about == [], f"{name} still knows of it"
        return seen


@pytest.fixture
def town(backend):
    def grids(connection):
        made = [
            Row("grid", code, code, 0, {"community_id": COMMUNITY, "grid_id": code, "code": code,
                                        "name": code[-3:]}, {ALL: ""}, "")
            for code in (NORTH, SOUTH, WEST)
        ]  # fmt: skip
        commit(connection, COMMUNITY, [Change(None, row) for row in made])

    backend.database.writing(grids)
    workers = [backend.device(name, code) for name, code in
               (("张三", NORTH), ("李四", SOUTH), ("王五", WEST))]  # fmt: skip
    return Town(*workers, backend.device("李书记", role=COMMUNITY_LEAD))


def beside(device, record):
    """A person and a photo beside a case."""
    party = {"community_id": COMMUNITY, "case_id": record, "role": "01", "name": "马小明"}
    photo = {
        "community_id": COMMUNITY, "record_kind": "case", "record_id": record,
        "name": "现场.jpg", "media_type": "image/jpeg", "size": 3, "sha256": "0" * 64,
    }  # fmt: skip
    grid = device.rows["case", record].grid
    made = [device.put("case_party", new_id(), {**party, "grid_id": grid}),
            device.put("attachment", new_id(), {**photo, "grid_id": grid})]  # fmt: skip
    assert device.outcomes(*made) == ["applied"] * 2


def test_case_goes_to_the_grid_that_handles_it_and_back_to_be_checked(town):
    record = brought_to(town.north, "filed")
    beside(town.north, record)
    assert town.in_sight(record) == {"north", "lead"}

    town.lead.pull()
    take(town.lead, record, "dispatch", **TO_SOUTH)

    assert town.in_sight(record) == {"south", "lead"}
    fields = town.south.rows["case", record].fields
    assert (fields["grid_id"], fields["home_grid_id"]) == (SOUTH, NORTH)
    kinds = {kind for kind, _ in town.south.live()} - {"grid"}
    assert kinds == {"case", "case_step", "case_party", "attachment"}

    take(town.south, record, "handle")
    beside(town.south, record)
    take(town.south, record, "feed_back", **ON_THE_WAY["feed_back"])

    assert town.in_sight(record) == {"north", "lead"}
    assert "home_grid_id" not in town.north.rows["case", record].fields
    assert len(of_kind(town.north, "attachment")) == len(of_kind(town.north, "case_party")) == 2
    (answer,) = take(town.north, record, "verify")
    assert answer.outcome == "applied"
    take(town.north, record, "close")
    assert state_of(town.north, record) == "closed"
    steps = sorted(of_kind(town.north, "case_step"), key=lambda row: row.fields["number"])
    assert [row.fields["step"] for row in steps] == [
        "confirm", "file", "dispatch", "handle", "feed_back", "verify", "close",
    ]  # fmt: skip


def test_rework_sends_it_there_again_and_return_brings_it_home(town):
    record = brought_to(town.lead, "fed_back", dispatch=TO_SOUTH, made={"grid_id": NORTH})
    assert town.in_sight(record) == {"north", "lead"}

    take(town.north, record, "rework", rework_reason="没有清干净")
    assert town.in_sight(record) == {"south", "lead"}

    take(town.south, record, "return", return_reason="不属本网格")
    assert town.in_sight(record) == {"north", "lead"}
    take(town.lead, record, "dispatch", handler_kind="01", handler="城管中队")
    assert town.in_sight(record) == {"north", "lead"}
    assert town.lead.rows["case", record].fields["handler_grid_id"] == SOUTH


def test_parking_brings_it_home_and_resuming_sends_it_back(town):
    record = brought_to(town.lead, "handling", dispatch=TO_SOUTH, made={"grid_id": NORTH})
    take(town.lead, record, "park", park_reason="等待规划")
    assert town.in_sight(record) == {"north", "lead"}

    take(town.lead, record, "resume")

    assert town.in_sight(record) == {"south", "lead"}


def test_worker_sends_a_case_of_the_own_grid_to_another(town):
    record = brought_to(town.north, "filed")

    answers = town.north.push(*stepped(town.north, record, "dispatch", **TO_SOUTH))

    assert {each.outcome for each in answers} == {"applied"}
    assert town.in_sight(record) == {"south", "lead"}


def test_what_the_collector_did_meanwhile_is_told_of_and_stays_as_a_supplement(town):
    record = brought_to(town.north, "filed")
    town.lead.pull()
    late = stepped(town.north, record, "handle_on_spot", measures="我已当场清理")
    take(town.lead, record, "dispatch", **TO_SOUTH)

    answers = town.north.push(*late)

    assert [each.outcome for each in answers] == ["noop", "noop"]
    assert answers[0].reason.startswith("案件已由李书记同志于")
    assert "办理为“已派遣”；您的“自办自结”和填写的内容已作为补充记入该案件" in answers[0].reason
    assert town.in_sight(record) == {"south", "lead"}
    (kept,) = of_kind(town.south, "supplement")
    assert (kept.grid, kept.fields["content"]) == (SOUTH, "处置措施：我已当场清理")
    assert of_kind(town.north, "supplement") == []


def test_what_the_handler_did_meanwhile_comes_home_too(town):
    record = brought_to(town.lead, "handling", dispatch=TO_SOUTH, made={"grid_id": NORTH})
    town.south.pull()
    late = stepped(town.south, record, "feed_back", **ON_THE_WAY["feed_back"])
    take(town.lead, record, "void", void_reason="重复登记")

    answers = town.south.push(*late)

    assert {each.outcome for each in answers} == {"noop"}
    assert "办理为“已作废”" in answers[0].reason
    assert town.in_sight(record) == {"north", "lead"}
    (kept,) = of_kind(town.north, "supplement")
    assert kept.fields["by"] == "李四同志"


def test_grid_that_has_nothing_to_do_with_it_is_told_nothing(town):
    record = brought_to(town.lead, "handling", dispatch=TO_SOUTH, made={"grid_id": NORTH})
    step = town.west.step("case", record, "return", state="dispatched", saw={"state": "x"},
                          fields={"return_reason": "试探"})  # fmt: skip

    (answer,) = town.west.push(step)

    assert (answer.outcome, answer.reason) == ("held", "该记录已不在您负责的网格内")


def test_home_and_handler_write_only_where_the_case_lies(town):
    record = brought_to(town.lead, "fed_back", dispatch=TO_SOUTH, made={"grid_id": NORTH})
    town.north.pull()
    saw = {"state": town.north.writer(town.north.rows["case", record], "state")}
    forged = town.south.step("case", record, "rework", state="fed_back", saw=saw,
                             fields={"rework_reason": "试探"})  # fmt: skip
    edit = town.south.put("case", record, {"title": "试探"}, saw={"title": ""})

    assert town.south.outcomes(forged, edit) == ["held", "held"]


@pytest.mark.parametrize(
    ("grid", "sentence"),
    [
        (f"{COMMUNITY}009", "承办网格不存在或已被撤销"),
        ("640104001009001", "承办网格不属于本社区"),
        ("", "派给其他网格时，请选择承办网格"),
    ],
)
def test_case_goes_only_to_a_grid_there_is(town, grid, sentence):
    record = brought_to(town.lead, "filed", made={"grid_id": NORTH})

    answers = take(town.lead, record, "dispatch", **{**TO_SOUTH, "handler_grid_id": grid or None})

    assert {each.outcome for each in answers} == {"rejected"}
    assert sentence in answers[0].reason


def redraw(town, **plan):
    fields = {"community_id": COMMUNITY, "name": "秋季调整", "plan": write(Plan(**plan))}
    assert town.lead.outcomes(town.lead.put("redrawing", new_id(), fields)) == ["applied"]


def test_case_comes_home_to_where_its_building_is_by_then(town):
    building = new_id()
    place = {"community_id": COMMUNITY, "grid_id": NORTH, "estate": "阳光家园", "name": "3号楼"}
    town.lead.outcomes(town.lead.put("building", building, place))
    made = {"grid_id": NORTH, "building_id": building}
    record = brought_to(town.lead, "handling", dispatch=TO_SOUTH, made=made)
    redraw(town, moves={WEST: [building]})
    assert town.in_sight(record) == {"south", "lead"}

    take(town.south, record, "feed_back", **ON_THE_WAY["feed_back"])

    assert town.in_sight(record) == {"west", "lead"}
    assert len(of_kind(town.west, "case_step")) == 5


def test_grid_that_handles_or_owns_a_case_may_be_merged_into_another(town):
    record = brought_to(town.lead, "handling", dispatch=TO_SOUTH, made={"grid_id": NORTH})
    redraw(town, merges={SOUTH: WEST})
    assert town.in_sight(record) == {"west", "lead"}
    (answer,) = take(town.west, record, "next_phase")
    assert answer.outcome == "applied"
    take(town.west, record, "feed_back", **ON_THE_WAY["feed_back"])
    assert town.in_sight(record) == {"north", "lead"}
    town.north.pull()

    take(town.north, record, "rework", rework_reason="没有清干净")

    assert town.in_sight(record) == {"west", "lead"}
