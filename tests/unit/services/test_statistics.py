"""Statistics of a community and its grids: who counts on which day, and who may see it."""

import dataclasses
import datetime as dt
from pathlib import Path

import pypdfium2
import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import BUILDING_LEAD, Actor
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.petition import Petition
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.statistics import Report
from sqzl_desktop.exchange.sheet import read_sheet
from sqzl_desktop.services import statistics
from sqzl_desktop.services.workspace import Workspace
from tests.places import COMMUNITY, GRID, OTHER_GRID
from tests.unit.services.test_quality import person, put, visit

DAY = dt.date(2026, 6, 30)


def figure(found: Report, name: str) -> dict[str, tuple[int | None, ...]]:
    shown = next((each for each in found.figures if each.name == name), None)
    if shown is None:
        return {}
    columns = [each.values for each in shown.series]
    return dict(zip(shown.labels, zip(*columns, strict=True), strict=True))


def total(found: Report, name: str = "population") -> int:
    return sum(number or 0 for values in figure(found, name).values() for number in values)


def test_who_counts_depends_on_the_day(lead: Workspace) -> None:
    put(lead, "always", person())
    put(lead, "newborn", person(born_on=dt.date(2026, 6, 10)))
    put(lead, "dead", person(state="04", died_on=dt.date(2026, 6, 15)))
    put(lead, "gone", person(state="02", moved_out_on=dt.date(2026, 6, 20)))
    put(lead, "long_gone", person(state="02"))
    put(lead, "late", person())
    put(lead, "stay", Residence(resident_id="late", dwelling_id="d1", from_on=DAY))

    counted = {
        day: total(statistics.report(lead, day=dt.date(2026, 6, day)))
        for day in (1, 10, 15, 20, 30)
    }

    assert counted == {1: 3, 10: 4, 15: 3, 20: 2, 30: 3}


def test_changes_of_the_month_up_to_the_day(lead: Workspace) -> None:
    put(lead, "newborn", person(born_on=dt.date(2026, 6, 10)))
    put(lead, "home", Residence(resident_id="newborn", dwelling_id="d1",
                                from_on=dt.date(2026, 6, 10)))  # fmt: skip
    put(lead, "dead", person(state="04", died_on=dt.date(2026, 6, 15)))
    put(lead, "gone", person(state="02", moved_out_on=dt.date(2026, 6, 20)))
    put(lead, "come", person())
    put(lead, "first", Residence(resident_id="come", dwelling_id="d1", from_on=dt.date(2026, 6, 5)))
    put(lead, "second", Residence(resident_id="come", dwelling_id="d2",
                                  from_on=dt.date(2026, 6, 8)))  # fmt: skip
    put(lead, "moved", person())
    put(lead, "old", Residence(resident_id="moved", dwelling_id="d1", from_on=dt.date(2020, 1, 1)))
    put(lead, "new", Residence(resident_id="moved", dwelling_id="d2", from_on=dt.date(2026, 6, 8)))

    assert figure(statistics.report(lead), "moves") == {
        "出生": (1,), "死亡": (1,), "迁入": (1,), "迁出": (1,)
    }  # fmt: skip
    early = statistics.report(lead, day=dt.date(2026, 6, 4))
    assert {count for (count,) in figure(early, "moves").values()} == {0}


@pytest.fixture
def two_grids(lead: Workspace) -> Workspace:
    for number in range(5):
        grid = GRID if number < 2 else OTHER_GRID
        put(lead, f"p{number}", person(grid_id=grid, sex="12"[number % 2], household_id=f"h{grid}"))
    for grid in (GRID, OTHER_GRID):
        put(lead, f"h{grid}", Household(grid_id=grid))
    return lead


def test_grids_sum_up_to_the_community(two_grids: Workspace) -> None:
    whole = statistics.report(two_grids, COMMUNITY)
    parts = [statistics.report(two_grids, grid) for grid in (GRID, OTHER_GRID)]

    assert [total(each) for each in (whole, *parts)] == [5, 2, 3]
    assert figure(whole, "grids") == {"崇安第1网格": (2,), "崇安第2网格": (3,)}
    assert figure(whole, "household_sizes")["3人"] == (1,)
    for name in ("ages", "household_sizes", "use", "political", "moves"):
        assert total(whole, name) == sum(total(each, name) for each in parts), name


def test_visits_in_time_and_late_by_who_answers(lead: Workspace) -> None:
    put(lead, "p", person())
    put(lead, "v", visit(3, resident_id="p"))
    put(lead, "a", AgedCare(resident_id="p"))
    put(lead, "b", AgedCare(resident_id="q", staff_id="s"))

    found = statistics.report(lead)

    assert figure(found, "workers") == {statistics.NOBODY: (1, 0), "不在本机的人员": (0, 1)}
    assert figure(found, "visits") == {statistics.NOBODY: (1,)}
    assert figure(found, "groups") == {"关爱老人": (2,)}


def test_building_lead_sees_neither_sensitive_groups_nor_single_people(lead: Workspace) -> None:
    put(lead, "p", person())
    put(lead, "x", Petition(resident_id="p"))
    put(lead, "a", AgedCare(resident_id="p"))
    actor = Actor("zhao", "赵楼长", BUILDING_LEAD, (GRID,))
    neighbour = dataclasses.replace(lead, actor=actor)

    assert set(figure(statistics.report(lead), "groups")) == {"关爱老人", "信访重点人员"}
    found = statistics.report(neighbour, GRID)
    assert figure(found, "groups") == {"关爱老人": (None,)}
    assert dict(found.facts)["人口"] == "不足3人"
    with pytest.raises(Refused, match="导出"):
        statistics.write_file(neighbour, found, Path("x.xlsx"))
    with pytest.raises(Refused, match="打印"):
        statistics.write_file(neighbour, found, Path("x.pdf"))


def test_other_places_and_days_to_come_are_refused(ws: Workspace) -> None:
    with pytest.raises(Refused, match="不在您的范围内"):
        statistics.report(ws, OTHER_GRID)
    with pytest.raises(Refused, match="晚于今天"):
        statistics.report(ws, day=DAY + dt.timedelta(days=1))


def test_sheet_and_paper_say_the_same(two_grids: Workspace, tmp_path: Path) -> None:
    found = statistics.report(two_grids)

    statistics.write_file(two_grids, found, tmp_path / "s.xlsx")
    rows = read_sheet(tmp_path / "s.xlsx").rows
    assert rows[0][0] == "崇安社区居委会基本情况统计（截至2026年6月30日）"
    assert ("崇安第2网格", "3") in [row[:2] for row in rows]

    statistics.write_file(two_grids, found, tmp_path / "s.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "s.pdf")
    words = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    for each in found.figures:
        assert each.title in words
    assert "崇安第2网格" in words


def test_many_grids_are_printed_on_several_pages(two_grids: Workspace) -> None:
    found = statistics.report(two_grids)
    long = dataclasses.replace(
        found.figures[1], labels=tuple(f"第{n}网格" for n in range(90)),
        series=(dataclasses.replace(found.figures[1].series[0], values=tuple(range(90))),),
    )  # fmt: skip

    pdf = statistics.drawn(two_grids, dataclasses.replace(found, figures=(long,)))

    document = pypdfium2.PdfDocument(pdf)
    words = "".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) == 4
    document.close()
    assert "第89网格" in words
    assert "4,005" in words
