"""过去的事: what has happened has happened by now; a later date is a slip of the year."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqzl_desktop.base.clock import BEIJING

Labels = Mapping[str, str]


def not_after_today(record: Any, today: dt.date, labels: Labels) -> dict[str, str]:
    """Fields (name to label) with a day or moment later than today, each with a sentence."""
    found: dict[str, str] = {}
    for name, label in labels.items():
        on = day_of(getattr(record, name))
        if on is not None and on > today:
            found[name] = f"{label}晚于今天，请核对年份"
    return found


def in_order(record: Any, names: Sequence[str], sentence: str) -> dict[str, str]:
    """The sentence at the second of two fields whose day lies before the first's."""
    first, second = (day_of(getattr(record, name)) for name in names)
    return {names[1]: sentence} if first and second and second < first else {}


def day_of(value: dt.date | dt.datetime | None) -> dt.date | None:
    """The calendar day in Beijing of a day or a moment."""
    return value.astimezone(BEIJING).date() if isinstance(value, dt.datetime) else value
