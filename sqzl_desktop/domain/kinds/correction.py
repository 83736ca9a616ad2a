"""社区矫正人员: sentences served in the community (GB/T 31000)."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Correction(Attention):
    """A person under community correction (社区矫正人员, GB/T 31000)."""

    number: str = fields.text("矫正人员编号", search="tail", sensitive=True)
    custody: str = fields.text("原羁押场所", sensitive=True)
    category: str = fields.code("矫正类别", "correction_type", required=True, listed=True)
    case_kind: str = fields.text("案件类别", sensitive=True)
    crime: str = fields.text("具体罪名", sensitive=True)
    term: str = fields.text("原判刑期", sensitive=True)
    term_from: dt.date | None = fields.date("原判刑开始日期")
    term_until: dt.date | None = fields.date("原判刑结束日期")
    from_on: dt.date | None = fields.date("矫正开始日期", listed=True)
    ends_on: dt.date | None = fields.date("矫正结束日期", listed=True)
    acceptance: str = fields.code("接收方式", "correction_acceptance", group="矫正")
    four_histories: tuple[str, ...] = fields.many("四史情况", "four_histories", group="矫正")
    is_habitual: bool = fields.flag("惯犯", group="矫正")
    three_links: tuple[str, ...] = fields.many("三涉情况", "three_links", group="矫正")
    has_team: bool = fields.flag("已建立矫正小组", group="矫正")
    team: tuple[str, ...] = fields.many("矫正小组人员组成", "correction_team", group="矫正")
    ended_by: str = fields.code("解除（终止）类型", "correction_end", group="矫正")
    is_off_supervision: bool = fields.flag("脱管", group="脱管漏管")
    off_reason: str = fields.note("脱管原因", group="脱管漏管")
    off_check: str = fields.note("检查监督脱管情况", group="脱管漏管")
    off_mended: str = fields.note("脱管纠正情况", group="脱管漏管")
    is_missed: bool = fields.flag("漏管", group="脱管漏管")
    missed_reason: str = fields.note("漏管原因", group="脱管漏管")
    missed_check: str = fields.note("检查监督漏管情况", group="脱管漏管")
    missed_mended: str = fields.note("漏管纠正情况", group="脱管漏管")
    rewards: str = fields.note("奖惩情况", group="结果")
    changes: str = fields.note("刑罚变更执行情况", group="结果")
    has_reoffended: bool = fields.flag("重新犯罪", group="结果")
    new_crime: str = fields.text("重新犯罪罪名", sensitive=True, group="结果")


CORRECTION = describe(
    Correction, name="correction", label="社区矫正人员", title=("resident_id",), errors=errors
)
