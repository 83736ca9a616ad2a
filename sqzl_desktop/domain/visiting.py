"""走访: when to come again, what counts as a visit, and what is written down again and again."""

import datetime as dt
from collections.abc import Iterable

NORMAL, ABNORMAL, NOT_MET = "01", "02", "03"
AT_HOME, BY_PHONE, BY_VIDEO, NOBODY_THERE = "01", "02", "03", "04"
DAILY, CARE, SPECIAL, PATROL = "01", "02", "03", "04"
RETRY_DAYS = 3
OPINION_WAYS = {AT_HOME: "01", BY_PHONE: "02"}  # 走访方式 to 收集方式
TOLD_WAYS = {AT_HOME: "01", BY_PHONE: "02"}  # 走访方式 to 告知方式; by video is 其他
TOLD_OTHERWISE = "99"

# by 走访类型; short, so that a line can be added to
FREQUENT: dict[str, tuple[str, ...]] = {
    DAILY: (
        "已核对居住人员，无变化。",
        "家中情况正常，无新增诉求。",
        "已宣传用火、用电、用气安全。",
        "已宣传防诈骗，下载反诈中心APP。",
    ),
    CARE: (
        "精神状态良好，饮食起居正常。",
        "已检查用电、用气，未发现隐患。",
        "按时服药，身体无明显不适。",
        "询问生活困难，暂无需求。",
    ),
    SPECIAL: (
        "在家，情绪稳定，生活正常。",
        "已与家属（监护人）核实近况，无异常。",
        "就业、收入稳定，无新增困难。",
        "已提醒按时报到（服药），表示配合。",
    ),
    PATROL: (
        "消防通道畅通，灭火器在有效期内。",
        "楼道无堆物，照明正常。",
        "楼道堆物，已当场劝导清理。",
        "设施完好，运行正常。",
    ),
}
NOBODY_HOME = "敲门无人应答，已留便民联系卡。"


def counts(way: str, outcome: str) -> bool:
    """Did a visit meet anybody? One that did not leaves the person as due as before."""
    return way != NOBODY_THERE and outcome != NOT_MET


def propose_next(
    today: dt.date, intervals: Iterable[int], *, is_met: bool = True
) -> dt.date | None:
    """When to come again: after the shortest interval; soon where nobody was met."""
    if not is_met:
        return today + dt.timedelta(days=RETRY_DAYS)
    shortest = min(intervals, default=None)
    return today + dt.timedelta(days=shortest) if shortest else None


def category_for(*, is_cared: bool, is_special: bool) -> str:
    """The sort of visit a person is due: 关爱 before 重点 before 日常."""
    return CARE if is_cared else SPECIAL if is_special else DAILY
