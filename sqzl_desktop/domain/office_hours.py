"""办公时间: the hours of a working day, as people write them: "08:30-12:00,14:30-18:00"."""

import datetime as dt
import itertools
import re
from collections.abc import Sequence

from sqzl_desktop.base.errors import Refused

Span = tuple[dt.time, dt.time]

DEFAULT_HOURS = "08:30-12:00,14:30-18:00"
_SPAN = re.compile(r"(\d{1,2}):(\d{2})[-~—至](\d{1,2}):(\d{2})")
_APART = re.compile(r"[,，;；、\s]+")
_EXAMPLE = "请写成“08:30-12:00,14:30-18:00”"


def read_hours(value: str) -> tuple[Span, ...]:
    """Office hours as spans of a day in order; Refused with a sentence where they are not that."""
    wide = value.replace("：", ":").replace("－", "-")
    wide = re.sub(r"\s*([-~—至])\s*", r"\1", wide)
    spans = [_span(part) for part in _APART.split(wide) if part]
    if not spans:
        raise Refused(f"请填写办公时间，{_EXAMPLE}")
    for (_, ended), (begun, _) in itertools.pairwise(spans):
        if begun < ended:
            raise Refused("办公时间的各段要按先后填写，不能重叠")
    return tuple(spans)


def write_hours(spans: Sequence[Span]) -> str:
    """The text that `read_hours` reads."""
    return ",".join(f"{begun:%H:%M}-{ended:%H:%M}" for begun, ended in spans)


def _span(part: str) -> Span:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise Refused(f"办公时间“{part}”无法识别，{_EXAMPLE}")
    hours = [int(each) for each in match.groups()]
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59:
        raise Refused(f"办公时间“{part}”不是一天里的时间，{_EXAMPLE}")
    begun, ended = dt.time(hours[0], hours[1]), dt.time(hours[2], hours[3])
    if begun >= ended:
        raise Refused(f"办公时间“{part}”的结束要晚于开始")
    return begun, ended
