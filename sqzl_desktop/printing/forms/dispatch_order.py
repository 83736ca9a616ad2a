"""派遣单: hands a case to whoever handles it; a dispute goes out as 交办单 with a sealed page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.printing import blocks, case_parts, tables
from sqzl_desktop.printing.case_parts import CasePaper, named, stamp, to_write
from sqzl_desktop.printing.disclosure import somebody
from sqzl_desktop.printing.fonts import BUNDLED, FontSet, Role
from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.ink import Span
from sqzl_desktop.printing.page import WORKING, Strip, compose
from sqzl_desktop.printing.tables import Cell, Row, field_row
from sqzl_desktop.printing.wording import day, moment

_TIME = "　　　　年　　月　　日　　时　　分"
_CALL_AFTER = dt.timedelta(days=31)  # a settled dispute is asked about a month later


def render(paper: CasePaper, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """The order as PDF; refused before the case has somebody to go to."""
    if not paper.handler:
        raise Invalid({"handler": "案件还没有派遣，请先办理“派遣”，填写承办单位，再打印派遣单"})
    above = [
        *case_parts.head(paper, fonts),
        *tables.ruled([*(_dispute(paper) if paper.is_dispute else _matter(paper))], fonts),
    ]
    below = case_parts.closed_by_foot([*_receipt(paper, fonts)], paper, fonts)
    height = case_parts.photo_height([*above, *below], paper.before)
    photos = case_parts.photos("处置前照片", paper.before, fonts, height=height)
    sealed = _sealed(paper, fonts) if paper.is_dispute and paper.parties else ()
    strips = (*above, *photos, *below, *sealed)
    return compose(strips, case_parts.imprint(paper), fonts, WORKING)


def _matter(paper: CasePaper) -> Iterator[Row]:
    yield field_row(("来　　源", paper.source), ("紧急程度", paper.urgency))
    yield field_row(("类　　别", named(paper.class_code, paper.class_name)))
    yield field_row(("网　　格", paper.grid))
    where = "　".join(filter(None, (paper.place, paper.coordinates)))
    yield field_row(("位　　置", where))
    yield from case_parts.filled(("相关部件", paper.facility))
    yield field_row(("问题描述", "\n".join(filter(None, (paper.subject, paper.description)))))
    yield from _handing_over(paper)


def _dispute(paper: CasePaper) -> Iterator[Row]:
    yield field_row(
        ("类　　别", named(paper.class_code, paper.class_name)), ("规　　模", paper.scale)
    )
    yield field_row(("来　　源", paper.source), ("紧急程度", paper.urgency))
    yield field_row(("网　　格", paper.grid))
    names = "、".join(somebody(each.name) for each in paper.parties)
    parties = f"{names}（身份和联系方式见密封附页）" if names else "未登记"
    yield field_row(("当 事 人", parties))
    yield field_row(("地　　点", paper.place))
    yield field_row(("简　　述", "\n".join(filter(None, (paper.subject, paper.description)))))
    yield from _handing_over(paper)


def _handing_over(paper: CasePaper) -> Iterator[Row]:
    yield field_row(("上　　报", stamp(paper.reported_at, paper.collector, paper.reporter)))
    yield from case_parts.filled(("立　　案", stamp(paper.filed_at, paper.filing_note)))
    yield field_row(("派　　遣", case_parts.sent(paper)))
    yield from case_parts.filled(("协办单位", "、".join(paper.co_handlers)))
    asked = paper.dispatch_note or "按类别要求办理，回传处置前后照片。"
    condition = f"结案条件：{paper.closing_condition}" if paper.closing_condition else ""
    yield field_row(("办理要求", "\n".join(filter(None, (asked, condition)))))
    due = moment(paper.due_at) + "前" if paper.due_at else "未设时限"
    if paper.due_before:
        due += f"（因日历调整，原为{moment(paper.due_before)}）"
    yield field_row(("截　　止", Cell(due, Role.HEI)))
    yield from case_parts.filled(
        ("延　　期", paper.extension), ("退单记录", "\n".join(paper.returns)),
        ("返工记录", "\n".join(paper.reworks)), ("督　　办", "\n".join(paper.urges)),
    )  # fmt: skip


def _receipt(paper: CasePaper, fonts: FontSet) -> Iterator[Strip]:
    yield from case_parts.heading("签收、处置、核查、结案（承办单位填写后交回）", fonts)
    by_day = (paper.closed_at or paper.due_at or paper.printed_at) + _CALL_AFTER
    result = (
        "□达成协议　　□未达成，已告知仲裁、诉讼等途径\n化解方式：□人民调解　□行政调解　□其他：\n"
        if paper.is_dispute
        else ""
    )
    ending = f"□结案　　□返工（理由）：\n回访：{day(by_day.date())}前" if paper.is_dispute else (
        "□结案　　□返工（理由）："
    )  # fmt: skip
    rows = [
        (
            "签　　收",
            f"□签收　　□退单（不属本单位职责，理由）：\n签收人：　　　　　　{_TIME}",
            44.0,
        ),
        ("处　　置", f"{result}处置情况：\n\n\n处置人：　　　　　　完成时间：{_TIME}", 80.0),
        ("核　　查", f"□通过　　□退回（理由）：\n核查人：　　　　　　{_TIME}", 42.0),
        ("结　　案", f"{ending}\n结案人：　　　　　　{_TIME}", 42.0),
    ]
    made = tables.ruled(
        [field_row((name, to_write(words, least))) for name, words, least in rows], fonts
    )
    yield from (replace(each, keeps_next=True) for each in made[:-1])
    yield made[-1]


def _sealed(paper: CasePaper, fonts: FontSet) -> Iterator[Strip]:
    """Who the parties are, on a page of its own that goes into an envelope."""
    title = blocks.title("密封附页", fonts)
    yield replace(title[0], starts_page=True)
    yield from title[1:]
    words = f"案件号：{paper.number}　限调解人员启封，用后归卷；完整号码在系统中查看，查看留痕。"
    yield from blocks.lines([Span(words)], fonts, case_parts.SMALL)
    yield Strip((), 6)
    rows = [
        (each.role, each.name + ("（未成年人）" if each.is_minor else ""), each.id_number,
         each.phone, each.address)
        for each in paper.parties
    ]  # fmt: skip
    yield from tables.table(
        ("身份", "姓名", "证件号码", "联系电话", "住址"), rows, fonts,
        shares=(0.12, 0.2, 0.27, 0.19, 0.22), look=tables.Look(10.5, 14.0, 3.0, 24.0),
    )  # fmt: skip
    yield from case_parts.heading("启封登记", fonts)
    yield from tables.table(
        ("启封人", "事由", "时间"), [("", "", ""), ("", "", "")], fonts,
        shares=(0.25, 0.4, 0.35), look=tables.CLOSE,
    )  # fmt: skip


FORM = Form(name="dispatch_order", label="派遣单", kind="case", render=render)
