"""办理记录: one step of a case, as it was taken; the time line of the case."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, moment, note, number, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class CaseStep(Element):
    """One step. Made by the server only, when the step takes effect.

    `made_at` is what the author's clock said; `received_at` what the server's said, by which
    limits run. `number` counts the steps of the case: those that came together have one time.
    """

    case_id: str = ref("案件", "case")
    number: int | None = number("序号")
    step: str = text("步骤代码")
    label: str = text("步骤", listed=True)
    from_state: str = code("原状态", "case_state")
    to_state: str = code("状态", "case_state", listed=True)
    by: str = text("办理人", listed=True)
    role: str = text("岗位")
    device: str = text("设备")
    content: str = note("办理内容", listed=True)
    made_at: dt.datetime | None = moment("填写时间", listed=True)
    received_at: dt.datetime | None = moment("收到时间", listed=True)


CASE_STEP = describe(
    CaseStep, name="case_step", label="办理记录", title=("label", "by"), in_grid=False,
    append_only=True,
)  # fmt: skip
