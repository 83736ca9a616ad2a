"""办理时限: how long a case may take, as cities write it: "停工 4工作时；处罚 7工作日".

The national text leaves limits to each city (GB/T 30428.8, CJ/T 315); they come in four units and
in one to several phases that follow each other.
"""

import dataclasses
import enum
import re
from collections.abc import Mapping
from decimal import Decimal

from sqzl_desktop.base import text
from sqzl_desktop.base.errors import Refused


class Unit(enum.StrEnum):
    """What a limit is counted in. 小时 runs round the clock, 工作时 in office hours only."""

    WORK_HOURS = "工作时"
    WORK_DAYS = "工作日"
    DAYS = "自然日"
    HOURS = "小时"


@dataclasses.dataclass(frozen=True, slots=True)
class Phase:
    """One timed part of the work on a case; `name` is "" where there is only one."""

    name: str
    amount: Decimal
    unit: Unit

    def __str__(self) -> str:
        amount = f"{self.amount:f}"
        amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
        return f"{self.name} {amount}{self.unit}".strip()


# the states of a case that have a limit of their own, by the word cities use for the stage
STAGES: Mapping[str, tuple[str, ...]] = {
    "受理": ("reported",),
    "立案": ("confirmed",),
    "派遣": ("filed", "returned"),
    "接办": ("dispatched",),
    "处置": ("handling",),
    "核查": ("fed_back",),
    "结案": ("verified",),
}

_UNITS = {
    "工作时": Unit.WORK_HOURS, "工作小时": Unit.WORK_HOURS,
    "工作日": Unit.WORK_DAYS, "工作天": Unit.WORK_DAYS,
    "自然日": Unit.DAYS, "天": Unit.DAYS, "日": Unit.DAYS,
    "小时": Unit.HOURS, "连续小时": Unit.HOURS, "紧急工作时": Unit.HOURS,
}  # fmt: skip
_PHASE = re.compile(
    r"(?P<name>.*?)\s*(?<![-+.\d])(?P<amount>\d{1,4}(?:\.\d{1,2})?)\s*个?(?P<unit>\D+)"
)
_APART = re.compile(r"[；;，,、\n]")
_LONGEST = {Unit.WORK_HOURS: 2000, Unit.WORK_DAYS: 250, Unit.DAYS: 366, Unit.HOURS: 8784}
_EXAMPLE = "请写成“4工作时”或“停工 4工作时；处罚 7工作日”，单位用工作时、工作日、自然日或小时"


def read(value: str) -> tuple[Phase, ...]:
    """The phases that a text means, in order; none for "". Refused with a sentence otherwise."""
    parts = (text.line(part).strip() for part in _APART.split(value))
    return tuple(_phase(part) for part in parts if part)


def write(phases: tuple[Phase, ...]) -> str:
    """The text that `read` reads."""
    return "；".join(map(str, phases))


def read_stages(value: str) -> dict[str, Phase]:
    """The limits in a text like "派遣 1工作时；核查 4工作时", by the state a case is in."""
    found: dict[str, Phase] = {}
    for phase in read(value):
        if phase.name not in STAGES:
            raise Refused(f"没有“{phase.name}”这个环节，可用的环节：{'、'.join(STAGES)}")
        for state in STAGES[phase.name]:
            found[state] = phase
    return found


def _phase(part: str) -> Phase:
    match = _PHASE.fullmatch(part)
    unit = _UNITS.get(match["unit"].strip()) if match else None
    if match is None or unit is None:
        raise Refused(f"时限“{part}”无法识别，{_EXAMPLE}")
    amount = Decimal(match["amount"])
    if amount <= 0:
        raise Refused(f"时限“{part}”要大于零，{_EXAMPLE}")
    if amount > _LONGEST[unit]:
        raise Refused(f"时限“{part}”太长，最多{_LONGEST[unit]}{unit}")
    if unit in (Unit.WORK_DAYS, Unit.DAYS) and amount != int(amount):
        raise Refused(f"时限“{part}”按整天计算，不足一天的请用工作时或小时")
    return Phase(match["name"].rstrip(":：").strip(), amount, unit)
