"""单元格: what the cells of a hand-kept register mean, whatever way they were written."""

import datetime as dt
import re
from collections.abc import Mapping

from sqzl_desktop.base import text

_NOTHING = frozenset(
    ("无", "-", "--", "—", "——", "/", "\\", "暂无", "不详", "未知", "没有", "none")
)
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff·]+")
_DAY = re.compile(r"(\d{4}|\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ t].*)?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?|(\d{4})\s*年?")
_SERIAL = re.compile(r"\d{4,5}(?:\.0+)?")
_SERIAL_ZERO = dt.date(1899, 12, 30)  # the day 0 of Excel for every date after February 1900
_CHINESE_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_CHINESE_DIGITS |= {"〇": 0, "两": 2}
_CHINESE_NUMBER = re.compile("[零〇一二两三四五六七八九十百]+")
_BUILDING_END = re.compile(r"\s*(?:号楼|#楼|号院|栋|幢|座|号|#|楼)$")
_UNIT_END = re.compile(r"\s*(?:单元|门洞|门|梯|#)$")
_ROOM_END = re.compile(r"\s*(?:室|号房|房间|房|号|户)$")
_PLACE = re.compile(
    r"(?:(.*?)(?:号楼|#楼?|栋|幢|座))?(?:(.{1,4}?)(?:单元|门))?([0-9a-z-]{1,8})[室号房]?"
)
_STREET = re.compile(r".*[路街巷道][0-9]*号?")
_DASHED_PLACE = re.compile(r"([^-]{1,20})-(?:([^-]{1,4})-)?([0-9a-z]{1,8})")


def person_name(cell: str) -> str:
    """A name without the spaces that pad two characters to the width of three."""
    name = text.line(cell)
    joined = name.replace(" ", "")
    return joined if _HAN.fullmatch(joined) else name


def says_nothing(cell: str) -> bool:
    """Whether a cell is filled in only to say that there is nothing to fill in."""
    return cell.strip().lower() in _NOTHING


def day(cell: str) -> dt.date | None:
    """A calendar day in any of the usual forms, a serial number of Excel among them."""
    written = text.fold(cell)
    found = _DAY.fullmatch(written) or _COMPACT_DAY.fullmatch(written)
    if found:
        return _date(found[1], found[2], found[3]) if len(found[1]) == 4 else None
    if _SERIAL.fullmatch(written) and not _looks_like_year(written):
        return _SERIAL_ZERO + dt.timedelta(days=int(float(written)))
    return None


def is_part_of_day(cell: str, whole: dt.date) -> bool:
    """Whether a cell that is no whole day (1985.6, 1985年, 85-06-02) agrees with one."""
    written = text.fold(cell)
    short = _DAY.fullmatch(written)
    if short:
        return (int(short[1]) % 100, int(short[2]), int(short[3])) == (
            whole.year % 100,
            whole.month,
            whole.day,
        ) and len(short[1]) == 2
    found = _MONTH.fullmatch(written)
    if not found:
        return False
    if found[3]:
        return int(found[3]) == whole.year
    return (int(found[1]), int(found[2])) == (whole.year, whole.month)


def number_of(word: str) -> str:
    """Chinese and leading-zero numbers as plain ones: 十二 is 12, 03 is 3."""
    if _CHINESE_NUMBER.fullmatch(word):
        return _chinese(word)
    return str(int(word)) if word.isascii() and word.isdigit() else word


def building(cell: str) -> str:
    """A building as people call it on paper, without 号楼, 栋, #."""
    return number_of(_BUILDING_END.sub("", _written(cell)).removeprefix("第")).strip()


def unit(cell: str) -> str:
    """A unit (staircase) as a number."""
    return number_of(_UNIT_END.sub("", _written(cell)).removeprefix("第")).strip()


def room(cell: str) -> str:
    """A room without 室; leading zeros stay, they stand on the door."""
    return _ROOM_END.sub("", _written(cell)).strip()


def place(cell: str) -> dict[str, str]:
    """Building, unit and room of one cell: 1号楼2单元302室, 1-2-302; {} where it says neither."""
    written = text.fold(cell).replace(" ", "")
    found = _DASHED_PLACE.fullmatch(written) or _PLACE.fullmatch(written)
    if not found or not (found[1] or found[2]):
        return {}
    return {
        "building": building(_STREET.sub("", found[1] or "")),
        "unit": unit(found[2] or ""),
        "room": room(found[3]),
    }


def _written(cell: str) -> str:
    return text.fold(cell).upper()


def _date(year: str, month: str, day_: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day_))
    except ValueError:
        return None


def _looks_like_year(written: str) -> bool:
    return len(written) == 4 and 1900 <= int(written) <= 2100


def _chinese(word: str) -> str:
    if not set(word) & {"十", "百"}:
        return str(int("".join(str(_CHINESE_DIGITS[sign]) for sign in word)))
    total, digit = 0, 0
    for sign in word:
        if sign in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[sign]
        else:
            total += max(digit, 1) * (10 if sign == "十" else 100)
            digit = 0
    return str(total + digit)


def _words(*lines: str) -> Mapping[str, str]:
    """Word to code from lines of a code and the words for it."""
    split = [line.split() for line in lines]
    return {word: code for code, *words in split for word in words}


RELATION_WORDS = _words(
    "02 户主本人",
    "10 爱人 老伴",
    "11 丈夫 老公",
    "12 妻子 老婆",
    "20 儿子 之子",
    "30 女儿 之女",
    "38 儿媳妇",
    "43 外孙",
    "47 曾孙",
    "51 父 爸爸",
    "52 母 妈妈",
    "61 爷爷",
    "62 奶奶",
    "63 外公 姥爷",
    "64 外婆 姥姥",
    "70 兄弟",
    "71 哥 哥哥",
    "73 弟弟",
    "75 姐",
    "77 妹",
    "80 其它",
    "97 亲戚 亲属",
    "99 租户 承租人 租客 合租 保姆 朋友 同事",
)
SEX_WORDS = _words("1 男性 m 先生", "2 女性 f 女士")
DOCUMENT_WORDS = _words(
    "111 身份证 居民身份证 二代身份证",
    "113 户口本 户口簿",
    "114 军官证",
    "117 出生证 出生证明",
    "414 护照",
    "511 台胞证",
    "516 回乡证 港澳通行证 港澳居民通行证",
    "553 永居证 外国人永久居留身份证",
)
