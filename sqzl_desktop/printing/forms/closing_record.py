"""结案记录: how a case ended, in time or late, what the resident said, and who signs for it."""

from collections.abc import Iterator
from dataclasses import replace

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.printing import case_parts, tables
from sqzl_desktop.printing.case_parts import CasePaper, named, stamp, to_write
from sqzl_desktop.printing.fonts import BUNDLED, FontSet, Role
from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.page import WORKING, Strip, compose
from sqzl_desktop.printing.tables import Cell, Row, field_row
from sqzl_desktop.printing.wording import moment

_DATE = "　　　　年　　月　　日"


def render(paper: CasePaper, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """The record as PDF; refused before the case is closed."""
    if paper.closed_at is None:
        raise Invalid({"closed_at": "案件还没有结案，请先办理“结案”，再打印结案记录"})
    compared = (*paper.before[:1], *paper.after[-1:])
    above = [
        *case_parts.head(paper, fonts),
        *tables.ruled([*_matter(paper), *_result(paper), *_voice(paper)], fonts),
    ]
    below = case_parts.closed_by_foot([*_signing(fonts)], paper, fonts)
    height = case_parts.photo_height([*above, *below], compared)
    photos = case_parts.photos("处置前、处置后照片", compared, fonts, height=height)
    whole = (*above, *photos, *below)
    return compose(whole, case_parts.imprint(paper), fonts, WORKING)


def _matter(paper: CasePaper) -> Iterator[Row]:
    yield field_row(("标　　题", paper.subject))
    yield field_row(("类　　别", named(paper.class_code, paper.class_name)))
    yield field_row(("网　　格", paper.grid))
    yield field_row(("位　　置", paper.place))
    yield field_row(("问题描述", paper.description))
    yield field_row(("上　　报", stamp(paper.reported_at, paper.collector, paper.reporter)))
    yield from case_parts.filled(
        ("立　　案", stamp(paper.filed_at)), ("承办单位", _handlers(paper)),
    )  # fmt: skip


def _handlers(paper: CasePaper) -> str:
    helpers = f"　协办：{'、'.join(paper.co_handlers)}" if paper.co_handlers else ""
    return paper.handler + helpers if paper.handler else ""


def _result(paper: CasePaper) -> Iterator[Row]:
    yield field_row(("处置措施", case_parts.done(paper)))
    yield from case_parts.filled(
        ("反　　馈", stamp(paper.fed_back_at, paper.feedback)),
        ("核　　查", stamp(paper.verified_at, paper.verified_by, paper.check_note)),
        ("结案条件", paper.closing_condition),
    )
    yield field_row(("结　　案", stamp(paper.closed_at, paper.close_kind, paper.outcome)))
    yield field_row(("办理时限", Cell(in_time(paper), Role.HEI)))
    counts = (
        ("退单", paper.returns), ("返工", paper.reworks), ("督办", paper.urges),
        ("挂账", paper.pauses),
    )  # fmt: skip
    said = "　".join(f"{name}{len(some)}次" for name, some in counts if some)
    yield from case_parts.filled(("经　　过", said), ("延　　期", paper.extension))


def in_time(paper: CasePaper) -> str:
    """Whether the handling ended before the limit: what counts is the last feedback."""
    done = paper.fed_back_at or paper.closed_at
    if paper.due_at is None or done is None:
        return "未设时限"
    word = "按期办理" if done <= paper.due_at else "超期办理"
    return f"{moment(paper.due_at)}前　{word}"


def _voice(paper: CasePaper) -> Iterator[Row]:
    grades = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
    if paper.satisfaction:
        said = "　".join(filter(None, (paper.satisfaction, paper.dissatisfaction_reason)))
        yield field_row(("满 意 度", said))
        yield field_row(("回　　访", stamp(paper.callback_at, paper.callback_note)))
    else:
        boxes = "　".join(f"□{grade}" for grade in grades)
        yield field_row(("满 意 度", to_write(f"{boxes}\n不满意的原因：", 42.0)))
        yield field_row(
            ("回　　访", to_write(f"回访人：　　　　　　方式：　　　　　　{_DATE}", 26.0))
        )
    yield field_row(("后续跟进", to_write("", 36.0)))


def _signing(fonts: FontSet) -> Iterator[Strip]:
    yield Strip((), 8)
    made = tables.ruled(
        [
            field_row(
                ("承 办 人", to_write(f"\n{_DATE}", 38.0)),
                ("核 查 人", to_write(f"\n{_DATE}", 38.0)),
            ),
            field_row(("审核意见", to_write(f"\n社区负责人：　　　　　　{_DATE}", 46.0))),
        ],
        fonts,
    )
    yield replace(made[0], keeps_next=True)
    yield made[1]


FORM = Form(name="closing_record", label="结案记录", kind="case", render=render)
