"""疑似重复: a resident whose ID number another resident of the community has too."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, moment, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class Duplicate(Element):
    """The mark of one of the residents, in its own grid. Made and changed by the server only.

    It names no other record: who sees several marks with the same `token` sees who they are.
    """

    record_id: str = ref("居民", "resident", listed=True)
    token: str = text("对照号")
    state: str = code("状态", "duplicate_state", listed=True)
    dismissed_by: str = text("核对人", listed=True)
    dismissed_at: dt.datetime | None = moment("核对时间", listed=True)


DUPLICATE = describe(
    Duplicate, name="duplicate", label="疑似重复", title=("record_id",), in_grid=False
)
