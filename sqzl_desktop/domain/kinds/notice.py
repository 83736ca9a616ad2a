"""告示: a paper that was printed, with its number, so that it can be found again."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, moment, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class Notice(Element):
    """One printing of one form for one record."""

    number: str = text("编号", search="tail", listed=True)
    form: str = code("文种", "notice_form", required=True, listed=True)
    title: str = text("标题", search="words", listed=True)
    consultation_id: str = ref("协商事项", "consultation", listed=True)
    printed_at: dt.datetime | None = moment("打印时间", listed=True)
    printed_by: str = text("打印人", listed=True)
    check_code: str = text("校验码", search="tail", listed=True)
    content_hash: str = text("内容摘要")


NOTICE = describe(
    Notice, name="notice", label="打印记录", title=("title", "number"), in_grid=False,
    append_only=True,
)  # fmt: skip
