"""What has happened lies not after today; a day that follows another lies not before it."""

import datetime as dt
from typing import Any

import pytest

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.check import problems

TODAY = dt.date(2026, 6, 30)
TOMORROW = TODAY + dt.timedelta(days=1)
# half past midnight of tomorrow in Beijing is still today in UTC
MIDNIGHT = dt.datetime(2026, 6, 30, 16, 30, tzinfo=dt.UTC)
TONIGHT = dt.datetime(2026, 6, 30, 15, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "fields", "field", "sentence"),
    [
        ("visit", {"visited_at": MIDNIGHT}, "visited_at", "走访时间晚于今天，请核对年份"),
        ("visit", {"visited_at": TONIGHT, "next_on": dt.date(2026, 6, 29)}, "next_on",
         "下次走访早于这次走访"),
        ("event", {"discovered_at": MIDNIGHT}, "discovered_at", "发现时间晚于今天，请核对年份"),
        ("migrant", {"arrived_on": TOMORROW}, "arrived_on", "流入日期晚于今天，请核对年份"),
        ("migrant", {"permit_issued_on": TODAY, "permit_until": dt.date(2025, 1, 1)},
         "permit_until", "证件到期日期早于登记日期"),
        ("foreigner", {"arrived_on": TOMORROW}, "arrived_on", "抵达日期晚于今天，请核对年份"),
        ("foreigner", {"arrived_on": TODAY, "leaves_on": dt.date(2026, 1, 1)}, "leaves_on",
         "预计离开日期早于抵达日期"),
        ("unsettled", {"since_on": TOMORROW}, "since_on", "未落户起始日期晚于今天，请核对年份"),
        ("aged_care", {"since_on": TOMORROW}, "since_on", "列入日期晚于今天，请核对年份"),
        ("aged_care", {"since_on": TODAY, "until_on": dt.date(2026, 1, 1)}, "until_on",
         "撤出日期早于列入日期"),
        ("aged_care", {"interval_days": 0}, "interval_days", "走访间隔应在1至365天之间"),
        ("released", {"released_on": TOMORROW}, "released_on", "释放日期晚于今天，请核对年份"),
        ("maternal", {"born_on": TOMORROW}, "born_on", "分娩日期晚于今天，请核对年份"),
        ("resident", {"born_on": TOMORROW}, "born_on", "出生日期晚于今天，请核对年份"),
        ("resident", {"died_on": TOMORROW}, "died_on", "死亡日期晚于今天，请核对年份"),
    ],
)  # fmt: skip
def test_day_that_cannot_be_is_said_in_a_sentence(
    kind: str, fields: dict[str, Any], field: str, sentence: str
) -> None:
    record = BY_NAME[kind].record(**fields)

    assert problems(BY_NAME[kind], record, lists=code_list, today=TODAY)[field] == sentence


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("visit", {"visited_at": TONIGHT, "next_on": TODAY}),
        ("event", {"discovered_at": TONIGHT}),
        ("migrant", {"arrived_on": TODAY, "permit_until": TOMORROW}),
        ("foreigner", {"arrived_on": TODAY, "leaves_on": TODAY}),
        ("unsettled", {"since_on": TODAY}),
    ],
)
def test_today_is_not_too_late(kind: str, fields: dict[str, Any]) -> None:
    found = problems(BY_NAME[kind], BY_NAME[kind].record(**fields), lists=code_list, today=TODAY)

    assert found.keys().isdisjoint(fields)
