"""文本表格: CSV and tab-separated files in the encodings that offices here produce."""

import csv
import io
import re
from collections.abc import Iterator

from sqzl_desktop.base.errors import KnownError

_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x7fELF",
)
_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|table|meta|head)", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
_NO_TABLE = "这不是表格文件，请选择 xlsx、xls 或 csv 文件"


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was in; KnownError where it is no text."""
    if content.startswith(_FOREIGN):
        raise KnownError(_NO_TABLE)
    if _PAGE.match(content):
        raise KnownError("这是网页格式的表格，请用表格软件打开并另存为 xlsx 后再导入")
    marked = [encoding for bom, encoding in _BOMS if content.startswith(bom)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        return text, encoding
    raise KnownError(_NO_TABLE)


def rows(text: str) -> Iterator[tuple[str, ...]]:
    """The records of the text, whichever separator it uses."""
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            yield tuple(row)
    except csv.Error as error:
        raise KnownError("文件里的引号不成对，请用表格软件打开并另存为 xlsx 后再导入") from error


def _delimiter(text: str) -> str:
    """The separator that most lines at the beginning have, else the comma."""
    lines = [line for line in text[:65536].splitlines() if line.strip()][:40]
    counts = {sign: sum(line.count(sign) for line in lines) for sign in ",\t;"}
    common = [sign for sign in counts if sum(sign in line for line in lines) * 2 >= len(lines)]
    return max(common, key=lambda sign: counts[sign], default=",")
