"""上限: how large a foreign file may be before anything of it is unpacked."""

import io
import zipfile
from pathlib import Path

from sqzl_desktop.base.errors import KnownError

MOST_ROWS = 200_000
MOST_COLUMNS = 300
LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 1_000
HIGHEST_RATIO = 100
_SMALL_MEMBER = 1024 * 1024
_DAMAGED = "文件已损坏，请用表格软件打开并另存后再导入"


def check_file(path: Path) -> None:
    """Refuse a file that is missing, empty or too large."""
    try:
        size = path.stat().st_size if path.is_file() else -1
    except (OSError, ValueError) as error:
        raise KnownError("找不到文件，请重新选择") from error
    if size < 0:
        raise KnownError("找不到文件，请重新选择")
    if size == 0:
        raise KnownError("文件是空的，请换一个文件")
    if size > LARGEST_FILE:
        raise KnownError(f"文件超过{LARGEST_FILE // 1024 // 1024}MB，请分成几个文件导入")


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The archive that an XLSX file is; refused when it would unpack to something huge."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        raise KnownError(_DAMAGED) from error
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise KnownError("文件解压后过大，请删去图片和多余工作表后再导入")
    for member in members:
        if member.flag_bits & 1:
            raise KnownError("文件有密码，请去掉密码后再导入")
        if _swells(member):
            raise KnownError("文件压缩比异常，可能不安全，请用表格软件另存后再导入")
    return archive


def _swells(member: zipfile.ZipInfo) -> bool:
    swollen = member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
    return member.file_size > _SMALL_MEMBER and swollen
