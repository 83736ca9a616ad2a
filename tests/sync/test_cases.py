"""A case between two laptops: reported with photos, taken on, late; and what its view says."""

import dataclasses
import io
from collections.abc import Callable

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.case_party import CaseParty
from sqzl_desktop.services import (
    attachments,
    case_look,
    case_reporting,
    case_work,
    class_choice,
    elements,
    pending,
    phrases,
)
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import start_application
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.case_view import CaseView
from tests.places import GRID
from tests.ui.seen import texts

Two = tuple[DeviceSession, DeviceSession]


@pytest.fixture(scope="session")
def qapp() -> object:
    """Our own application object, dressed."""
    return start_application()


@pytest.fixture
def two(laptops: Callable[..., DeviceSession]) -> Two:
    return laptops("wang", "甲机"), laptops("ma", "乙机")


def photo(colour: str) -> attachments.Ready:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return attachments.ready(made.getvalue())


def reported(session: DeviceSession, *, measures: str = "") -> Case:
    code = class_choice.hits(session.ws, "楼道堆物")[0].id
    first = case_reporting.first(session.ws, {"title": "楼道堆物", "grid_id": GRID})
    case = dataclasses.replace(first, dwelling_id="d1", class_code=code)
    return case_reporting.report(session.ws, case, files=[photo("red")], measures=measures)


def shown(qtbot: QtBot, session: DeviceSession, case: Case) -> CaseView:
    view = CaseView(Desk(session, Bus()))
    qtbot.addWidget(view)
    view.resize(640, 900)
    view.show()
    view.show_case(case.id)
    tasks.wait_idle()
    return view


def test_what_was_put_right_on_the_spot_comes_whole(two: Two) -> None:
    a, b = two
    case = reported(a, measures="已当场清理")
    phrases.keep(a.ws, "report", "楼道堆放纸箱")
    case_look.add_party(a.ws, CaseParty(name="李某某"), case_id=case.id, role="01",
                        phone="13995123456", is_minor=True)  # fmt: skip
    a.sync()
    b.sync()

    assert pending.open_count(a.ws) == 0
    look = case_look.look(b.ws, case.id)
    assert (look.case.state, look.case.close_kind) == ("closed", "on_spot")
    assert [each.label for each in look.moments] == ["上报", "自办自结"]
    assert [each.attachment.caption for each in attachments.of(b.ws, "case", case.id)] == ["处置前"]
    assert [(each.name, each.is_minor) for each in look.parties] == [("李某某", True)]
    assert phrases.of(b.ws, "report")[0] == "楼道堆放纸箱"


def test_view_tells_the_device_and_the_time_of_the_server(two: Two, qtbot: QtBot) -> None:
    a, b = two
    case = reported(a)
    case_work.step(a.ws, case.id, "file", {})
    view = shown(qtbot, a, case)
    assert "待服务器确认" in texts(view.tabs.timeline)

    a.sync()
    view.refresh()
    tasks.wait_idle()
    assert "待服务器确认" not in texts(view)
    assert "设备：甲机" in texts(view.tabs.timeline)

    b.sync()
    other = shown(qtbot, b, case)
    assert "剩" in texts(other.head)
    assert "王网格" in texts(other.tabs.timeline)


def test_whoever_was_slower_is_told_so_and_what_they_wrote_stays(two: Two, qtbot: QtBot) -> None:
    a, b = two
    case = reported(a)
    case_work.step(a.ws, case.id, "file", {})
    a.sync()
    b.sync()
    case_work.step(b.ws, case.id, "dispatch", {"handler_kind": "02", "handler": "阳光物业"})
    case_work.step(a.ws, case.id, "handle_on_spot", {"measures": "已清理"}, [photo("blue")])
    b.sync()
    a.sync()

    said = texts(shown(qtbot, a, case).notes)
    assert "您的“自办自结”没有生效" in said or "已作为补充记入" in said
    assert "补充说明　王网格拟办“自办自结”" in said
    assert "处置措施：已清理" in said
    now = elements.get(a.ws, "case", case.id)
    assert isinstance(now, Case)
    assert (now.state, now.handler) == ("dispatched", "阳光物业")
    assert len(attachments.of(a.ws, "case", case.id)) == 2
