"""移交: work on a grid that its author did not hold any more, for whoever looks after it now."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, moment, record, text
from sqzl_desktop.schema.kind import describe


@record
class Handover(Element):
    """A change that came too late, kept whole. Made and changed by the server only.

    `values` is the JSON of what the operation carried, so that every kind of change fits.
    """

    record_kind: str = text("要素种类", listed=True)
    record_id: str = text("要素")
    action: str = code("办理", "handover_action", listed=True)
    values: str = text("内容", sensitive=True)
    operation: str = text("操作号")
    by: str = text("填写人", listed=True)
    at: dt.datetime | None = moment("上报时间", listed=True)
    device: str = text("设备")
    state: str = code("状态", "handover_state", listed=True)
    decided_by: str = text("处理人", listed=True)
    decided_at: dt.datetime | None = moment("处理时间", listed=True)
    reason: str = text("谢绝原因", listed=True)


HANDOVER = describe(
    Handover, name="handover", label="移交", title=("record_kind", "by"), in_grid=False
)
