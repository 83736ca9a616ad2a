"""社区统计报告: the figures of a community or grid on A4, each chart with its table."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqzl_desktop.domain.statistics import Figure, Report, pieces
from sqzl_desktop.printing import blocks, charts
from sqzl_desktop.printing.blocks import Measure
from sqzl_desktop.printing.fonts import BUNDLED, FontSet, Role
from sqzl_desktop.printing.ink import Span
from sqzl_desktop.printing.inked import drawn
from sqzl_desktop.printing.page import WIDTH, Imprint, Strip, compose
from sqzl_desktop.printing.wording import day

_SIZE = 9.5
_ABOVE = 6.0
_BETWEEN = 14.0
_MOST_ROWS = 32  # with heading and sum they fill a page
_SMALL = Measure(cells=WIDTH / 10.5, size=10.5, pitch=10.5, leading=16.0)


@dataclass(frozen=True, kw_only=True)
class StatisticsReport:
    """Everything the report says."""

    title: str = field(metadata={"label": "标题"})
    report: Report = field(metadata={"label": "统计数据"})
    printed_on: dt.date = field(metadata={"label": "打印日期"})


def render(values: StatisticsReport, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """The report as PDF: sums, then each figure as chart and table."""
    report = values.report
    strips: list[Strip] = [*blocks.title(values.title, fonts)]
    sums = "，".join(f"{name}{value}" for name, value in report.facts)
    strips += blocks.paragraphs(
        f"截至{day(report.day)}，{report.place}登记的情况是：{sums}。", fonts
    )
    for number, figure in enumerate(report.figures, start=1):
        strips += _figure(number, figure, fonts)
    note = f"数据来自社区治理登记资料，{day(values.printed_on)}打印。"
    strips += blocks.footnote(note, fonts)
    return compose(strips, Imprint(values.title, report.community), fonts)


def _figure(number: int, figure: Figure, fonts: FontSet) -> Iterator[Strip]:
    heading = f"{blocks.numeral(number)}、{figure.title}（单位：{figure.unit}）"
    yield Strip((), _ABOVE)
    for strip in blocks.lines([Span(heading, Role.HEI)], fonts):
        yield replace(strip, keeps_next=True)
    for piece in pieces(figure, _MOST_ROWS):
        yield _chart_and_table(piece, fonts)
    if len(pieces(figure, _MOST_ROWS)) > 1 and figure.has_sum:
        yield from blocks.lines([Span("　".join(figure.rows()[-1]), Role.SONG)], fonts, _SMALL)
    if figure.note:
        yield from blocks.lines([Span(f"注：{figure.note}。")], fonts, _SMALL)


def _chart_and_table(figure: Figure, fonts: FontSet) -> Strip:
    table = charts.draw_table(figure, size=_SIZE)
    chart = charts.draw(figure, width=WIDTH - table.width - _BETWEEN, size=_SIZE)
    right = WIDTH - table.width
    marks = [mark for each in chart.marks for mark in drawn(each, 0.0, fonts)]
    marks += [mark for each in table.marks for mark in drawn(each, right, fonts)]
    return Strip(tuple(marks), max(chart.height, table.height) + _ABOVE)
