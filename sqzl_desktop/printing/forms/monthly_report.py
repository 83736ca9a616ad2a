"""案件月报: a month of cases in words, tables and charts on A4, and the library of what waits."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.case_indicators import INDICATORS
from sqzl_desktop.domain.case_month import (
    LINE_HEADINGS,
    PARKED_HEADINGS,
    Breakdown,
    MonthReport,
    Row,
    parked_cells,
)
from sqzl_desktop.domain.statistics import Figure
from sqzl_desktop.printing import blocks, charts, tables
from sqzl_desktop.printing.blocks import Measure
from sqzl_desktop.printing.fonts import BUNDLED, FontSet, Role
from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.ink import Span
from sqzl_desktop.printing.inked import drawn
from sqzl_desktop.printing.page import WIDTH, WORKING, Imprint, Strip, compose
from sqzl_desktop.printing.tables import FINE, Cell
from sqzl_desktop.printing.wording import day, minute

_SIZE = 9.5
_GAP = 8.0
_MOST_ROWS = 30
_SMALL = Measure(cells=WIDTH / 9, size=9.0, pitch=9.0, leading=13.0)
_LINES = tables.Look(11.0, 14.0, 3.0, 19.0)


@dataclass(frozen=True, kw_only=True)
class MonthlyReport:
    """Everything the report says."""

    number: str = field(metadata={"label": "编号"})
    community: str = field(metadata={"label": "社区或网格"})
    title: str = field(metadata={"label": "标题"})
    report: MonthReport = field(metadata={"label": "统计数据"})
    printed_on: dt.date = field(metadata={"label": "打印日期"})
    printed_by: str = field(metadata={"label": "打印人"})
    check_code: str = field(default="", metadata={"label": "核对码"})


def render(values: MonthlyReport, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """The report as PDF."""
    report = values.report
    strips: list[Strip] = [*blocks.title(values.community + values.title, fonts)]
    strips += blocks.paragraphs(_opening(report), fonts)
    parts = [
        ("主要指标", _lines(report, fonts)),
        (report.days.title, _chart(report.days, fonts)),
        *((each.title, _breakdown(each, fonts)) for each in report.breakdowns),
        (report.grades.title, _chart(report.grades, fonts)),
        (f"挂账案件库（{len(report.parked)}件）", _parked(report, fonts)),
        ("指标口径", _meanings(fonts)),
    ]
    shown = [(title, list(part)) for title, part in parts]
    for number, (title, part) in enumerate((each for each in shown if each[1]), start=1):
        strips += _headed(number, title, part, fonts)
    code = f"核对码 {values.check_code}。" if values.check_code else ""
    said = f"数据来自社区治理登记资料，{values.printed_by}{day(values.printed_on)}打印。{code}"
    strips += blocks.footnote(said, fonts)
    imprint = Imprint(values.community + values.title, report.community, values.number)
    return compose(strips, imprint, fonts, WORKING)


def _headed(number: int, title: str, part: Sequence[Strip], fonts: FontSet) -> Iterator[Strip]:
    yield Strip((), _GAP)
    heading = f"{blocks.numeral(number)}、{title}"
    for strip in blocks.lines([Span(heading, Role.HEI)], fonts, replace(_SMALL, size=13.0,
                              pitch=13.0, cells=WIDTH / 13, leading=22.0)):  # fmt: skip
        yield replace(strip, keeps_next=True)
    yield from part


def _opening(report: MonthReport) -> str:
    """The month in sentences; what cannot be divided is left out."""
    said = {line.indicator.name: line.cells() for line in report.lines}

    def value(name: str) -> str:
        return said[name][1]

    def share(name: str, words: str) -> str:
        return f"，{words}{value(name)}" if value(name) != "—" else ""

    until = "" if report.is_whole else f"（截至{minute(report.until)}）"
    month = f"{report.month.year}年{report.month.month}月"
    grade = share("pleased_rate", "回访满意率").removeprefix("，")
    hanging = f"其中挂账{value('parked')}件"
    return (
        f"{month}{until}，{report.place}立案{value('filed')}件，处置{value('handled')}件"
        f"{share('handled_rate', '处置率')}{share('in_time_rate', '按期处置率')}；"
        f"结案{value('closed')}件{share('closed_rate', '结案率')}"
        f"{share('days', '平均办理天数')}；"
        f"超期{value('overdue')}件{share('rework_rate', '返工率')}。"
        f"{grade + '。' if grade else ''}月末在办{value('waiting')}件，{hanging}。"
    )


def _lines(report: MonthReport, fonts: FontSet) -> Iterator[Strip]:
    rows = [_cells(line.cells()) for line in report.lines]
    yield from tables.table(
        LINE_HEADINGS, rows, fonts, shares=(0.3, 0.14, 0.14, 0.14, 0.14, 0.14), look=_LINES
    )


def _cells(texts: Sequence[str]) -> list[str | Cell]:
    """The first text left, numbers right."""
    return [texts[0], *(Cell(text, place=1.0) for text in texts[1:])]


def _chart(figure: Figure, fonts: FontSet) -> Iterator[Strip]:
    if not any(value for each in figure.series for value in each.values):
        return
    chart = charts.draw(figure, width=WIDTH, size=_SIZE)
    marks = tuple(mark for each in chart.marks for mark in drawn(each, 0.0, fonts))
    yield Strip(marks, chart.height + _GAP)


def _breakdown(each: Breakdown, fonts: FontSet) -> Iterator[Strip]:
    yield from (replace(strip, keeps_next=True) for strip in _chart(each.chart, fonts))
    if each.chart.note:
        yield from blocks.lines([Span(each.chart.note)], fonts, _SMALL)
    shares = (0.25, *(0.075,) * 10)
    rows = [_cells(row.cells()) for row in each.rows[:_MOST_ROWS]]
    yield from tables.table(each.headings, rows, fonts, shares=shares, look=FINE)
    if rest := each.rows[_MOST_ROWS:]:
        yield from blocks.lines([Span(_left_out(rest))], fonts, _SMALL)


def _left_out(rest: Sequence[Row]) -> str:
    filed = sum(row.values[0] or 0 for row in rest)
    return f"另有{len(rest)}项，立案共{filed:,.0f}件，见导出的表格。"


def _parked(report: MonthReport, fonts: FontSet) -> Iterator[Strip]:
    if not report.parked:
        return
    rows = [parked_cells(each) for each in report.parked]
    shares = (0.15, 0.15, 0.15, 0.12, 0.21, 0.11, 0.11)
    yield from tables.table(PARKED_HEADINGS, rows, fonts, shares=shares, look=FINE)
    at = report.until.astimezone(BEIJING)
    note = f"列出打印时仍在挂账的案件；月末（{at.month}月{at.day}日）挂账数见主要指标。"
    yield from blocks.lines([Span(note)], fonts, _SMALL)


def _meanings(fonts: FontSet) -> Iterator[Strip]:
    for each in INDICATORS:
        words = [Span(f"{each.label}：", Role.HEI), Span(each.meaning + "。")]
        yield from blocks.lines(words, fonts, _SMALL)
    rest = "作废和并入其他案件的不计。应处置数等的月末是指当月最后一天24时，本月是指打印时。"
    yield from blocks.lines([Span(rest)], fonts, _SMALL)


FORM = Form(name="monthly_report", label="案件月报", kind="case", render=render, of_place=True)
