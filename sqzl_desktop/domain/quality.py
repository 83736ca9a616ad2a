"""数据质量: what may be wrong or due in the register, and what to do about each.

A check finds records of one kind. How they are found is the store's; what an ID number says
against a record is decided here.
"""

import dataclasses
import datetime as dt
import functools
from typing import Literal

from sqzl_desktop.base import identity
from sqzl_desktop.domain.attention import GROUPS
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME

Urgency = Literal[1, 2, 3]
SMALLEST_GRID, LARGEST_GRID = 300, 500  # households of a grid, GB/T 34300-2017
PERMIT_DAYS = 30  # a residence permit is renewed within the last 30 days (居住证暂行条例, 第十条)
ADULT_AGE = 18
ID_CHECKS = ("id_wrong", "id_birth", "id_sex")


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One line of the panel: what is wrong with records of a kind, and what to do.

    `urgency` 1 is late or dangerous, 2 wrong or missing, 3 coming.
    """

    name: str
    kind: str
    label: str
    advice: str
    urgency: Urgency = 2


_LATE = (
    Check("permit_ended", "migrant", "居住证已过期",
          "联系本人办理签注或注销；已离开的登记迁出。", 1),
    Check("hazard_late", "organisation", "单位隐患整改超期",
          "到现场复查：已整改的把安全隐患改为“无”，没有整改的上报事件。", 1),
    Check("facility_broken", "facility", "设施破损或丢失",
          "上报事件派修；修好后把状态改为“完好”。", 1),
    Check("facility_late", "facility", "设施超期未检查",
          "超过检查间隔没有检查。检查后填写“最近检查”的日期。", 1),
)  # fmt: skip
_WRONG = (
    Check("id_wrong", "resident", "身份证号校验不通过",
          "位数、地区、日期或校验位不对，多是抄录差错。对照证件更正。"),
    Check("id_birth", "resident", "出生日期与身份证号不符",
          "对照证件，改正出生日期或身份证号。"),
    Check("id_sex", "resident", "性别与身份证号不符", "对照证件，改正性别或身份证号。"),
    Check("id_twice", "resident", "身份证号重复登记",
          "同一号码登记了两人以上：号码抄错的更正，同一个人的合并。"),
    Check("no_home", "resident", "居民没有住处",
          "没有居住情况，所属户也没有住房。登记住在哪套房；已离开的登记迁出。"),
    Check("no_phone", "resident", "成年居民没有联系电话", "下次走访时补上联系电话。"),
    Check("no_head", "household", "家庭户没有户主",
          "没有填户主，或户主已迁出、死亡。请指定现在的户主。"),
    Check("empty_unmarked", "dwelling", "无人居住但未标空置",
          "住宅里没有登记居民。核实后登记住户，或把使用状态改为“空置”。"),
    Check("vacant_lived", "dwelling", "标为空置但有人居住",
          "核实后改正使用状态，或把搬走的人登记迁出。"),
    Check("no_floor", "dwelling", "房屋缺少楼栋或楼层",
          "楼栋图上画不出来。补上所在楼栋和楼层。"),
    Check("no_lead", "building", "楼栋没有楼栋长", "推选后填写楼栋长姓名和电话。"),
    Check("grid_size", "grid", "网格户数不在300至500户",
          "先补齐家庭户登记；仍不符的报社区调整（GB/T 34300）。", 3),
    Check("unvisited", "dwelling", "本季度没有走访的住宅",
          "不含空置房；只敲门没见到人的不算走访。本季度内安排入户。", 3),
    Check("permit_ending", "migrant", "居住证30天内到期", "提醒本人在到期前办理签注。", 3),
)  # fmt: skip


def _visit_checks() -> tuple[Check, ...]:
    advice = "超过走访间隔，从未走访的也算。走访后登记走访记录。"
    return tuple(
        Check(f"late_{group.kind}", group.kind, f"{BY_NAME[group.kind].label}超期未走访", advice, 1)
        for group in GROUPS
    )


def _age_checks() -> tuple[Check, ...]:
    return tuple(
        Check(f"turns_{age.code}", "resident", f"下月满{age.code}周岁",
              f"提前告知本人或家属：{age.name}。", 3)
        for age in code_list("age_milestone").codes
    )  # fmt: skip


@functools.cache
def checks() -> tuple[Check, ...]:
    """Every check, in the order of the panel: the most pressing first."""
    return (*_LATE, *_visit_checks(), *_WRONG, *_age_checks())


@functools.cache
def check_named(name: str) -> Check:
    """The check of that name; KeyError where there is none."""
    for check in checks():
        if check.name == name:
            return check
    raise KeyError(name)


def id_faults(number: str, born_on: str, sex: str, *, today: dt.date) -> frozenset[str]:
    """Which of the ID checks find a resident who has this ID number, birth date and sex.

    What a wrong number says about birth and sex decides nothing.
    """
    if identity.id_number_fault(number, today=today):
        return frozenset(("id_wrong",))
    found = set()
    born = identity.born_on(number)
    if born and born_on and born.isoformat() != born_on:
        found.add("id_birth")
    if sex in ("1", "2") and identity.sex_of(number) != sex:
        found.add("id_sex")
    return frozenset(found)


def quarter_start(day: dt.date) -> dt.date:
    """The first day of the calendar quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def month_after(day: dt.date) -> dt.date:
    """The first day of the next calendar month."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def month_before(day: dt.date) -> dt.date:
    """The first day of the last calendar month."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def years_before(day: dt.date, years: int) -> dt.date:
    """The same calendar day some years ago; 29 February becomes 28."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
