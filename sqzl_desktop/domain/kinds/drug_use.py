"""吸毒人员: control and help (GB/T 31000)."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class DrugUse(Attention):
    """A person with a history of drug use (吸毒人员, GB/T 31000)."""

    first_found_on: dt.date | None = fields.date("初次发现日期", listed=True)
    control: str = fields.code("管控情况", "drug_control", listed=True)
    controller_name: str = fields.text("管控人", search="name", group="管控")
    controller_phone: str = fields.text("管控人电话", format="phone", sensitive=True, group="管控")
    helper_name: str = fields.text("帮扶人", search="name", group="帮扶")
    helper_phone: str = fields.text("帮扶人电话", format="phone", sensitive=True, group="帮扶")
    help_given: str = fields.note("帮扶情况", group="帮扶")
    has_record: bool = fields.flag("有犯罪史", group="其他")
    record_note: str = fields.note("犯罪情况", sensitive=True, group="其他")
    cause: str = fields.code("吸毒原因", "drug_cause", group="其他")
    effect: str = fields.code("吸毒后果", "drug_effect", group="其他")


DRUG_USE = describe(
    DrugUse, name="drug_use", label="吸毒人员", title=("resident_id",), errors=errors
)
