"""The classes built in, a community's own over them, and the way from older lists."""

import pytest

from sqzl_desktop.domain import limits
from sqzl_desktop.domain.case_classes import ClassBook, builtin, former
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case_class import CASE_CLASS, CaseClass

BOOK = ClassBook()


def test_every_class_of_the_program_says_who_does_what_until_when() -> None:
    for each in builtin():
        assert each.name
        assert each.handler
        assert each.filing_condition
        assert each.closing_condition
        assert each.category in code_list("case_category")
        for text in (each.phases, each.phases_urgent, each.phases_very_urgent):
            limits.read(text)
        assert limits.read(each.phases)
        assert limits.read_stages(each.stage_limits)
        assert not each.parent or BOOK.of(each.parent)


def test_all_matters_and_disputes_of_the_lists_are_there() -> None:
    codes = {each.code for each in builtin()}

    assert {each.code for each in code_list("matter").codes} <= codes
    assert {each.code for each in code_list("dispute").codes} <= codes
    assert len(codes) == len(builtin())


def test_phases_follow_the_urgency_and_where_it_has_none_the_lower_one() -> None:
    assert [str(each) for each in BOOK.phases("06001", "01")] == [
        "停工 4工作时",
        "处罚 7工作日",
        "拆除 20工作日",
    ]
    assert [str(each) for each in BOOK.phases("X01", "03")] == ["1小时"]
    assert BOOK.phases("06001", "03") == BOOK.phases("06001", "02")
    assert BOOK.phases("unknown") == ()


def changed(code: str, version: int, **fields: object) -> CaseClass:
    return CaseClass(id=f"{version}-{code}", code=code, version=version, **fields)  # type: ignore[arg-type]


def test_old_cases_keep_the_version_they_were_filed_under() -> None:
    book = ClassBook([changed("06010", 2, name="暴露垃圾", parent="06", phases="1工作时")])

    assert book.version("06010") == 2
    assert [str(each) for each in book.phases("06010")] == ["1工作时"]
    assert [str(each) for each in book.phases("06010", version=1)] == ["4工作时"]
    assert [each.version for each in book.versions("06010")] == [2, 1]


def test_retired_class_is_not_offered_but_still_known_and_leads_on() -> None:
    gone = changed("06010", 2, name="暴露垃圾", is_retired=True, replaced_by="06042")
    book = ClassBook([gone])

    assert "06010" not in [each.code for each in book.search("暴露垃圾")]
    assert book.name("06010") == "暴露垃圾"
    assert [each.new_code for each in book.crosswalk("06010")] == ["06042"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("06028", "06028"), ("噪声扰民", "06028"), ("zsrm", "06028"), ("ZSRM", "06028"),
        ("占用堵塞", "X01"), ("dbql", ""), ("ldyc", "01037"), ("x04", "X04"), ("爆米花", ""),
    ],
)  # fmt: skip
def test_class_is_found_by_code_name_or_first_letters(words: str, code: str) -> None:
    found = [each.code for each in BOOK.search(words)]

    assert code in found[:3] if code else found == []


def test_class_is_found_by_what_an_older_list_called_it() -> None:
    assert [each.code for each in BOOK.search("上水井盖")] == ["01001"]
    assert "10001" in [each.code for each in BOOK.search("0407")]
    assert BOOK.name("0407") == "街头坐椅（旧类别）"
    assert BOOK.name("9999") == "9999"


def test_search_offers_nothing_that_has_classes_below_it() -> None:
    assert {"06", "D", "X"}.isdisjoint(each.code for each in BOOK.search("", limit=1000))
    assert len(BOOK.search("", limit=1000)) == len(BOOK.leaves())


def test_old_codes_lead_to_classes_that_exist() -> None:
    for each in former():
        found = BOOK.of(each.new_code)
        assert each.new_code == "" or (found is not None and found.name == each.new_name), each

    two = BOOK.crosswalk("0101")
    assert [(each.scheme, each.new_code) for each in two] == [
        ("CJ/T 214 部件", "01001"),
        ("CJ/T 214 事件", "06001"),
    ]
    assert [each.new_code for each in BOOK.crosswalk("0102", "CJ/T 214 事件")] == ["06010"]


def test_limits_nobody_could_count_are_refused_where_they_are_written() -> None:
    import datetime as dt

    wrong = changed("L1", 1, name="试", phases="尽快", stage_limits="审批 1工作日")

    assert set(CASE_CLASS.errors(wrong, dt.date(2026, 7, 1))) == {"phases", "stage_limits"}
