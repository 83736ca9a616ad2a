"""案件类别: what a community changed or added to the classes the program brings.

GB/T 47678.5 leaves limits and conditions to each city: 立案条件, 责任单位, 时限, 结案条件.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import limits
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class CaseClass(fields.Element):
    """One version of one class. A change is a new record with the same code, version + 1.

    Limits are texts that `domain.limits` reads: "停工 4工作时；处罚 7工作日".
    """

    code: str = fields.text("类别代码", required=True, search="tail", listed=True)
    version: int | None = fields.number("版本", required=True, listed=True)
    name: str = fields.text("类别名称", required=True, search="words", listed=True)
    category: str = fields.code("大类", "case_category", listed=True)
    parent: str = fields.text("上级类别", listed=True)
    standard_ref: str = fields.text("标准依据")
    is_local: bool = fields.flag("本地扩展")
    filing_condition: str = fields.note("立案条件")
    handler: str = fields.text("责任单位", listed=True)
    phases: str = fields.text("一般时限", listed=True)
    phases_urgent: str = fields.text("紧急时限")
    phases_very_urgent: str = fields.text("特急时限")
    stage_limits: str = fields.text("环节时限")
    closing_condition: str = fields.note("结案条件")
    is_retired: bool = fields.flag("已停用", listed=True)
    replaced_by: str = fields.text("现归入类别")
    remark: str = fields.note("说明")


_READERS: Mapping[str, Callable[[str], object]] = {
    "phases": limits.read,
    "phases_urgent": limits.read,
    "phases_very_urgent": limits.read,
    "stage_limits": limits.read_stages,
}


def _errors(each: CaseClass, _today: dt.date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, reader in _READERS.items():
        try:
            reader(getattr(each, name))
        except Refused as refused:
            found[name] = str(refused)
    if each.code and each.parent == each.code:
        found["parent"] = "上级类别不能是类别自己"
    return found


CASE_CLASS = describe(
    CaseClass, name="case_class", label="案件类别", title=("name", "code"), in_grid=False,
    append_only=True, errors=_errors,
)  # fmt: skip
