"""A report from one line of words, with its photos and what was typed before."""

import dataclasses
import io

import pytest
from PIL import Image

from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import (
    attachments,
    case_look,
    case_reporting,
    case_rules,
    case_work,
    class_choice,
    drafts,
    elements,
    phrases,
)
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes


def photo(colour: str = "red") -> attachments.Ready:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return attachments.ready(made.getvalue())


def begun(ws: Workspace, **values: str) -> Case:
    case = case_reporting.first(ws, {"title": "楼道堆物"})
    return dataclasses.replace(case, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "title", "place"),
    [
        ("3-2-501 楼道堆物", "楼道堆物", ("dwelling", "d1")),
        ("3-2-501楼道堆物", "楼道堆物", ("dwelling", "d1")),
        ("3号楼2单元501室 楼道堆物", "楼道堆物", ("dwelling", "d1")),
        ("阳光家园3号楼，电梯坏了", "电梯坏了", ("building", "b1")),
        ("9-9-901 楼道堆物", "楼道堆物", None),
        ("小广场积水", "小广场积水", None),
    ],
)
def test_line_says_where_and_what(
    ws: Workspace, line: str, title: str, place: tuple[str, str] | None
) -> None:
    found = case_reporting.understood(ws, line)

    assert found.title == title
    assert (found.place and (found.place.kind, found.place.id)) == place


def test_class_is_found_by_name_initials_and_code(ws: Workspace) -> None:
    for text in ("暴露垃圾", "bllj", "垃圾", "06010"):
        assert "暴露垃圾" in [each.title for each in class_choice.hits(ws, text)], text
    assert class_choice.hits(ws, "bllj")[0].title == "暴露垃圾"


def test_class_is_proposed_from_what_happened_and_not_from_little(ws: Workspace) -> None:
    book = case_rules.rules(ws).book
    said = class_choice.proposed(book, "三单元楼道里又堆了杂物")

    assert said is not None
    assert said.title == "楼道堆物"
    assert class_choice.proposed(book, "小广场有蛇") is None


def test_report_and_its_photos_are_one_group(ws: Workspace) -> None:
    made = case_reporting.report(
        ws, begun(ws, dwelling_id="d1", class_code="06010"), files=[photo(), photo("blue")]
    )

    kept = attachments.of(ws, "case", made.id)
    assert [each.attachment.caption for each in kept] == ["处置前", "处置前"]
    with ws.store.read() as tx:
        groups = {each.group for each in changes.unsent(tx, made.community_id, 10)}
    assert len(groups) == 1
    said = case_reporting.told(ws, made)
    assert said == f"已上报并存本机：{made.number}，按现在立案应在2026年6月30日 16:30前办结"


def test_put_right_on_the_spot_is_closed_by_the_report(ws: Workspace) -> None:
    made = case_reporting.report(ws, begun(ws), measures="已当场清理")

    assert (made.state, made.close_kind, made.measures) == ("closed", "on_spot", "已当场清理")


@pytest.mark.parametrize(("role", "source"), [("clerk", "03"), ("building_lead", "07")])
def test_who_may_only_report_does_so_by_their_usual_way(
    ws: Workspace, role: str, source: str
) -> None:
    theirs = dataclasses.replace(ws, actor=dataclasses.replace(ws.actor, role=role))

    made = case_reporting.report(theirs, begun(theirs, dwelling_id="d1"), files=[photo()])

    assert (made.state, made.source) == ("reported", source)
    assert case_look.open_steps(theirs, case_look.look(theirs, made.id)) == []


def test_step_brings_its_photos(ws: Workspace) -> None:
    made = case_reporting.report(ws, begun(ws))

    case_work.step(ws, made.id, "confirm", {"confirm_note": "属实"}, [photo()])

    (kept,) = attachments.of(ws, "case", made.id)
    assert isinstance(kept.attachment, Attachment)
    assert kept.attachment.caption == "处置前"
    assert case_look.look(ws, made.id).case.state == "confirmed"


def test_open_case_at_the_same_home_is_alike(ws: Workspace) -> None:
    first = case_reporting.report(ws, begun(ws, dwelling_id="d1", class_code="06036"))
    other = begun(ws, dwelling_id="d1", class_code="06010")
    same = begun(ws, dwelling_id="d1", class_code="06036")

    assert [each.id for each in case_look.alike(ws, same)] == [first.id]
    assert case_look.alike(ws, other) == []


def test_draft_is_found_again_and_dropped(ws: Workspace, lead: Workspace) -> None:
    drafts.keep(ws, "report", {"title": "堆物"})

    assert drafts.find(ws, "report") == {"title": "堆物"}
    assert drafts.find(lead, "report") == {}
    drafts.drop(ws, "report")
    assert drafts.find(ws, "report") == {}


def test_own_phrases_stand_before_those_of_the_program(ws: Workspace) -> None:
    built_in = phrases.of(ws, "urge")
    phrases.keep(ws, "urge", "请今天下班前完成。")
    phrases.keep(ws, "urge", "请今天下班前完成。")

    assert phrases.of(ws, "urge") == ["请今天下班前完成。", *built_in]
    assert elements.count(ws, "case_phrase") == 1
    assert phrases.drop(ws, "urge", "请今天下班前完成。")
    assert not phrases.drop(ws, "urge", built_in[0])
    assert phrases.of(ws, "urge") == built_in
