"""冲突: two values for one field, both kept until a person chooses."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, moment, record, text
from sqzl_desktop.schema.kind import describe


@record
class Conflict(Element):
    """A value that came too late, beside the one that stands. Made and changed by the server only.

    Values are JSON texts, so that every type of field fits.
    """

    about: str = code("性质", "conflict_about", listed=True)
    record_kind: str = text("要素种类", listed=True)
    record_id: str = text("要素")
    field: str = text("字段", listed=True)
    standing_value: str = text("现值", sensitive=True)
    standing_op: str = text("现值操作号")
    standing_by: str = text("现值填写人", listed=True)
    standing_at: dt.datetime | None = moment("现值时间")
    standing_device: str = text("现值设备")
    other_value: str = text("另一值", sensitive=True)
    other_op: str = text("另一值操作号")
    other_by: str = text("另一值填写人", listed=True)
    other_at: dt.datetime | None = moment("另一值时间")
    other_device: str = text("另一值设备")
    state: str = code("状态", "conflict_state", listed=True)
    choice: str = code("处理结果", "conflict_choice", listed=True)
    settled_by: str = text("处理人", listed=True)
    settled_at: dt.datetime | None = moment("处理时间", listed=True)


CONFLICT = describe(
    Conflict, name="conflict", label="冲突", title=("record_kind", "field"), in_grid=False
)
