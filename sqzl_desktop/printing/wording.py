"""措辞: dates and sentences as official papers write them."""

import datetime as dt

from sqzl_desktop.base.clock import BEIJING

_WEEKDAYS = "一二三四五六日"


def day(date: dt.date) -> str:
    """2026年7月1日: Arabic, no leading zeros."""
    return f"{date.year}年{date.month}月{date.day}日"


def moment(at: dt.datetime) -> str:
    """2026年7月23日（星期四）19时, 19时30分: in Beijing time."""
    local = at.astimezone(BEIJING)
    minutes = f"{local.minute}分" if local.minute else ""
    weekday = _WEEKDAYS[local.weekday()]
    return f"{day(local.date())}（星期{weekday}）{local.hour}时{minutes}"


def minute(at: dt.datetime) -> str:
    """2026年7月2日8时10分: in Beijing time, without the weekday."""
    local = at.astimezone(BEIJING)
    return f"{day(local.date())}{local.hour}时" + (f"{local.minute}分" if local.minute else "")


def period(first: dt.date, last: dt.date) -> str:
    """2026年7月17日至7月23日: the year again only when it changes."""
    end = day(last) if last.year != first.year else f"{last.month}月{last.day}日"
    return f"{day(first)}至{end}"


def sentence(text: str) -> str:
    """The text without surrounding space, ended by a full stop unless it has an end."""
    text = text.strip()
    return text if not text or text[-1] in "。！？…；" else text.rstrip("，、：,.;") + "。"


def clause(text: str) -> str:
    """The text without its own end, to go on after it."""
    return text.strip().rstrip("。；，、,.;")
