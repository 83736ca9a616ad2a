"""Consultations: from the topic to the announcement; a step opens when nothing is missing."""

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.protocol.messages import Answer, Row
from sqzl_desktop.services import consultations, elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.consultations import ConsultationsPage
from tests.arriving import arrive
from tests.places import MEETING
from tests.ui.keys import type_text
from tests.ui.seen import button, buttons, press, texts


@pytest.fixture
def page(window: MainWindow) -> ConsultationsPage:
    found = window.show_page("consultations")
    assert isinstance(found, ConsultationsPage)
    tasks.wait_idle()
    return found


@pytest.fixture
def planned(window: MainWindow, ws: Workspace, page: ConsultationsPage) -> Consultation:
    """A consultation that is only planned, open on the page."""
    made = consultations.from_topic(ws, elements.save(ws, Topic(title="公共车位划线")).id)
    window.open_record("consultation", made.id)
    tasks.wait_idle()
    assert page.form.shown == made
    return made


def fill(page: ConsultationsPage, *names: str) -> None:
    for name in names:
        page.form.editors[name].show_value(MEETING[name])
        page.form.editors[name].changed.emit()


def test_step_is_shut_until_what_it_needs_is_saved(
    qtbot: QtBot, page: ConsultationsPage, planned: Consultation, ws: Workspace
) -> None:
    assert not button(page, "公示告知").isEnabled()
    assert "还需填写：协商时间、协商地点、主持人" in texts(page)

    fill(page, "held_at", "place")
    qtbot.waitUntil(lambda: "还需填写：先保存修改" in texts(page))
    page.form.save()
    tasks.wait_idle()
    assert not button(page, "公示告知").isEnabled()
    assert "还需填写：主持人" in texts(page)

    fill(page, *MEETING)
    qtbot.waitUntil(lambda: "公示告知" in buttons(page))
    assert not button(page, "公示告知").isEnabled(), "not saved yet"
    page.form.save()
    tasks.wait_idle()
    assert button(page, "公示告知").isEnabled()

    press(page, "公示告知")
    after = elements.get(ws, "consultation", planned.id)
    assert isinstance(after, Consultation)
    assert after.state == "announced"
    assert "公示告知" not in buttons(page)
    assert page.form.shown == after


def test_number_and_state_of_a_consultation_are_not_typed(
    page: ConsultationsPage, planned: Consultation
) -> None:
    assert planned.number
    assert not page.form.editors["number"].isEnabled()
    assert not page.form.editors["state"].isEnabled()
    assert page.form.editors["place"].isEnabled()


def test_days_of_posting_the_wrong_way_round_are_said(
    qtbot: QtBot, page: ConsultationsPage, planned: Consultation
) -> None:
    assert planned
    type_text(qtbot, page.form.editors["posted_from"].input(), "20260720")
    type_text(qtbot, page.form.editors["posted_until"].input(), "20260716")

    assert page.form.notes["posted_until"].text() == "公示结束早于开始"


def test_topic_must_be_selected_first(window: MainWindow, page: ConsultationsPage) -> None:
    press(page, "转为协商")

    assert window.said == "请先在“议题征集”里选中一个议题"


def test_new_consultation_is_shown_though_another_was_open(
    page: ConsultationsPage, planned: Consultation, window: MainWindow, ws: Workspace
) -> None:
    topic = elements.save(ws, Topic(title="楼道照明"))
    window.open_record("topic", topic.id)
    page.topics.refresh()
    tasks.wait_idle()
    rows = [page.topics.list.model.record(row) for row in range(2)]
    page.topics.list.select_row([row.id for row in rows if row].index(topic.id))
    tasks.wait_idle()

    press(page, "转为协商")

    shown = page.form.shown
    assert isinstance(shown, Consultation)
    assert (shown.title, shown.id != planned.id) == ("楼道照明", True)
    assert "楼道照明" in texts(page)


def test_topic_becomes_one_consultation_and_says_its_number(
    page: ConsultationsPage, window: MainWindow, ws: Workspace
) -> None:
    topic = elements.save(ws, Topic(title="楼道照明"))
    page.refresh()
    tasks.wait_idle()
    page.topics.list.select_row(0)
    tasks.wait_idle()

    press(page, "转为协商")

    (made,) = elements.find(ws, "consultation")
    assert isinstance(made, Consultation)
    assert window.said == f"已确定议题，协商编号{made.number}"
    after = elements.get(ws, "topic", topic.id)
    assert isinstance(after, Topic)
    assert after.state == "adopted"


def test_unsaved_consultation_is_not_left_without_asking(
    page: ConsultationsPage,
    planned: Consultation,
    window: MainWindow,
    ws: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = consultations.from_topic(ws, elements.save(ws, Topic(title="楼道照明")).id)
    fill(page, "place")
    no = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: no)

    window.open_record("consultation", other.id)
    tasks.wait_idle()

    assert page.form.shown.id == planned.id
    assert page.form.is_dirty


def test_new_topic_is_written_down(qtbot: QtBot, page: ConsultationsPage, ws: Workspace) -> None:
    press(page, "登记议题")
    form = page.topics.form
    type_text(qtbot, form.editors["title"].input(), "加装电梯")
    form.save()
    tasks.wait_idle()

    (saved,) = elements.find(ws, "topic")
    assert isinstance(saved, Topic)
    assert (saved.title, saved.state) == ("加装电梯", "collected")


def test_notice_is_not_printed_of_what_is_unsaved(
    page: ConsultationsPage, planned: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert planned
    opened: list[str] = []
    monkeypatch.setattr(PrintPreview, "exec", lambda preview: opened.append(preview.windowTitle()))
    fill(page, "place")
    assert not button(page, "通知预览和打印").isEnabled()

    page.form.save()
    tasks.wait_idle()
    press(page, "通知预览和打印")

    assert opened == ["打印预览"]


def server_answers(
    ws: Workspace, made: Consultation, *last: str, others: Sequence[Row] = ()
) -> None:
    """All that is unsent was applied; to the last operation the server says `last`."""
    with ws.store.write() as tx:
        every = changes.unsent(tx, made.community_id, 10)
        told = [Answer(each.n, each.id, "applied") for each in every[:-1]]
        changes.answer(tx, [*told, Answer(every[-1].n, every[-1].id, *last)])
        rows = [
            Row(kind, record, "", 8, records.fields_of(tx, kind, record) or {}, {"*": each}, each)
            for kind, record, each in {(op.kind, op.record, every[-1].id) for op in every}
        ]
    arrive(ws, made.community_id, *rows, *others)


def test_step_awaits_the_server_until_it_is_confirmed(
    page: ConsultationsPage, planned: Consultation, window: MainWindow, ws: Workspace
) -> None:
    assert "待服务器确认" not in texts(page)

    press(page, "撤回")

    assert "待服务器确认" in texts(page)
    server_answers(ws, planned, "applied")
    window.desk.bus.changed.emit(("consultation",))
    tasks.wait_idle()
    assert "待服务器确认" not in texts(page)


def test_who_came_second_reads_who_was_first_and_what_stayed(
    page: ConsultationsPage, planned: Consultation, ws: Workspace
) -> None:
    sentence = "民主协商已由李书记于2026年7月1日 10:00办理为“已撤回”；您填写的内容已作为补充记入"
    flow_steps.take_step(ws, "consultation", planned.id, "withdraw")
    fields = {
        "community_id": planned.community_id, "record_kind": "consultation",
        "record_id": planned.id, "step": "撤回", "content": "保留意见：居民已搬走",
        "by": "王网格", "received_at": "2026-07-01T02:05:00Z",
    }  # fmt: skip
    supplement = Row("supplement", "s1", "", 9, fields, {"*": "o1"}, "o1")
    server_answers(ws, planned, "noop", sentence, others=[supplement])

    page.open_record("consultation", planned.id)
    tasks.wait_idle()

    assert sentence in texts(page)
    kept = "补充说明　王网格拟办“撤回”（2026年7月1日 10:05收到）\n保留意见：居民已搬走"
    assert kept in texts(page)
    press(page, "知道了")
    assert sentence not in texts(page)
    assert kept in texts(page)
