"""严重精神障碍患者: risk, treatment and guardian (GB/T 31000)."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class MentalIllness(Attention):
    """A person with a severe mental disorder (GB/T 31000); risk grades 0 to 5."""

    risk: str = fields.code("危险性评估等级", "mental_risk", listed=True)
    diagnosis: str = fields.code("目前诊断类型", "mental_diagnosis", sensitive=True)
    first_on: dt.date | None = fields.date("初次发病日期")
    treatment: str = fields.code("治疗情况", "mental_treatment", listed=True)
    hospital: str = fields.text("治疗医院", group="治疗")
    admission_reasons: tuple[str, ...] = fields.many(
        "实施住院治疗原因", "mental_admission", group="治疗"
    )
    rehabilitation: str = fields.text("康复训练机构", group="治疗")
    economy: str = fields.code("家庭经济状况", "family_economy", group="家庭")
    has_allowance: bool = fields.flag("纳入低保", group="家庭")
    guardian_name: str = fields.text("监护人", search="name", listed=True, group="家庭")
    guardian_id_number: str = fields.text(
        "监护人身份号码", format="id_number", search="tail", sensitive=True, group="家庭"
    )
    guardian_phone: str = fields.text(
        "监护人电话", format="phone", search="tail", sensitive=True, group="家庭"
    )
    has_incident: bool = fields.flag("有肇事肇祸史", group="肇事肇祸")
    incident_count: int | None = fields.number("肇事肇祸次数", group="肇事肇祸")
    last_incident_on: dt.date | None = fields.date("上次肇事肇祸日期", group="肇事肇祸")
    managers: tuple[str, ...] = fields.many("参与管理人员", "mental_manager", group="管理")
    help_given: tuple[str, ...] = fields.many("帮扶情况", "mental_help", group="管理")


MENTAL_ILLNESS = describe(
    MentalIllness,
    name="mental_illness",
    label="严重精神障碍患者",
    title=("resident_id",),
    errors=errors,
)
