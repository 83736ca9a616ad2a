"""补充说明: what somebody brought to a record after another had already taken the step."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, moment, note, record, text
from sqzl_desktop.schema.kind import describe


@record
class Supplement(Element):
    """A step that came second, with what was filled in for it. Made by the server only.

    `made_at` is what the author's clock said, `received_at` what the server's said.
    """

    record_kind: str = text("要素种类", listed=True)
    record_id: str = text("要素")
    step: str = text("拟办步骤", listed=True)
    content: str = note("填写内容")
    by: str = text("填写人", listed=True)
    device: str = text("设备")
    made_at: dt.datetime | None = moment("填写时间", listed=True)
    received_at: dt.datetime | None = moment("收到时间", listed=True)


SUPPLEMENT = describe(
    Supplement,
    name="supplement",
    label="补充说明",
    title=("step", "by"),
    in_grid=False,
    append_only=True,
)
