"""The monthly report of a community and its grids: figures, paper, sheet, and back to the cases."""

import dataclasses
import datetime as dt
import json
import re
from pathlib import Path

import pypdfium2
import pytest

from sqzl_desktop.base.errors import KnownError, Refused, UserError
from sqzl_desktop.cli import commands
from sqzl_desktop.cli.main import parse
from sqzl_desktop.domain.access import BUILDING_LEAD, Actor
from sqzl_desktop.domain.case_month import MonthReport
from sqzl_desktop.exchange.sheet import read_sheet
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.services import case_report, papers
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from tests.places import COMMUNITY, GRID, OTHER_GRID
from tests.ui.desk_session import LocalSession

PHONE = "13812345678"


def put(ws: Workspace, key: str, grid: str = GRID, **fields: object) -> None:
    plain: dict[str, object] = {
        "community_id": COMMUNITY, "grid_id": grid, "number": f"案{key}", "title": f"案件{key}",
        "category": "01", "class_code": "06010", "handler": "阳光物业",
        "reported_at": "2026-06-02T01:00:00Z", "filed_at": "2026-06-02T02:00:00Z",
        "due_at": "2026-06-06T02:00:00Z", "state": "handling",
    }  # fmt: skip
    row = Row("case", key, grid, 1, {**plain, **fields}, {"*": "loaded"}, "loaded")
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [row])


DONE = {"fed_back_at": "2026-06-04T02:00:00Z", "closed_at": "2026-06-05T02:00:00Z",
        "close_kind": "closed", "state": "closed"}  # fmt: skip


@pytest.fixture
def office(lead: Workspace) -> Workspace:
    put(lead, "1", **DONE, satisfaction="01", callback_at="2026-06-09T02:00:00Z")
    put(lead, "2", OTHER_GRID, **DONE, handler="市政养护所", rework_count=1)
    put(lead, "3", OTHER_GRID)  # overdue
    put(lead, "4", state="parked", paused_at="2026-06-03T02:00:00Z",
        park_reason=f"等产权单位，电话{PHONE}", pauses="")  # fmt: skip
    put(lead, "5", state="void", closed_at="2026-06-03T02:00:00Z", close_kind="void")
    put(lead, "6", class_code="", filed_at="2026-05-02T02:00:00Z",
        reported_at="2026-05-02T02:00:00Z", due_at="2026-05-06T02:00:00Z", **DONE)  # fmt: skip
    return lead


def value(found: MonthReport, name: str) -> tuple[float | None, float | None, float | None]:
    (line,) = (each for each in found.lines if each.indicator.name == name)
    return line.now, line.before, line.year_ago


def test_the_month_beside_the_one_before_and_last_year(office: Workspace) -> None:
    found = case_report.report(office)

    assert value(found, "filed") == (4, 1, None)
    assert value(found, "handled") == (3, 0, None)
    assert value(found, "overdue") == (2, 1, None)  # 3 waits, 6 was late
    assert value(found, "parked") == (1, 0, None)
    assert value(found, "pleased_rate")[0] == 100
    assert (found.month, found.is_whole) == (dt.date(2026, 6, 1), False)
    assert case_report.heading(found) == "崇安社区居委会案件月报2026年6月（截至30日）"


def test_a_past_month_is_as_it_was_at_its_end(office: Workspace) -> None:
    found = case_report.report(office, month=dt.date(2026, 5, 20))

    assert value(found, "waiting") == (1, None, None)
    assert value(found, "closed")[0] == 0
    assert found.is_whole
    assert case_report.heading(found).endswith("案件月报2026年5月")
    assert len(found.days.labels) == 31


def test_grids_sum_up_to_the_community(office: Workspace) -> None:
    whole = case_report.report(office)
    parts = [case_report.report(office, grid) for grid in (GRID, OTHER_GRID)]

    for name in ("filed", "handled", "closed", "overdue", "waiting", "parked"):
        assert value(whole, name)[0] == sum(value(each, name)[0] or 0 for each in parts)
    by = {each.name: each for each in whole.breakdowns}
    assert [row.label for row in by["grid"].rows] == ["崇安第1网格", "崇安第2网格"]
    assert [row.label for row in by["class"].rows] == ["暴露垃圾", "事件（未分类）"]
    assert [row.label for row in by["handler"].rows] == ["市政养护所", "阳光物业"]
    assert [each.name for each in parts[0].breakdowns] == ["class", "handler"]


def test_a_case_another_grid_handles_counts_where_it_was_collected(office: Workspace) -> None:
    put(office, "7", OTHER_GRID, home_grid_id=GRID)

    parts = [case_report.report(office, grid) for grid in (GRID, OTHER_GRID)]

    assert [value(each, "filed")[0] for each in parts] == [3, 2]


def test_figures_lead_back_to_their_cases(office: Workspace) -> None:
    found = case_report.report(office)

    def numbers(measure: str, by: str = "", key: str = "") -> list[str]:
        return sorted(case_report.ids_behind(office, found, measure, by, key))

    assert numbers("overdue") == ["3", "6"]
    assert numbers("filed", "grid", OTHER_GRID) == ["2", "3"]
    assert numbers("handled", "handler", "市政养护所") == ["2"]
    for line in found.lines:
        if line.indicator.unit == "件":
            assert len(numbers(line.indicator.behind)) == line.now


def test_paper_and_sheet_say_the_same_without_numbers_in_clear(
    office: Workspace, tmp_path: Path
) -> None:
    found = case_report.report(office)
    paper = papers.print_form(office, "monthly_report", f"{COMMUNITY}@2026-06")
    case_report.write_file(office, found, tmp_path / "m.xlsx")

    document = pypdfium2.PdfDocument(paper.pdf)
    words = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    said = re.sub(r"\s", "", words)
    assert paper.number == f"{COMMUNITY}-202606"
    assert "立案4件，处置3件，处置率75.0%，按期处置率50.0%" in said
    assert "挂账案件库（1件）" in said
    assert "等产权单位，电话138****5678" in said
    assert PHONE not in said
    assert "按承办单位（效率排名）" in said
    assert f"核对码{paper.check_code}" in said
    rows = read_sheet(tmp_path / "m.xlsx").rows
    assert ("立案数（件）", "4", "1", "+3", "—", "—") in [row[:6] for row in rows]
    assert any("138****5678" in cell for row in rows for cell in row)
    assert not any(PHONE in cell for row in rows for cell in row)
    with office.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT action, record, detail FROM audit").all()
    assert [tuple(each) for each in lines] == [
        ("print", f"{COMMUNITY}@2026-06", "monthly_report"), ("export", "", f"{COMMUNITY}@2026-06")
    ]  # fmt: skip


def test_the_same_month_has_the_same_check_code(office: Workspace) -> None:
    one, two = (papers.preview(office, "monthly_report", GRID) for _ in range(2))

    assert one.check_code == two.check_code
    assert one.pdf == two.pdf


def test_an_empty_month_is_a_report_too(lead: Workspace) -> None:
    paper = papers.preview(lead, "monthly_report", f"{COMMUNITY}@2026-01")

    assert paper.pdf.startswith(b"%PDF")
    assert not case_report.report(lead, month=dt.date(2026, 1, 1)).has_cases


def test_what_cannot_be_asked_is_refused_with_a_sentence(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="不在您的范围内"):
        case_report.report(ws, OTHER_GRID)
    with pytest.raises(Refused, match="还没有开始"):
        case_report.report(ws, month=dt.date(2026, 7, 1))
    for text in ("2026", "2026-13", "0000-01", "六月"):
        with pytest.raises(UserError, match="不是月份"):
            case_report.asked_month(text, ws)
    with pytest.raises(KnownError, match="结尾"):
        case_report.write_file(ws, case_report.report(ws), tmp_path / "m.txt")


def test_the_command_line_tells_the_same(
    office: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = LocalSession(office)

    def run(*words: str) -> str:
        assert commands.COMMANDS[words[0]](session, parse(words)) == 0  # type: ignore[arg-type]
        return capsys.readouterr().out

    told = json.loads(run("stats", "--month", "2026-06", "--place", OTHER_GRID, "--json"))
    assert told["indicators"]["filed"] == {"now": 2, "before": None, "year_ago": None}
    assert told["breakdowns"]["handler"][0]["label"] == "市政养护所"
    assert "立案数（件）\t4" in run("stats", "--month", "2026-06")
    run("stats", "--month", "2026-06", "--out", str(tmp_path / "m.csv"))
    assert "效率排名" in (tmp_path / "m.csv").read_text(encoding="utf-8-sig")
    out = str(tmp_path / "m.pdf")
    run("print", "monthly_report", f"{GRID}@2026-06", "--out", out)
    assert Path(out).read_bytes().startswith(b"%PDF")


def test_a_building_lead_neither_prints_nor_exports(office: Workspace, tmp_path: Path) -> None:
    actor = Actor("zhao", "赵楼长", BUILDING_LEAD, (GRID,))
    neighbour = dataclasses.replace(office, actor=actor)

    with pytest.raises(Refused, match="打印"):
        papers.print_form(neighbour, "monthly_report", GRID)
    with pytest.raises(Refused, match="导出"):
        case_report.write_file(neighbour, case_report.report(neighbour, GRID), tmp_path / "m.csv")
