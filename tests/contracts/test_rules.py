import pytest

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH, resident, topic


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("spaceship", {}, "服务器不认识要素种类“spaceship”"),
        ("resident", resident(id_number="110101199001011234"), "身份证"),
        ("resident", resident(name=7), "姓名的内容无法识别"),
        ("resident", resident(born_on="去年"), "出生日期的内容无法识别"),
        ("resident", resident(sex="8"), "性别“8”不在代码表中"),
        ("resident", resident(grid_id=""), "请选择所属网格"),
        ("resident", resident(grid_id="110101001001001"), "所属网格不属于本社区"),
        ("resident", resident(community_id="640104001002"), "所属社区与上报的社区不一致"),
        ("topic", topic(state="adopted"), "新建议题只能从“征集中”开始"),
        ("topic", topic(supporter_count=10**20), "附议人数的数值超出范围"),
        (
            "dwelling",
            resident(room="1", address="x", area="nan"),
            "建筑面积（平方米）的内容无法识别",
        ),
    ],
)
def test_wrong_record_is_rejected_with_a_sentence(backend, kind, fields, sentence):
    lead = backend.device("书记", role="community_lead")
    wrong, good = lead.put(kind, new_id(), fields), lead.put("resident", new_id(), resident())

    rejected, applied = lead.push(wrong, good)

    assert rejected.outcome == "rejected"
    assert sentence in rejected.reason
    assert rejected.advice
    assert applied.outcome == "applied"


def test_official_code_is_the_id(backend):
    lead = backend.device("书记", role="community_lead")
    fields = {"community_id": COMMUNITY, "code": NORTH, "name": "第一网格"}

    assert lead.outcomes(
        lead.put("grid", NORTH, fields),
        lead.put("grid", new_id(), fields),
        lead.put("grid", NORTH, {"code": f"{COMMUNITY}009"}),
    ) == ["applied", "rejected", "rejected"]


def test_only_touched_fields_are_checked(worker, backend):
    record = new_id()
    lead = backend.device("书记", role="community_lead")
    fields = resident(phone="13895001111")
    assert worker.outcomes(worker.put("resident", record, fields)) == ["applied"]
    worker.pull()
    lead.pull()

    bad = worker.put("resident", record, {"phone": "12"})
    good = worker.put("resident", record, {"employer": "银川一中"})

    assert worker.outcomes(bad, good) == ["rejected", "applied"]


def test_append_only_record_is_not_edited(worker):
    visit = new_id()
    fields = resident(visited_at="2026-07-01T00:30:00Z", category="01", content="一切正常")
    del fields["name"]
    assert worker.outcomes(worker.put("visit", visit, fields)) == ["applied"]
    worker.pull()

    (answer,) = worker.push(worker.put("visit", visit, {"content": "改过"}))

    assert (answer.outcome, answer.reason) == ("rejected", "走访记录保存后不能修改")
