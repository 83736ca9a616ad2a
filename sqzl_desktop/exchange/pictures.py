"""照片: made small and anonymous before they are kept; what is no picture or a bomb is refused."""

import datetime as dt
import io
import struct

from PIL import Image, ImageOps

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import KnownError

LONGEST_SIDE = 2000
QUALITY = 85
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # it warns above that: for us a warning is a refusal

_ORIENTATION, _EXIF, _TAKEN = 0x0112, 0x8769, 0x9003
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    ZeroDivisionError,
)


def prepared(content: bytes, *, keep_facts: bool = False) -> tuple[bytes, dt.datetime | None]:
    """A picture as a JPEG of at most 2,000 pixels, and when it was taken, if it says so.

    Place, camera and everything else it tells of itself is left out, unless `keep_facts`.
    """
    try:
        with _opened(content) as picture:
            return _reduced(picture, keep_facts=keep_facts), _taken_at(picture)
    except _BROKEN as error:
        raise KnownError("照片无法读取，文件可能已损坏；请换一张，或重新拍摄") from error


def thumbnail(content: bytes, side: int) -> bytes:
    """A small JPEG of a picture, for a list."""
    try:
        with _opened(content) as picture:
            picture.thumbnail((side, side))
            return _jpeg(_flat(picture), b"")
    except _BROKEN as error:
        raise KnownError("照片无法显示，文件可能已损坏") from error


def _opened(content: bytes) -> Image.Image:
    too_large = KnownError("照片的尺寸过大，无法添加；请先缩小照片")
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    if picture.width * picture.height > MOST_PIXELS:
        raise too_large
    return picture


def _reduced(picture: Image.Image, *, keep_facts: bool) -> bytes:
    facts = picture.getexif()
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at a fraction of its size
    upright = _flat(ImageOps.exif_transpose(picture))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    facts.pop(_ORIENTATION, None)
    return _jpeg(upright, facts.tobytes() if keep_facts else b"")


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it is transparent."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, facts: bytes) -> bytes:
    picture.info.clear()  # comments and colour profiles would be written again
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True, exif=facts)
    return written.getvalue()


def _taken_at(picture: Image.Image) -> dt.datetime | None:
    """By the camera's clock, which is taken to show Beijing time."""
    text = picture.getexif().get_ifd(_EXIF).get(_TAKEN)
    try:
        taken = dt.datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return taken.replace(tzinfo=BEIJING).astimezone(dt.UTC)
