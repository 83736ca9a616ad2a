"""文件类型: what a file is, by its first bytes and never by its name. Unknown is not taken."""

import io
import zipfile

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
PICTURE = "image/jpeg"
SUFFIXES = {PICTURE: ".jpg", PDF: ".pdf", _DOCX: ".docx", _XLSX: ".xlsx"}


def is_picture(content: bytes) -> bool:
    """Is it a picture of a sort that can be made a JPEG?"""
    return content.startswith(
        (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"GIF87a", b"GIF89a")
    ) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def document_type(content: bytes) -> str:
    """The media type of a document that is taken; "" for everything else.

    A document with macros is not taken.
    """
    if content.startswith(b"%PDF-"):
        return PDF
    if not content.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    if "word/document.xml" in names:
        return _DOCX
    return _XLSX if "xl/workbook.xml" in names else ""
