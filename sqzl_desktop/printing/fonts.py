"""字体: which font draws a character, loaded only when a character needs it.

A font that lacks a character draws a blank without any error, so nothing reaches the page
before `resolve` has found a font that really has the glyph.
"""

import enum
import gc
import hashlib
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category, east_asian_width, name

from reportlab.pdfbase import pdfmetrics, ttfonts

from sqzl_desktop.base import paths
from sqzl_desktop.base.errors import KnownError, UserError


class Role(enum.Enum):
    """What a piece of text is, typographically."""

    BODY = "仿宋"
    TITLE = "小标宋"
    SONG = "宋体"
    HEI = "黑体"
    KAI = "楷体"


_BUNDLED = {
    Role.BODY: "FandolFang-Regular.ttf",
    Role.TITLE: "NotoSerifSC_700Bold.ttf",
    Role.SONG: "NotoSerifSC_400Regular.ttf",
    Role.HEI: "NotoSansSC_700Bold.ttf",
    Role.KAI: "LXGWWenKai-Regular.ttf",
}
_FALLBACK = ("NotoSerifSC_400Regular.ttf", "HanaMinB.ttf", "LXGWWenKai-Regular.ttf")

# Signs that fill a whole cell in Chinese text although Unicode and some fonts call them narrow.
_FULL_CELL = frozenset("—…“”‘’·")
_AMBIGUOUS_FULL = 0.85
_SPACES = frozenset("\x20\xa0\u3000")

_loading = threading.Lock()


class MissingCharacter(UserError):
    """No font can draw this character; printing it would silently leave a hole."""

    def __init__(self, char: str) -> None:
        self.char = char
        shown = f"“{char}”（U+{ord(char):04X}）" if _shows(char) else f"U+{ord(char):04X}"
        super().__init__(
            f"字库中没有字符{shown}，无法打印。请改用通行写法，或在设置中指定含此字的字体。"
        )


@dataclass(frozen=True)
class FontSet:
    """The fonts of an office: its own licensed files for body and title, or the bundled ones."""

    body: Path | None = None
    title: Path | None = None

    def chain(self, role: Role) -> tuple[Path, ...]:
        """The fonts to try for a role, best first."""
        folder = paths.resources() / "fonts"
        own = {Role.BODY: self.body, Role.TITLE: self.title}.get(role)
        bundled = (folder / _BUNDLED[role], *(folder / file for file in _FALLBACK))
        return (own, *bundled) if own else bundled


BUNDLED = FontSet()


@dataclass(frozen=True)
class Face:
    """A loaded font: its name for the canvas and the characters it really draws."""

    name: str
    outlines: ttfonts.TTFontFace

    def covers(self, char: str) -> bool:
        """Whether the font has an outline for the character.

        A mapped glyph with an empty outline is a hole as well, unless it is a space.
        """
        glyph = self.outlines.charToGlyph.get(ord(char), 0)
        at = self.outlines.glyphPos
        return bool(glyph) and (char in _SPACES or at[glyph + 1] > at[glyph])

    def width(self, char: str) -> float:
        """The character's own width, in ems."""
        return float(self.outlines.charWidths[ord(char)]) / 1000


@dataclass(frozen=True)
class Glyph:
    """A character with the font that draws it; widths in ems of that font."""

    char: str
    font: str
    natural: float
    cell: float

    @property
    def shift(self) -> float:
        """How far into its cell the glyph starts, in ems."""
        spare = self.cell - self.natural
        if self.char in "”’":
            return 0.0
        return spare if self.char in "“‘" else spare / 2


def glyphs(text: str, role: Role, fonts: FontSet) -> tuple[Glyph, ...]:
    """Every character of the text with the first font of the chain that has it."""
    chain = fonts.chain(role)
    return tuple(resolve(char, chain) for char in text)


@lru_cache(maxsize=16384)
def resolve(char: str, chain: Sequence[Path]) -> Glyph:
    """The glyph for one character; fonts further down the chain are loaded only if asked."""
    if category(char) not in ("Co", "Cs"):
        for path in chain:
            face = load(path)
            if face.covers(char):
                natural = face.width(char)
                return Glyph(char, face.name, natural, _cell(char, natural))
    raise MissingCharacter(char)


def load(path: Path) -> Face:
    """Read a font file and make it known to reportlab, once per file."""
    # Loaded twice, a font would be replaced under a paper that is just being set.
    with _loading:
        return _load(path)


@cache
def _load(path: Path) -> Face:
    ttfonts.makeToUnicodeCMap = to_unicode
    label = f"{path.stem}-{hashlib.sha256(str(path).encode()).hexdigest()[:6]}"
    font = _parse(label, path)
    pdfmetrics.registerFont(font)
    return Face(label, font.face)


def to_unicode(font_name: str, subset: Sequence[int]) -> str:
    """The ToUnicode map of a subset, with surrogate pairs above U+FFFF.

    Reportlab writes those code points as five hex digits, so that copying or searching 𬭚 finds
    another character; the format also allows at most 100 entries per section.
    """
    entries = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset)]
    sections = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    for section in sections:
        lines += [f"{len(section)} beginbfchar", *section, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be", "surrogatepass").hex().upper()


def _parse(label: str, path: Path) -> ttfonts.TTFont:
    # Parsing makes a hundred thousand small objects and no rubbish: collecting costs a third more.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ttfonts.TTFont(label, str(path), asciiReadable=False, shapable=False)
    except (ttfonts.TTFError, struct.error, LookupError, ValueError) as error:
        raise KnownError(
            f"字体文件“{path.name}”无法使用。请选择 TrueType 轮廓的 .ttf 文件，或改用内置字体。"
        ) from error
    finally:
        if collecting:
            gc.enable()


def _cell(char: str, natural: float) -> float:
    kind = east_asian_width(char)
    if kind in "WF" or char in _FULL_CELL or (kind == "A" and natural >= _AMBIGUOUS_FULL):
        return 1.0
    return natural


def _shows(char: str) -> bool:
    return char.isprintable() and bool(name(char, ""))
