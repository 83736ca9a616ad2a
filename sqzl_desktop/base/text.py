"""文字: text as people type it, made comparable, and hidden where it need not be read."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_TEXT_MARKER = re.compile(r"^[\s']+")  # Excel puts ' before what must stay text
_WHITESPACE = re.compile(r"\s\s+|\n")
# the full-width twins of ASCII; Chinese punctuation （），：；？！ stays as people wrote it
_NARROW = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "（），：；？！～"
}
# one look instead of four replacements: most text has nothing to clean
_ODD = re.compile(
    "|".join((_INVISIBLE.pattern, _SPACES.pattern, _LINE_ENDS.pattern, r"^[\s']", r"\s$"))
    + f"|[{''.join(map(chr, _NARROW))}]"
)
# Chinese characters, letters and digits only: nothing to normalise, and most names are like this
_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff]+")
_BUILDING = re.compile("号楼|号院|栋|幢")
_STREET = re.compile("[路街巷道村镇乡]")
_SHORTEST_STARS, _LONGEST_STARS = 2, 8


def clean(value: str | None) -> str:
    """Text without what nobody sees or means: odd spaces, invisible signs, full-width digits."""
    if not value:
        return ""
    if not _ODD.search(value):
        return value
    text = _LINE_ENDS.sub("\n", value)
    text = _INVISIBLE.sub("", text)
    text = _SPACES.sub(" ", text).translate(_NARROW)
    return _TEXT_MARKER.sub("", text).rstrip()


def line(value: str | None) -> str:
    """Clean text on one line: every run of spaces and line breaks becomes one space."""
    return _WHITESPACE.sub(" ", clean(value))


def fold(value: str | None) -> str:
    """Text for comparing and searching: clean, one line, without width and case."""
    if value and _PLAIN.fullmatch(value):
        return value.casefold()
    text, before = line(value), ""
    while text != before:
        before = text
        text = line(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))
    return text


def mask(value: str | None, format: str = "") -> str:
    """A value with what identifies a person hidden; "" stays ""."""
    if not value:
        return ""
    if format == "id_number":
        return _ends(value, first=3, last=2)
    if format == "phone":
        return _ends(value, first=3, last=4)
    if format == "address":
        return _address(value)
    return _stars(len(value))


def _ends(value: str, *, first: int, last: int) -> str:
    hidden = len(value) - first - last
    if hidden < 2:
        return _stars(len(value))
    return value[:first] + "*" * hidden + value[-last:]


def _address(value: str) -> str:
    found = list(_BUILDING.finditer(value)) or list(_STREET.finditer(value))
    if not found:
        return _stars(len(value))
    shown = value[: found[-1].end()]
    return shown if shown == value else shown + "****"


def _stars(length: int) -> str:
    return "*" * min(max(length, _SHORTEST_STARS), _LONGEST_STARS)
