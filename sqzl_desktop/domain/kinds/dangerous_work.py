"""危险品从业: people who work with explosives, poison, gas."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class DangerousWork(Attention):
    """A resident who works with dangerous goods."""

    goods: str = fields.text("危险品类别", required=True, listed=True)
    employer: str = fields.text("从业单位", search="words", listed=True)
    post: str = fields.text("岗位")
    licence: str = fields.text("从业资格证号", search="tail", sensitive=True)
    licence_until: dt.date | None = fields.date("资格证有效期至", listed=True)
    employer_contact: str = fields.text("单位联系人", search="name")
    employer_phone: str = fields.text("单位电话", format="phone", search="tail")


DANGEROUS_WORK = describe(
    DangerousWork,
    name="dangerous_work",
    label="危险品从业人员",
    title=("resident_id",),
    errors=errors,
)
