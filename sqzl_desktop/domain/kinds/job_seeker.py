"""失业人员: people without work, and graduates who have not found any."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class JobSeeker(Attention):
    """A resident out of work (失业人员、未就业高校毕业生)."""

    category: str = fields.code("类别", "job_seeker_type", listed=True)
    unemployed_on: dt.date | None = fields.date("失业日期", listed=True)
    certificate: str = fields.text("就业失业登记证号", search="tail", sensitive=True)
    skill: str = fields.text("技能特长", search="words")
    wish: str = fields.text("求职意向", search="words")
    insurance_until: dt.date | None = fields.date("失业保险领至")
    result: str = fields.note("推荐与培训情况")
    employed_on: dt.date | None = fields.date("就业日期", listed=True)


JOB_SEEKER = describe(
    JobSeeker, name="job_seeker", label="失业人员", title=("resident_id",), errors=errors
)
