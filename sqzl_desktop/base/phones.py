"""电话: Chinese mobile, landline and service numbers; numbers abroad by their country's rules.

The number plan of phonenumbers lags behind newly opened mobile segments and refuses them, so
Chinese numbers are judged by their form and only foreign ones are left to it.
"""

import re

from sqzl_desktop.base import text

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))-?([1-9]\d{6,7})(?:[-转#*](\d{1,6}))?", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}|1\d{2}|1\d{4}|9[56]\d{3}", re.ASCII)
_CHINA = re.compile(r"^(?:\+|00)86-?")
_FOREIGN = re.compile(r"(?:\+|00)(\d{7,15})", re.ASCII)
_DASHES = re.compile("[\u2010-\u2015\u2212_]")
_MARKS = re.compile(r"[\s.·()（）]+")
_BRACKETED_AREA = re.compile(r"^\((0\d{2,3})\)")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)


def phone_problem(value: str) -> str:
    """What is wrong with a phone number and what to do; "" when it is right."""
    number = text.fold(value)
    if not number:
        return "请填写电话号码"
    if _SCIENTIFIC.fullmatch(number):
        return "电话号码被表格软件改成了科学计数，请重新填写"
    if _read(value):
        return ""
    return _sentence(_digits_only(number), number)


def normal_phone(value: str) -> str:
    """The number as it is stored: a mobile as 11 digits, a landline as 0951-6012345."""
    return _read(value) or text.line(value)


def _read(value: str) -> str:
    """The number in its stored form, "" where it is none."""
    number = _BRACKETED_AREA.sub(r"\1-", text.fold(value).replace(" ", ""))
    number = _MARKS.sub("", _DASHES.sub("-", number))
    number = _CHINA.sub("", number)
    plain = number.replace("-", "")
    if number[-1:] != "-" and (_MOBILE.fullmatch(plain) or _SERVICE.fullmatch(plain)):
        return plain
    found = _LANDLINE.fullmatch(number)
    if found and _subscriber_fits(found[1], found[2]):
        return "-".join(part for part in found.groups() if part)
    return _foreign(plain)


def _subscriber_fits(area: str, subscriber: str) -> bool:
    return len(subscriber) == 8 if len(area) == 3 else True


def _foreign(number: str) -> str:
    found = _FOREIGN.fullmatch(number)
    if not found:
        return ""
    # its tables are large and few registers hold a number abroad
    import phonenumbers

    try:
        parsed = phonenumbers.parse(f"+{found[1]}")
    except phonenumbers.NumberParseException:
        return ""
    if parsed.country_code == 86 or not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _digits_only(number: str) -> str:
    return re.sub("[^0-9]", "", number)


def _sentence(digits: str, number: str) -> str:
    if not digits:
        return "这不是电话号码，请填写号码，没有电话请留空"
    if len(digits) > 20 or re.search("[/、,;，；]", number):
        return "一格里有两个号码，请只留一个"
    if re.search("[a-z]", number):
        return "电话号码里有字母，请核对"
    if re.fullmatch("[2-9][0-9]{6,7}", number):
        return "固定电话缺少区号，请写成0951-6012345"
    if digits.startswith("1"):
        return f"手机号应为11位且以13至19开头，现为{len(digits)}位，请核对"
    return "电话号码不对：手机应为11位，固定电话请写成0951-6012345"
