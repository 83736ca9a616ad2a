"""标题: breaking a title in a trapezoid or diamond, at places that keep its meaning."""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from math import ceil, inf

from sqzl_desktop.printing.text import may_break


def _words(spaced: str) -> tuple[str, ...]:
    return tuple(spaced.split())


_GOOD_AFTER = _words(
    "委员会 办事处 服务站 社区 街道 小区 家园 花园 有限公司 项目 会议 事项 方案 问题 工作 活动 "
    "年度 季度 、 ， 》 ） ” 和 与 及 暨"
)
_GOOD_BEFORE = _words("关于 召开 开展 举行 组织 征集 《 （ “")
_BAD_BEFORE = _words("的 委员会 办事处 会议 通知 公告 公示 和 与 及 暨 、 家园 们")
_WHOLE = _words(
    "社区 小区 居民 业主 物业 街道 委员 代表 单元 楼栋 停车 车位 车库 划线 访客 收费 收益 标准 "
    "公开 公共 公告 通知 通告 协商 会议 联席 召开 征集 议题 方案 办法 规则 公约 制度 管理 使用 "
    "公示 收支 资金 改造 加装 电梯 充电 设施 消防 通道 安全 环境 卫生 绿化 垃圾 分类 "
    "养老 饭桌 服务 中心 维修 选举 结果 听证 恳谈 评议 事项 项目 工作 活动 问题 意见 建议 "
    "老旧 楼道 供暖 噪声 宠物 广场"
)
_SHORTEST = 4
_BAD = 40.0
_PLAIN = 9.0


def break_title(text: str, limit: int) -> tuple[str, ...]:
    """Lines of a title; a line end written by the author is kept."""
    lines: list[str] = []
    for part in (part.strip() for part in text.split("\n")):
        if part:
            lines.extend(_best(part, limit))
    return tuple(lines)


def _best(text: str, limit: int) -> tuple[str, ...]:
    edges = [0.0, *accumulate(map(_width, text))]
    if edges[-1] <= limit:
        return (text,)
    seams = [0.0, *(_seam(text, at) for at in range(1, len(text)))]
    fewest = ceil(edges[-1] / limit)
    _cost, ends = min(_cut(edges, seams, count, limit) for count in range(fewest, fewest + 3))
    cuts = [0, *ends] if ends else [*range(0, len(text), limit), len(text)]
    return tuple(text[start:end] for start, end in pairwise(cuts))


def _cut(
    edges: Sequence[float], seams: Sequence[float], count: int, limit: int
) -> tuple[float, tuple[int, ...]]:
    """The cheapest way to cut a title into so many lines: its cost and where the lines end."""
    whole = len(edges) - 1
    even = edges[-1] / count

    @cache
    def rest(start: int, left: int, before: int, rising: bool) -> tuple[float, tuple[int, ...]]:
        best: tuple[float, tuple[int, ...]] = (inf, ())
        for end in range(start + 1, whole - left + 2) if left > 1 else (whole,):
            width, length = edges[end] - edges[start], end - start
            if width > limit:
                break
            short = _BAD * 3 if length < _SHORTEST else 0.0
            cost = short + abs(width - even) + _step(before, length, rising)
            if left > 1 and cost < best[0]:
                below, ends = rest(end, left - 1, length, rising and length > before)
                best = min(best, (cost + seams[end] + below, (end, *ends)))
            elif left == 1:
                best = (cost, (whole,))
        return best

    cost, ends = rest(0, count, 0, True)
    # One more line is worth it only when it saves a bad break.
    return cost + 6 * count, ends if cost < inf else ()


def _step(before: int, now: int, rising: bool) -> float:
    # Growing then shrinking is a diamond, only one of the two a trapezoid; an hourglass is neither.
    if before == 0:
        return 0.0
    if now == before:
        return 2.0
    return 12.0 if now > before and not rising else 0.0


def _seam(text: str, at: int) -> float:
    head, tail = text[:at], text[at:]
    if not may_break(text, at) or tail.startswith(_BAD_BEFORE) or _inside(text, at):
        return _BAD
    if tail.startswith(_GOOD_BEFORE) or head.endswith(_GOOD_AFTER):
        return 0.0
    if head.endswith("的"):
        return 2.0
    return _PLAIN if not head.endswith("关于") else 4.0


def _inside(text: str, at: int) -> bool:
    """Whether the place lies within a common word or between a pair of quotation marks."""
    head = text[:at]
    if any(head.count(a) > head.count(b) for a, b in ("《》", "“”", "（）")):
        return True
    return text[at - 1 : at + 1] in _WHOLE


def _width(char: str) -> float:
    return 0.55 if char.isascii() else 1.0
