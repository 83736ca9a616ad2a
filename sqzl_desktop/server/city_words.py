"""样例城市的词: the generator's words, dates and codes as the values of our fields."""

import datetime as dt

from sqzl_desktop.base import ids
from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.numbering import number
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.schema.fields import Json

Fields = dict[str, Json]
Record = tuple[str, str, Fields]  # kind, id, fields

NO_DEVICE = "00"  # 0 is not in the alphabet of device codes, so no device gives out these numbers
_SOURCE_KEY = 13  # a letter and the twelve digits of the community stand before the count

# what GB/T 47678.5 calls otherwise than the lists before it
_COMPONENTS = {
    "上水井盖": "供水井盖",
    "健身设施": "户外健身设施",
    "监控电子眼": "监控电子眼设施",
    "消火栓": "消防设施",
    "电梯": "公用电梯",
}
_MATTERS = {
    "楼道堆物": "乱堆杂物",
    "污水井盖破损": "污水井盖异常",
    "路灯不亮": "路灯异常",
    "健身器材损坏": "户外健身设施异常",
    "电梯故障": "公用电梯异常",
}
_COMMITTEES = {
    "社区居民委员会": "社区",
    "社区居委会": "社区",
    "居民委员会": "社区",
    "居委会": "社区",
    "村村民委员会": "村",
    "村民委员会": "村",
    "村委会": "村",
}


def given(**fields: Json) -> Fields:
    """The fields that differ from their default; a counted 0 is told, an empty text is not."""
    return {
        name: value
        for name, value in fields.items()
        if value not in ("", None, []) and value is not False
    }


def known_id(source: str) -> str:
    """The id of the record with that source key; "" stays none."""
    return ids.loaded_id(source) if source else ""


def count_in(source: str) -> int:
    """The count at the end of a source key: 7 for A64010400100200007."""
    return int(source[_SOURCE_KEY:])


def paper_number(kind: str, community: str, *, year: int, source: str) -> str:
    """A number for paper, as if given out before there were devices."""
    return number(kind, community, year=year, device=NO_DEVICE, count=count_in(source))


def whole(text: str) -> int | None:
    """A count, None where there is none."""
    return int(text) if text else None


def measure(text: str) -> float | None:
    """A measure with a fraction, None where there is none."""
    return float(text) if text else None


def place(longitude: str, latitude: str) -> Json:
    """Coordinates as JSON, None where there are none."""
    return [float(longitude), float(latitude)] if longitude and latitude else None


def moment(text: str) -> Json:
    """Beijing time as the tables write it (2026-01-31 20:38), as a moment in UTC."""
    if not text:
        return None
    return encode(dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING))


def at(day: dt.date, hour: int) -> Json:
    """An hour of a day in Beijing, as a moment in UTC."""
    return encode(dt.datetime.combine(day, dt.time(hour), BEIJING))


def code(codes: str, word: str) -> str:
    """The code of a word in one of our lists; "" where the list does not know it."""
    return code_list(codes).find(word)


def component(old: str) -> str:
    """The GB/T 47678.5 component that an old class (a code or a name) stands for, or ""."""
    name = code_list("component_old").label(old)
    return code("component", _COMPONENTS.get(name, name))


def matter(title: str) -> str:
    """The GB/T 47678.5 matter that a title names, or ""; disputes and services are none."""
    return code("matter", _MATTERS.get(title, title))


def community_name(committee: str) -> str:
    """崇安社区 for 崇安社区居委会: the community, not its committee."""
    for ending, area in _COMMITTEES.items():
        if committee.endswith(ending):
            return committee.removesuffix(ending) + area
    return committee


def committee_name(community: str) -> str:
    """崇安社区居民委员会 for 崇安社区: who signs."""
    return community + ("村民委员会" if community.endswith("村") else "居民委员会")
