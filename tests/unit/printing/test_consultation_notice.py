import datetime as dt
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pypdf
import pypdfium2
import pytest
from reportlab.lib.units import mm

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.printing.fonts import MissingCharacter
from sqzl_desktop.printing.forms import FORMS
from sqzl_desktop.printing.forms.consultation_notice import FORM, render
from sqzl_desktop.printing.page import LEADING
from sqzl_desktop.printing.text import NO_START

from .notices import PARKING, make_notice

MARKUP = '<b>x</b> & <img src="file:///etc/passwd">'


def pages(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def words(pdf):
    return "".join(re.sub(r"—\d+—$", "", page) for page in pages(pdf))


def fonts_of(pdf):
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            yield font.get_object()


def test_the_form_is_listed():
    assert FORM in FORMS
    assert (FORM.name, FORM.kind) == ("consultation_notice", "consultation")


def test_the_notice_says_everything_the_checklist_asks_for():
    text = words(render(PARKING))

    for said in (
        "编号：CA-A3-2026-0012",
        "崇安社区关于召开阳光家园停车协商会议的通知",
        "居民代表、业主委员会、顺达物业项目部：",
        "公共车位划线、访客停车和收益公示。涉及范围：阳光家园全体业主和居民。",
        "提出人：居民某某等12人联名。",
        "审核结论：经社区党组织审核，列入2026年第三季度协商。未列入：外墙广告执法事项",
        "公示期为2026年7月17日至7月22日。对议题有异议的",
        "2026年7月23日（星期四）19时，社区二楼议事厅。",
        "由崇安社区居民委员会召集，社区党组织书记马某某主持。",
        "居民代表15人、业主委员会3人、物业2人、社区民警1人，共21人；设旁听席10个。",
        "可委托同楼居民并交委托书。",
        "附件：1.停车现状表2.公共车位划线两个备选方案",
        "请于2026年7月21日（星期二）18时前提出意见。",
        "联系人：马某某，电话：0951-0000000；监督电话：0951-0000001。",
        "崇安社区居民委员会2026年7月17日",
        "核对码7K3F-92QD",
    ):
        assert said in text


def test_times_are_told_in_beijing_time():
    notice = make_notice(held_at=dt.datetime(2026, 7, 22, 16, 30, tzinfo=dt.UTC))

    assert "2026年7月23日（星期四）0时30分" in words(render(notice))


def test_a_provisional_number_says_so():
    assert "暂编" not in words(render(PARKING))

    text = words(render(make_notice(is_confirmed=False)))

    assert "CA-A3-2026-0012（暂编）" in text
    assert "尚未上报，以服务器确认的编号为准" in text


def test_only_the_archive_copy_has_the_posting_record():
    assert "张贴人" not in words(render(PARKING))
    assert "张贴记录（存档联）张贴地点张贴起止2026年7月17日至7月22日张贴人" in words(
        render(make_notice(posting_record=True))
    )


@pytest.mark.parametrize("name", ["䶮", "㛃", "𬭚", "𠮷"])
def test_rare_name_characters_can_be_found_and_copied(name):
    pdf = render(make_notice(host=f"居民{name}某", issuer=f"{name}家巷社区居民委员会"))

    assert f"居民{name}某主持" in words(pdf)
    read = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert name in read


def test_a_character_without_glyph_is_refused_by_name():
    with pytest.raises(MissingCharacter, match=r"U\+323B0"):
        render(make_notice(host="居民\U000323b0"))


@pytest.mark.parametrize("field", ["topic", "host", "title", "contact_person", "issuer"])
def test_markup_is_printed_as_it_was_written(field):
    pdf = render(make_notice(**{field: MARKUP}))

    assert re.sub(r"\s", "", MARKUP) in words(pdf)
    assert b"root:" not in pdf


def test_fonts_are_embedded_as_subsets():
    for font in fonts_of(render(PARKING)):
        descriptor = font["/FontDescriptor"]
        assert re.match(r"/[A-Z]{6}\+", font["/BaseFont"])
        assert 0 < len(descriptor["/FontFile2"].get_data()) < 200_000


def test_the_file_says_who_and_what_but_not_where():
    pdf = render(PARKING)

    said = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert said.title == "崇安社区关于召开阳光家园停车协商会议的通知"
    assert said.author == "崇安社区居民委员会"
    assert said.creator == "社区治理"
    assert b"/work" not in pdf


def test_equal_values_give_equal_bytes():
    assert render(make_notice()) == render(make_notice())
    assert render(make_notice(place="社区三楼")) != render(make_notice())


@pytest.mark.parametrize("extra", range(0, 620, 31))
def test_the_signature_keeps_its_date_and_two_lines_of_text(extra):
    notice = make_notice(materials=(), check_code="", opinion_channels="议" * extra + "交窗口")

    found = pages(render(notice))

    ends = [page for page in found if "崇安社区居民委员会2026年7月17日" in page]
    assert ends == [found[-1]]
    assert len(found[-1].split("崇安社区居民委员会2026年7月17日")[0]) > 20
    assert [page[-3:] for page in found] == [f"—{n}—" for n in range(1, len(found) + 1)]


FULL_WIDTH = str.maketrans("0123456789X", "".join(chr(ord(c) + 0xFEE0) for c in "0123456789X"))
ID_NUMBERS = (
    "640104199001011234",
    "64010419900101123X",
    "640104 19900101 1234",
    "64010419900101123X".translate(FULL_WIDTH),
)
PHONES = (
    "13800000000",
    "138 0000 0000",
    "+8613800000000",
    "13800000000".translate(FULL_WIDTH),
)


@pytest.mark.parametrize("number", [*ID_NUMBERS, *PHONES])
@pytest.mark.parametrize("field", ["reason", "host", "main_points", "participants"])
def test_private_numbers_are_refused_naming_the_field_but_not_the_number(field, number):
    text = f"请找居民{number}，"
    value = {"main_points": (text,), "participants": ((text, 1),)}.get(field, text)

    with pytest.raises(UserError) as caught:
        render(make_notice(**{field: value}))

    assert isinstance(caught.value, Invalid)
    assert set(caught.value.problems) == {field}
    label = next(f.metadata["label"] for f in fields(PARKING) if f.name == field)
    assert f"“{label}”" in str(caught.value)
    assert number not in str(caught.value)


def test_the_office_phone_may_be_a_mobile_but_never_an_id_number():
    assert "电话：13800000000" in words(render(make_notice(contact_phone="13800000000")))

    with pytest.raises(Invalid, match="联系电话"):
        render(make_notice(contact_phone="640104199001011234"))


@pytest.mark.parametrize(
    "text", ["2026年7月1日至2026年7月10日", "编号20260701000012", "0951-5000000"]
)
def test_dates_and_other_numbers_are_not_taken_for_private_ones(text):
    assert text in words(render(make_notice(objections=text)))


@pytest.mark.parametrize("field", ["topic", "scope", "review", "objections", "addressees"])
def test_a_notice_that_lacks_a_duty_is_refused(field):
    empty = () if field == "addressees" else " \u200b "

    with pytest.raises(Invalid) as caught:
        render(make_notice(**{field: empty}))

    assert set(caught.value.problems) == {field}


def test_a_posting_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(Invalid, match="公示结束日期早于开始日期"):
        render(make_notice(posted_until=dt.date(2026, 7, 1)))


LONG = "居民意见：车位“先到先得”，还是（按户）轮换；收益公示——每季度一次，见《公约》第12条……"


def lines_of(pdf):
    """The lines of every page as lists of characters with their inked left and right edges."""
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        line, base = [], None
        for index in range(text.count_chars()):
            char = text.get_text_range(index, 1)
            if char.strip():
                below = text.get_charbox(index, loose=True)[1]
                left, _, right, _ = text.get_charbox(index)
                if line and abs(below - base) > LEADING / 2:
                    yield line
                    line = []
                base = base if line else below
                line.append((char, left, right))
        yield line


def test_set_lines_stay_in_the_type_area_and_start_with_no_closing_sign():
    pdf = render(make_notice(reason=LONG * 9, main_points=(LONG * 3, LONG * 2)))

    lines = list(lines_of(pdf))

    assert len(lines) > 40
    for line in lines:
        assert min(left for _, left, _ in line) >= 28 * mm - 0.5
        assert max(right for *_, right in line) <= (28 + 156) * mm + 0.5
        said = "".join(char for char, *_ in line)
        assert said[0] not in NO_START or re.fullmatch(r"—\d—", said)


def test_papers_set_at_the_same_time_do_not_mix():
    notices = [make_notice(host=f"{name}某" * 9) for name in "䶮㛃𬭚𠮷珺彧赟祎"]
    alone = [render(notice) for notice in notices]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(render, notices))

    assert together == alone
