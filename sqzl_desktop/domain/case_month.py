"""案件月报: a month of cases as it is shown, printed and exported alike."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqzl_desktop.domain.case_indicators import (
    GROUP_COLUMNS,
    INDICATORS,
    Counted,
    Indicator,
    Span,
    Tally,
    best_first,
    by_day,
    change,
    shown,
)
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.statistics import Figure, Series

CLASS, HANDLER, GRID = "class", "handler", "grid"
_HEADS = {CLASS: ("按类别", "类别"), HANDLER: ("按承办单位（效率排名）", "承办单位"),
          GRID: ("按网格", "网格")}  # fmt: skip
_MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: in the month, in the month before, in the same month of last year."""

    indicator: Indicator
    now: float | None
    before: float | None
    year_ago: float | None

    def cells(self) -> tuple[str, ...]:
        """指标, 本月, 上月, 环比, 去年同月, 同比."""
        unit = self.indicator.unit
        label = self.indicator.label + ("" if unit == "%" else f"（{unit}）")
        values = [shown(each, unit) for each in (self.now, self.before, self.year_ago)]
        return (
            label, values[0], values[1], change(self.now, self.before, unit), values[2],
            change(self.now, self.year_ago, unit),
        )  # fmt: skip


LINE_HEADINGS = ("指标", "本月", "上月", "环比", "去年同月", "同比")


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one class, handler or grid; `key` finds its cases again."""

    key: str
    label: str
    values: tuple[float | None, ...]

    def cells(self) -> tuple[str, ...]:
        """The label and the figures as text."""
        units = [each.unit for each in GROUP_COLUMNS]
        return (self.label, *map(shown, self.values, units))


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table of rows, one for each class, handler or grid, and its chart."""

    name: str
    title: str
    rows: tuple[Row, ...]
    chart: Figure

    @property
    def headings(self) -> tuple[str, ...]:
        """The head of the table."""
        return (_HEADS[self.name][1], *(heading(each) for each in GROUP_COLUMNS))


@dataclass(frozen=True, slots=True)
class Parked:
    """A case of the 挂账 library: why it stands still, since when, until when."""

    id: str
    number: str
    title: str
    place: str
    handler: str
    reason: str
    since: dt.datetime | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The month of a community or grid, up to `until`."""

    place: str
    code: str
    community: str
    month: dt.date
    until: dt.datetime
    is_whole: bool
    lines: tuple[Line, ...]
    days: Figure
    breakdowns: tuple[Breakdown, ...]
    grades: Figure
    parked: tuple[Parked, ...]

    @property
    def has_cases(self) -> bool:
        """Is there anything to report?"""
        return any(each.now for each in self.lines if each.indicator.unit == "件")


def heading(indicator: Indicator) -> str:
    """The heading of a narrow column."""
    return indicator.label.removesuffix("数") if indicator.unit == "件" else {
        "days": "天数", "in_time_rate": "按期率"
    }.get(indicator.name, indicator.label)  # fmt: skip


def lines(now: Tally, before: Tally | None, year_ago: Tally | None) -> tuple[Line, ...]:
    """Every indicator beside itself; None is a month of which nothing is known."""
    return tuple(
        Line(
            each,
            each.value(now),
            each.value(before) if before else None,
            each.value(year_ago) if year_ago else None,
        )
        for each in INDICATORS
    )


def breakdown(name: str, groups: Mapping[str, Tally], labels: Mapping[str, str]) -> Breakdown:
    """The rows of a grouping: handlers best first, others by how many were filed."""
    if name == HANDLER:
        keys = sorted(best_first(groups), key=lambda key: not key)  # nobody is not ranked
    else:
        keys = sorted(groups, key=lambda key: (-groups[key].numbers["filed"], key))
    rows = tuple(
        Row(key, labels.get(key, key), tuple(each.value(groups[key]) for each in GROUP_COLUMNS))
        for key in keys
    )
    title = _HEADS[name][0]
    return Breakdown(name, title, rows, _chart(name, title, groups, rows))


def _chart(name: str, title: str, groups: Mapping[str, Tally], rows: Sequence[Row]) -> Figure:
    shown_rows = rows[:_MOST_BARS]
    labels = tuple(row.label for row in shown_rows)
    note = f"图中列前{_MOST_BARS}个" if len(rows) > _MOST_BARS else ""

    def series(label: str, measure: str) -> Series:
        return Series(label, tuple(groups[row.key].numbers[measure] for row in shown_rows))

    if name == CLASS:
        return Figure(name, title, "件", labels, (series("立案", "filed"),), "bars", note)
    parts = (series("按期处置", "in_time"), series("超期", "overdue"))
    return Figure(name, title, "件", labels, parts, "stacked", note)


def days_figure(some: Sequence[Counted], span: Span) -> Figure:
    """每日立案、处置、结案, up to the end of the span."""
    series = tuple(
        Series(label, tuple(by_day(some, span, name)))
        for name, label in (("filed", "立案"), ("handled", "处置"), ("closed", "结案"))
    )
    labels = tuple(str(day) for day in range(1, len(series[0].values) + 1))
    return Figure("days", "每日立案、处置和结案", "件", labels, series, "columns")


def grades_figure(some: Sequence[Counted]) -> Figure:
    """满意度: how many gave each of the five grades."""
    given = [each.grade for each in some]
    entries = code_list("satisfaction").codes
    labels = tuple(entry.name for entry in entries)
    values = tuple(given.count(entry.code) for entry in entries)
    return Figure("grades", "回访满意度", "件", labels, (Series("件数", values),))


def tables(report: MonthReport) -> Iterator[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """Title, headings and rows of every table of a report, as a sheet hands them out."""
    yield "主要指标", LINE_HEADINGS, [each.cells() for each in report.lines]
    for each in report.breakdowns:
        yield each.title, each.headings, [row.cells() for row in each.rows]
    names = ("日期", *(each.name for each in report.days.series))
    columns = (report.days.labels, *([str(n) for n in each.values] for each in report.days.series))
    yield report.days.title, names, list(zip(*columns, strict=True))
    yield report.grades.title, ("评价", "件数"), report.grades.rows()
    yield "挂账案件", PARKED_HEADINGS, [parked_cells(each) for each in report.parked]
    yield (
        "指标口径", ("指标", "口径"), [(each.label, each.meaning) for each in INDICATORS]
    )  # fmt: skip


PARKED_HEADINGS = ("案件编号", "标题", "地点", "承办单位", "挂账理由", "挂账时间", "挂账至")


def parked_cells(case: Parked) -> tuple[str, ...]:
    """A line of the library."""
    since = f"{case.since:%Y-%m-%d}" if case.since else ""
    until = f"{case.until:%Y-%m-%d}" if case.until else "未定"
    return (case.number, case.title, case.place, case.handler, case.reason, since, until)
