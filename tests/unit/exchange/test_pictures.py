"""Photos become small and tell nothing of where and with what they were taken."""

import datetime as dt
import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange import file_types, pictures

MAKER, TAKEN, GPS, LATITUDE = 0x010F, 0x9003, 0x8825, 2


def camera(side: int = 400, *, turned: bool = False) -> bytes:
    """A photo as a phone makes it: who made it, when, where, which way up."""
    picture = Image.new("RGB", (side, side // 2), "teal")
    facts = picture.getexif()
    facts[MAKER] = "SecretPhone"
    facts.get_ifd(0x8769)[TAKEN] = "2026:06:30 09:15:00"
    facts.get_ifd(GPS)[LATITUDE] = (38.0, 28.0, 12.0)
    if turned:
        facts[0x0112] = 6
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=facts, comment=b"a remark of the camera")
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_photo_tells_nothing_but_when_it_was_taken() -> None:
    raw = camera()
    assert b"SecretPhone" in raw

    content, taken_at = pictures.prepared(raw)

    assert taken_at == dt.datetime(2026, 6, 30, 1, 15, tzinfo=dt.UTC)
    assert not dict(opened(content).getexif())
    assert all(word not in content for word in (b"SecretPhone", b"remark", b"2026:06:30"))


def test_facts_stay_where_the_case_needs_them() -> None:
    content, _ = pictures.prepared(camera(turned=True), keep_facts=True)

    facts = opened(content).getexif()
    assert facts[MAKER] == "SecretPhone"
    assert facts.get_ifd(GPS)[LATITUDE] == (38.0, 28.0, 12.0)
    assert 0x0112 not in facts, "it stands upright already"


def test_photo_stands_upright_without_its_facts() -> None:
    content, _ = pictures.prepared(camera(turned=True))

    assert opened(content).size == (200, 400)


def test_large_photo_becomes_small() -> None:
    content, _ = pictures.prepared(camera(5000))

    assert opened(content).size == (2000, 1000)
    assert opened(content).format == "JPEG"


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "BMP"])
def test_every_taken_form_becomes_a_jpeg(form: str) -> None:
    written = io.BytesIO()
    Image.new("P" if form == "GIF" else "RGB", (50, 40)).save(written, form)

    assert file_types.is_picture(written.getvalue())
    content, taken_at = pictures.prepared(written.getvalue())
    assert opened(content).size == (50, 40)
    assert taken_at is None


def test_transparent_picture_stands_on_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "PNG")

    content, _ = pictures.prepared(written.getvalue())

    assert opened(content).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("side", [10_001, 15_000, 60_000])
def test_bomb_is_refused_by_its_head(side: int) -> None:
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + bytes(4)

    with pytest.raises(KnownError, match="尺寸过大"):
        pictures.prepared(bomb)


@pytest.mark.parametrize("cut", [3, 20, 200, 600])
def test_broken_photo_is_refused_in_a_sentence(cut: int) -> None:
    with pytest.raises(KnownError, match="照片无法读取"):
        pictures.prepared(camera()[:cut])


def test_thumbnail_is_small() -> None:
    assert opened(pictures.thumbnail(camera(900), 90)).size == (90, 45)


def archive(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7 ...", ".pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), ".docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        (archive("word/document.xml", "word/vbaProject.bin"), None),
        (archive("a.txt"), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90\x00", None),
        (b"<html>", None),
        ("张三的文件".encode(), None),
    ],
)
def test_document_is_known_by_its_first_bytes(content: bytes, ending: str | None) -> None:
    found = file_types.document_type(content)

    assert file_types.SUFFIXES.get(found) == ending
    assert not file_types.is_picture(content)
