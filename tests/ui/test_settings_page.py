"""Settings: facts to read out, a self-check."""

from pytestqt.qtbot import QtBot

from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.pages.settings import SettingsPage
from tests.ui.seen import press, texts


def shown(qtbot: QtBot, desk: Desk) -> SettingsPage:
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_device_and_person_are_named(qtbot: QtBot, desk: Desk) -> None:
    seen = texts(shown(qtbot, desk))

    for fact in ("王网格（网格员）", "http://server", "测试机，编号 22", "只用密码解锁"):
        assert fact in seen
    assert str(desk.ws.store.folder) in seen


def test_store_that_is_well_is_said_to_be(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk)

    press(page, "开始检查")

    assert "待上报队列" in texts(page)
    assert "异常" not in texts(page)
