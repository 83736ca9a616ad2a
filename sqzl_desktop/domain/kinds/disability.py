"""残疾人: certificate, category and grade (GB/T 26341)."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Disability(Attention):
    """A resident with a disability; grades 1 (most severe) to 4 after GB/T 26341."""

    category: str = fields.code("残疾类别", "disability_type", required=True, listed=True)
    grade: str = fields.code("残疾等级", "disability_grade", listed=True)
    certificate: str = fields.text("残疾证号", search="tail", sensitive=True)
    certificate_until: dt.date | None = fields.date("残疾证有效期至")
    guardian_name: str = fields.text("监护人", search="name", group="监护")
    guardian_phone: str = fields.text(
        "监护人电话", format="phone", search="tail", sensitive=True, group="监护"
    )
    allowance: str = fields.text("享受补贴", group="服务")
    devices: str = fields.text("辅助器具与无障碍改造", group="服务")
    needs: str = fields.note("需求", group="服务")


DISABILITY = describe(
    Disability, name="disability", label="残疾人", title=("resident_id",), errors=errors
)
