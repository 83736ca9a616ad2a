"""Order, sheet and closing record of a case, read out of their PDF."""

import re

import pypdfium2
import pytest

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.printing.case_parts import Step
from sqzl_desktop.printing.disclosure import covered
from sqzl_desktop.printing.forms import FORMS, case_sheet, closing_record, dispatch_order

from .case_papers import CLOSED, DISPUTE, WELL, at, photo, vary

LONG = "楼道内长期堆放杂物，堵塞消防通道，居民多次反映，物业已张贴告知书仍未清理；"


def pages(pdf):
    document = pypdfium2.PdfDocument(pdf)
    found = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
    document.close()
    return found


def pictures(pdf):
    document = pypdfium2.PdfDocument(pdf)
    found = [
        each
        for page in document
        for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    ]
    return found, document


def test_the_forms_are_listed():
    forms = (dispatch_order.FORM, case_sheet.FORM, closing_record.FORM)

    assert all(form in FORMS and form.kind == "case" for form in forms)


def test_the_order_says_everything_the_checklist_asks_for_on_one_page():
    (text,) = pages(dispatch_order.render(WELL))

    for said in (
        "崇安社区案件派遣单", "案件号：案2026-001002-22-031", "网格员巡查", "紧急（1个工作日）",
        "公用设施／污水井盖异常（01002）", "崇安第3网格（640104001002003）", "东经106.2891",
        "污水井盖破裂下沉约5厘米，夜间无照明。", "2026年7月2日8时10分网格员马小梅",
        "2026年7月2日8时40分→职能部门市政养护所派遣人：王建国", "顺达物业项目部",
        "当日更换，恢复平整；回传处置前后照片。结案条件：设施修复、补齐或更换",
        "2026年7月3日（星期五）8时40分前",
        "处置前照片", "7月2日8时5分井盖破裂", "签收人", "处置情况", "□通过□退回（理由）", "结案人",
        "退单（不属本单位职责，理由）", "核对码7K3F92QD", "不得张贴、外传",
    ):  # fmt: skip
        assert said in text, said


def test_photos_are_on_the_paper_and_not_stretched():
    found, document = pictures(dispatch_order.render(WELL))

    shapes = []
    for each in found:
        left, bottom, right, top = each.get_bounds()
        shapes.append(round((right - left) / (top - bottom), 2))
    document.close()
    assert shapes == [1.33, 0.67]


def test_an_order_needs_somebody_to_go_to():
    with pytest.raises(Invalid, match="还没有派遣"):
        dispatch_order.render(vary(WELL, handler=""))


def test_a_dispute_keeps_its_parties_on_a_sealed_page():
    front, sealed = pages(dispatch_order.render(DISPUTE))

    assert "矛盾纠纷交办单" in front
    assert "李某某、赵某某、赵某某（身份和联系方式见密封附页）" in front
    assert "□达成协议□未达成，已告知仲裁、诉讼等途径" in front
    assert "回访：2026年8月17日前" in front
    assert "李秀兰" not in front
    assert "138****0000" not in front
    assert sealed.startswith("密封附页")
    assert "李秀兰" in sealed
    assert "138****0000" in sealed
    assert "（未成年人）" in sealed


def test_the_sheet_tells_the_time_line_with_both_times_where_they_differ():
    late = Step(label="反馈", by="马小梅", content="已更换", at=at(7, 3, 9), made_at=at(7, 2, 16))
    waiting = Step(label="核查通过", by="马小梅", content="", at=at(7, 3, 10), is_pending=True)

    text = "".join(pages(case_sheet.render(vary(CLOSED, steps=(*CLOSED.steps, late, waiting)))))

    assert "2026-07-0208:40派遣王建国承办单位：市政养护所" in text
    assert "2026-07-0309:00（填写2026-07-0216:00）" in text
    assert "核查通过（待服务器确认）" in text
    assert "处置后照片" in text
    assert "（填写2026-07-0208:40）" not in text


def test_the_closing_record_tells_whether_it_was_in_time():
    text = "".join(pages(closing_record.render(CLOSED)))
    late = "".join(pages(closing_record.render(vary(CLOSED, fed_back_at=at(7, 3, 8, 41)))))

    assert "2026年7月3日（星期五）8时40分前按期办理" in text
    assert "满意" in text
    assert "电话回访反映人" in text
    assert "后续跟进" in text
    assert "社区负责人" in text
    assert "超期办理" in late


def test_a_case_nobody_was_asked_about_leaves_room_for_the_answer():
    text = "".join(pages(closing_record.render(vary(CLOSED, satisfaction=""))))

    assert "□非常满意□满意□基本满意□不满意□非常不满意" in text


def test_an_open_case_has_no_closing_record():
    with pytest.raises(Invalid, match="还没有结案"):
        closing_record.render(vary(CLOSED, closed_at=None))


@pytest.mark.parametrize("form", [dispatch_order, case_sheet, closing_record])
def test_long_texts_many_steps_and_no_photos_lose_nothing(form):
    steps = tuple(
        Step(label=f"第{n}步", by="买买提吐尔逊艾力江", content=LONG[: n % 37], at=at(7, 2, 9))
        for n in range(60)
    )
    name = "凤凰北街街道综合行政执法办公室市容环境卫生与园林绿化联合养护中心"
    hard = vary(
        CLOSED, description=LONG * 40, handler=name, steps=steps, before=(), after=(),
        collector="买买提吐尔逊艾力江阿卜杜热合曼苏来曼尼亚孜", returns=(LONG,) * 3,
    )  # fmt: skip

    found = pages(form.render(hard))
    text = "".join(re.sub(r"—\d+—$", "", page) for page in found)

    assert text.count("楼道内长期堆放杂物") >= 40
    assert name in text
    assert "买买提吐尔逊艾力江阿卜杜热合曼苏来曼尼亚孜" in text
    if form is case_sheet:
        assert all(f"第{n}步" in text for n in range(60))
        assert "处置前照片" not in text
    assert not any(page.startswith("内部办理用") for page in found)


def test_an_unsent_number_says_that_it_may_change():
    text = "".join(pages(dispatch_order.render(vary(WELL, is_confirmed=False))))

    assert "尚未上报，以服务器确认的为准" in text


def test_equal_papers_are_equal_files():
    assert dispatch_order.render(WELL) == dispatch_order.render(WELL)


def test_photos_that_do_not_fit_are_told():
    paper = vary(WELL, before=(photo("一"),), photos_elsewhere=3)

    assert "另有3张照片未印" in "".join(pages(dispatch_order.render(paper)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("找李秀兰，电话13812345678", "找李某某，电话138****5678"),
        ("".join(chr(ord(each) + 0xFEE0) for each in "13812345678"), "138****5678"),
        ("证件640104199001011234", "证件640*************34"),
        ("李四", "李四"),
    ],
)
def test_free_text_hides_numbers_and_parties(words, said):
    assert covered(words, ("李秀兰", "")) == said
