"""慢性病: long illnesses the community clinic follows."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class ChronicIllness(Attention):
    """A resident with a chronic illness."""

    illnesses: tuple[str, ...] = fields.many("病种", "chronic_type", required=True, listed=True)
    diagnosed_on: dt.date | None = fields.date("确诊日期")
    hospital: str = fields.text("就诊机构")
    doctor: str = fields.text("签约医生", listed=True)
    doctor_phone: str = fields.text("签约医生电话", format="phone")
    medication: str = fields.note("用药情况", group="健康")
    needs: str = fields.note("需求", group="健康")


CHRONIC_ILLNESS = describe(
    ChronicIllness,
    name="chronic_illness",
    label="慢性病患者",
    title=("resident_id",),
    errors=errors,
)
