"""Attention groups: when a visit is due, and which tags a record puts on its resident."""

import datetime as dt
from typing import Any

import pytest

from sqzl_desktop.domain import attention
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME

TODAY = dt.date(2026, 6, 30)


def test_own_interval_goes_before_the_groups() -> None:
    assert attention.interval_of("aged_care", None) == 30
    assert attention.interval_of("aged_care", 7) == 7


@pytest.mark.parametrize(
    ("due", "late", "soon"),
    [(-3, 3, False), (-1, 1, False), (0, 0, True), (7, 0, True), (8, 0, False), (None, 0, False)],
)
def test_visit_is_late_from_the_day_after(due: int | None, late: int, soon: bool) -> None:
    on = None if due is None else TODAY + dt.timedelta(days=due)

    assert attention.overdue_days(on, TODAY) == late
    assert attention.is_due_soon(on, TODAY) is soon


@pytest.mark.parametrize(
    ("kind", "fields", "tags"),
    [
        ("aged_care", {"reasons": ("01", "03")}, ("K04", "K05")),
        ("aged_care", {"reasons": ("06",)}, ()),
        ("aged_care", {"reasons": ("04", "05")}, ("K07",)),
        ("aged_care", {"reasons": ("01",), "until_on": TODAY}, ()),
        ("aged_care", {"reasons": ("01",), "until_on": dt.date(2026, 7, 1)}, ("K04",)),
        ("hardship", {"category": "01"}, ("K01",)),
        ("hardship", {"category": "05"}, ()),
        ("disability", {}, ("K03",)),
        ("left_behind", {"category": "01"}, ("K08",)),
        ("left_behind", {"category": "02"}, ()),
        ("veteran", {"category": "03"}, ("K12",)),
        ("job_seeker", {"category": "03"}, ("K14",)),
        ("petition", {}, ()),
        ("key_youth", {}, ()),
        ("mental_illness", {}, ()),
    ],
)
def test_record_of_a_group_puts_its_tags(
    kind: str, fields: dict[str, Any], tags: tuple[str, ...]
) -> None:
    assert attention.tags_of(kind, BY_NAME[kind].record(**fields), TODAY) == tags


@pytest.mark.parametrize("group", attention.GROUPS, ids=lambda group: group.kind)
def test_every_tag_a_record_can_put_is_one_of_its_group(group: attention.Group) -> None:
    kind = BY_NAME[group.kind]
    for name in {each.name for each in kind.columns} & {"category", "reasons"}:
        column = kind.column(name)
        for each in code_list(column.facts.codes).codes:
            value = (each.code,) if column.type == "many" else each.code
            made = attention.tags_of(group.kind, kind.record(**{name: value}), TODAY)
            assert set(made) <= set(group.tags)
