"""案件办理单: a case from the report to where it stands, with its time line and photos."""

from collections.abc import Iterator

from sqzl_desktop.printing import case_parts, tables
from sqzl_desktop.printing.case_parts import CasePaper, named, stamp
from sqzl_desktop.printing.disclosure import somebody
from sqzl_desktop.printing.fonts import BUNDLED, FontSet
from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.page import WORKING, compose
from sqzl_desktop.printing.tables import Row, field_row
from sqzl_desktop.printing.wording import moment


def render(paper: CasePaper, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """The sheet as PDF, of a case in any state."""
    strips = [
        *case_parts.head(paper, fonts),
        *tables.ruled([*_reported(paper), *_handled(paper)], fonts),
        *case_parts.photos("处置前照片", paper.before, fonts),
        *case_parts.photos("处置后照片", paper.after, fonts),
        *(case_parts.steps(paper.steps, fonts) if paper.steps else ()),
    ]
    whole = case_parts.closed_by_foot(strips, paper, fonts)
    return compose(whole, case_parts.imprint(paper), fonts, WORKING)


def _reported(paper: CasePaper) -> Iterator[Row]:
    yield field_row(("标　　题", paper.subject))
    yield field_row(("状　　态", paper.state), ("紧急程度", paper.urgency))
    yield field_row(("类　　别", named(paper.class_code, paper.class_name)))
    other = ("规　　模", paper.scale) if paper.scale else ("大　　类", paper.category)
    yield field_row(("来　　源", paper.source), other)
    yield field_row(("网　　格", paper.grid))
    where = "　".join(filter(None, (paper.place, paper.coordinates)))
    yield field_row(("位　　置", where))
    yield from case_parts.filled(
        ("相关部件", paper.facility),
        ("涉事人员", "、".join(f"{somebody(each.name)}（{each.role}）" for each in paper.parties)),
    )
    yield field_row(("情况描述", paper.description))
    yield field_row(("上　　报", stamp(paper.reported_at, paper.collector, paper.reporter)))
    yield from case_parts.filled(
        ("核　　实", paper.confirm_note), ("立　　案", stamp(paper.filed_at, paper.filing_note))
    )


def _handled(paper: CasePaper) -> Iterator[Row]:
    due = moment(paper.due_at) + "前" if paper.due_at else ""
    if due and paper.due_before:
        due += f"（因日历调整，原为{moment(paper.due_before)}）"
    yield from case_parts.filled(
        ("派　　遣", case_parts.sent(paper)),
        ("协办单位", "、".join(paper.co_handlers)),
        ("办理要求", paper.dispatch_note),
        ("结案条件", paper.closing_condition),
        ("办理时限", due),
        ("延　　期", paper.extension),
        ("挂　　账", "\n".join(paper.pauses)),
        ("处置措施", case_parts.done(paper)),
        ("反　　馈", stamp(paper.fed_back_at, paper.feedback)),
        ("核　　查", stamp(paper.verified_at, paper.verified_by, paper.check_note)),
        ("结　　案", stamp(paper.closed_at, paper.close_kind, paper.outcome)),
        ("满 意 度", "　".join(filter(None, (paper.satisfaction, paper.dissatisfaction_reason)))),
        ("回　　访", stamp(paper.callback_at, paper.callback_note)),
    )


FORM = Form(name="case_sheet", label="案件办理单", kind="case", render=render)
