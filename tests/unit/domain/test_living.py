"""Who lives where on a day, and whether it is where they are registered."""

import datetime as dt
from typing import Any

import pytest

from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.living import AWAY, ELSEWHERE_REGISTERED, TOGETHER, apartness, lives_on
from tests.factories import make_resident

HOME = "北京路12号阳光家园3号楼2单元501室"
DAY = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("begins", "ends", "there"),
    [
        (None, None, True),
        ("2026-03-01", None, True),
        ("2026-03-02", None, False),
        (None, "2026-03-01", True),
        (None, "2026-02-28", False),
        ("2020-01-01", "2026-06-01", True),
    ],
)
def test_stay_includes_both_its_ends(begins: str | None, ends: str | None, there: bool) -> None:
    first, last = (dt.date.fromisoformat(each) if each else None for each in (begins, ends))

    assert lives_on(Residence(from_on=first, until_on=last), DAY) is there


@pytest.mark.parametrize(
    ("person", "homes", "said"),
    [
        ({"population_type": "10", "registered_home": HOME}, [HOME], TOGETHER),
        ({"registered_home": f"银川市兴庆区{HOME}"}, [HOME], TOGETHER),
        ({"population_type": "10", "registered_home": "贺兰县新平村3组8号"}, [HOME],
         ELSEWHERE_REGISTERED),
        ({"population_type": "20"}, [HOME], ELSEWHERE_REGISTERED),
        ({"population_type": "20", "registered_home": HOME}, [HOME], TOGETHER),
        ({"population_type": "10"}, [HOME], ""),
        ({"population_type": "30"}, [HOME], ""),
        ({"population_type": "40"}, [HOME], ""),
        ({"population_type": "10", "current_address": "上海市"}, [], AWAY),
        ({"population_type": "10", "presence": "03"}, [], AWAY),
        ({"population_type": "10", "presence": "02", "registered_home": HOME}, [HOME], TOGETHER),
        ({"population_type": "20", "current_address": "上海市"}, [], ""),
        ({"population_type": "10", "registered_home": HOME}, [], ""),
        ({"population_type": "20", "state": "02"}, [HOME], ""),
        ({"population_type": "20", "died_on": DAY}, [HOME], ""),
        ({"registered_home": HOME}, ["阳光家园1号楼1单元101室", HOME], TOGETHER),
    ],
)  # fmt: skip
def test_apartness_follows_from_what_is_recorded(
    person: dict[str, Any], homes: list[str], said: str
) -> None:
    assert apartness(make_resident(**person), homes) == said
