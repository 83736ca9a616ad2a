"""刑满释放人员: hand-over from prison, settlement and help (GB/T 31000)."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Released(Attention):
    """A person released after serving a sentence (刑满释放人员, GB/T 31000)."""

    is_recidivist: bool = fields.flag("累犯")
    crime: str = fields.text("原罪名", sensitive=True)
    term: str = fields.text("原判刑期", sensitive=True)
    prison: str = fields.text("服刑场所", sensitive=True)
    released_on: dt.date | None = fields.date("释放日期", listed=True)
    risk: str = fields.code("危险性评估", "release_risk", listed=True)
    handed_over_on: dt.date | None = fields.date("衔接日期", group="衔接安置")
    handover_mode: str = fields.code("衔接情况", "release_handover", group="衔接安置")
    settled_on: dt.date | None = fields.date("安置日期", group="衔接安置")
    settlement: str = fields.code("安置情况", "release_settlement", group="衔接安置")
    not_settled_reason: str = fields.note("未安置原因", group="衔接安置")
    help_given: str = fields.note("帮教情况", group="帮教")
    has_reoffended: bool = fields.flag("重新犯罪", group="帮教")
    new_crime: str = fields.text("重新犯罪罪名", sensitive=True, group="帮教")


RELEASED = describe(
    Released, name="released", label="刑满释放人员", title=("resident_id",), errors=errors
)
