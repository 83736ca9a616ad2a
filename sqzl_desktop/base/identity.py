"""证件: 居民身份证, 统一社会信用代码, other documents; what is wrong with them, how to mend it.

Check characters come from python-stdnum. Its tables of areas know the withdrawn codes, the
divisions file knows the present ones; an ID number may carry either.
"""

import csv
import datetime as dt
import functools
import json
import re

from stdnum import numdb
from stdnum.cn import ric, uscc

from sqzl_desktop.base import paths, text
from sqzl_desktop.base.phones import normal_phone, phone_problem

__all__ = [
    "area_codes_json",
    "born_on",
    "document_problem",
    "id_number_doubt",
    "id_number_fault",
    "id_number_problem",
    "normal_id_number",
    "normal_phone",
    "normal_uscc",
    "phone_problem",
    "sex_of",
    "uscc_problem",
]

_SPACE = re.compile(r"[\s\-]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_USUAL = re.compile("[0-9]{17}[0-9X]")
_EARLIEST_YEAR = 1900
_PERMIT_AREAS = ("810000", "820000", "830000")  # 港澳台居民居住证
_USCC = re.compile("[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")


def id_number_problem(text: str, *, today: dt.date) -> str:
    """What is wrong with a 居民身份证号 and what to do; "" when it is right."""
    return _number_problem(normal_id_number(text), today)


def id_number_doubt(text: str) -> str:
    """What may be right but should be looked at once more; "" for nothing."""
    number = normal_id_number(text)
    if len(number) != 18:
        return ""
    if number[:6] in _PERMIT_AREAS:
        return "这是港澳台居民居住证的号码，请核对证件类型"
    if _area_state(number[:6]) == "withdrawn":
        return "身份证号前六位是已撤销的行政区划代码，请与证件核对"
    return ""


def normal_id_number(text: str) -> str:
    """The number as it is stored: no spaces, capital X, 15 digits made 18 where they are right."""
    if text and _USUAL.fullmatch(text):
        return text
    number = _compact(text)
    if len(number) == 15 and number.isascii() and number.isdigit():
        long = f"{number[:6]}19{number[6:]}"
        if _day(long[6:14]):
            return long + ric.calc_check_digit(long + "0")
    return number


def born_on(number: str) -> dt.date | None:
    """The birth date that an ID number holds, None where it holds none."""
    number = normal_id_number(number)
    return _day(number[6:14]) if len(number) == 18 else None


def sex_of(number: str) -> str:
    """The sex that an ID number holds: "1" male, "2" female, "" where it holds none."""
    number = normal_id_number(number)
    if len(number) != 18 or not _digits(number[:17]):
        return ""
    return "1" if int(number[16]) % 2 else "2"


def uscc_problem(text: str) -> str:
    """What is wrong with a 统一社会信用代码 and what to do; "" when it is right."""
    number = normal_uscc(text)
    if not number:
        return "请填写统一社会信用代码"
    if _SCIENTIFIC.fullmatch(number):
        return "统一社会信用代码被表格软件改成了科学计数，请按营业执照重新填写"
    if len(number) == 15 and _digits(number):
        return "这是15位的旧注册号，请填写营业执照上18位的统一社会信用代码"
    if len(number) != 18:
        return f"统一社会信用代码应为18位，现为{len(number)}位，请按证照补全"
    if not _USCC.fullmatch(number):
        return "统一社会信用代码含有不允许的字符（没有I、O、S、V、Z），请按证照核对"
    if uscc.calc_check_digit(number) != number[-1]:
        return "统一社会信用代码校验位不对，请按证照逐位核对"
    return ""


def normal_uscc(text: str) -> str:
    """The code as it is stored: no spaces, capital letters."""
    return _compact(text)


def document_problem(document_type: str, text: str) -> str:
    """What is wrong with the number of a document of a GA/T 517 type; "" when it may be right."""
    number = _compact(text)
    if not number:
        return "请填写证件号码"
    if _SCIENTIFIC.fullmatch(number):
        return "证件号码被表格软件改成了科学计数，请按证件重新填写"
    if document_type in ("111", "112"):
        return _number_problem(normal_id_number(number), dt.date.max)
    if document_type in ("335A", "335B"):
        return _permit_problem(document_type, number)
    if document_type == "553" and len(number) == 18:
        return _foreigner_problem(number)
    pattern, sentence = _DOCUMENTS.get(document_type, _ANY_DOCUMENT)
    return "" if pattern.fullmatch(number) else sentence


def id_number_fault(text: str, *, today: dt.date) -> str:
    """The kind of mistake in a 居民身份证号 as a word (checksum, length, area ...), "" for none."""
    number = normal_id_number(text)
    fault = _shape_fault(number)
    if fault:
        return fault
    if not _area_state(number[:6]):
        return "area"
    birth = _day(number[6:14])
    if birth is None:
        return "birth"
    if birth > today:
        return "future"
    if ric.calc_check_digit(number) != number[-1]:
        return "precision_lost" if number.endswith("000") else "checksum"
    return ""


def _number_problem(number: str, today: dt.date) -> str:
    fault = id_number_fault(number, today=today)
    return _SENTENCES[fault].format(length=len(number)) if fault else ""


def _shape_fault(number: str) -> str:
    if not number:
        return "missing"
    if _SCIENTIFIC.fullmatch(number):
        return "precision_lost"
    if not any(sign in "0123456789" for sign in number):
        return "no_number"
    if len(number) == 15 and _digits(number):
        return "birth"
    if len(number) != 18:
        return "length"
    if not (_digits(number[:17]) and number[17] in "0123456789X"):
        return "signs"
    return ""


def _permit_problem(document_type: str, number: str) -> str:
    areas = _PERMIT_AREAS[:2] if document_type == "335A" else _PERMIT_AREAS[2:]
    sentence = _number_problem(number, dt.date.max)
    if sentence or number[:6] in areas:
        return sentence.replace("身份证号", "居住证号")
    return f"居住证号应以{'或'.join(areas)}开头，请按证件核对"


def _foreigner_problem(number: str) -> str:
    if not (number[0] == "9" and _digits(number[:17]) and number[17] in "0123456789X"):
        return "外国人永久居留身份证号应以9开头，共18位，请按证件核对"
    if _day(number[6:14]) is None:
        return "证件号里的出生日期不存在，请按证件核对"
    if ric.calc_check_digit(number) != number[-1]:
        return "证件号校验位不对，请按证件逐位核对"
    return ""


def _compact(value: str) -> str:
    return _SPACE.sub("", text.clean(value)).upper()


def _digits(number: str) -> bool:
    return number.isascii() and number.isdigit()


def _day(eight: str) -> dt.date | None:
    if len(eight) != 8 or not _digits(eight) or int(eight[:4]) < _EARLIEST_YEAR:
        return None
    try:
        return dt.date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None


@functools.cache
def _present_areas() -> frozenset[str]:
    path = paths.resources() / "codes" / "divisions_national.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


@functools.cache
def area_codes_json() -> str:
    """The area codes that a 居民身份证号 of today begins with, as a JSON list.

    A number that begins otherwise may be right still: `id_number_fault` knows the withdrawn ones.
    """
    return json.dumps(sorted(_present_areas()))


@functools.lru_cache(maxsize=8192)
def _area_state(area: str) -> str:
    """One of present and withdrawn; "" for a code that never was."""
    if area in _present_areas() or area in _PERMIT_AREAS:
        return "present"
    known = {
        key: value for _, facts in numdb.get("cn/loc").info(area) for key, value in facts.items()
    }
    if "county" not in known:
        return ""
    ended = all(re.match(r"\[\d*-\d+\]", county) for county in known["county"].split(","))
    return "withdrawn" if ended else "present"


_SENTENCES = {
    "missing": "请填写身份证号",
    "precision_lost": "身份证号后几位被表格软件改掉了，请把该列设为文本后按证件重新填写",
    "no_number": "这不是身份证号，请按证件填写，没有证件请留空",
    "length": "身份证号应为18位，现为{length}位，请按证件补全",
    "signs": "身份证号只能有数字，末位可为X，请按证件核对",
    "area": "身份证号前六位不是行政区划代码，请按证件逐位核对",
    "birth": "身份证号里的出生日期不存在，请按证件核对第7至14位",
    "future": "身份证号里的出生日期晚于今天，请按证件核对第7至14位",
    "checksum": "身份证号校验位不对，请按证件逐位核对",
}
_DOCUMENTS = {
    "117": (re.compile("[A-Z][0-9]{9}"), "出生医学证明编号应为1个字母加9位数字，请核对"),
    "414": (
        # Chinese passports begin with G or E; passports of other countries come in every shape
        re.compile(r"G[0-9]{8}|E[0-9]{8}|E[A-Z][0-9]{7}|(?![GE][0-9]*$)(?=.*[0-9])[A-Z0-9]{6,12}"),
        "护照号不对：中国护照为G或E加8位，或E加1个字母加7位数字，请按证件核对",
    ),
    "511": (re.compile("[0-9]{8}|[0-9]{10}"), "台胞证号应为8位数字（旧版10位），请按证件核对"),
    "513": (re.compile("[CW][0-9]{8}|C[A-Z][0-9]{7}"), "往来港澳通行证号应为C加8位，请按证件核对"),
    "516": (
        re.compile("[HM][0-9]{8}([0-9]{2})?"),
        "回乡证号应为H或M加8位数字（旧版加10位），请按证件核对",
    ),
    "517": (re.compile("[LT][0-9]{8}"), "往来台湾通行证号应为L加8位数字，请按证件核对"),
    "553": (
        re.compile("[A-Z]{3}[0-9]{12}"),
        "永久居留证号应为3个字母加12位数字或18位，请按证件核对",
    ),
}
_ANY_DOCUMENT = (
    re.compile(r"(?=.*[0-9A-Z])[0-9A-Z第字号()（）/.\u4e00-\u9fff]{4,40}"),
    "证件号码应为4至40个字母或数字，请按证件核对",
)
