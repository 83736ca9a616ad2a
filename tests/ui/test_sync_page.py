"""The page of sync over a real server: a round, no network, what was refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.session import SyncDone
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.sync import SyncPage
from tests.field import Field, take_away
from tests.places import GRID, OTHER_GRID
from tests.sync.test_guard import lose
from tests.ui.seen import button, buttons, press, texts


@pytest.fixture
def online(qtbot: QtBot, laptops: Callable[..., DeviceSession]) -> Iterator[MainWindow]:
    """The window of wang on an enrolled laptop."""
    made = MainWindow(laptops("wang"))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    tasks.wait_idle()
    yield made
    made.stop_work()
    tasks.wait_idle()


def page_of(window: MainWindow) -> SyncPage:
    found = window.page("sync")
    assert isinstance(found, SyncPage)
    return found


def test_round_reports_what_was_saved_and_the_badge_follows(
    online: MainWindow, qtbot: QtBot
) -> None:
    ws, page = online.desk.ws, page_of(online)
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    online.desk.bus.changed.emit(("resident",))
    tasks.wait_idle()
    assert online.badge.text() == "待上报 1"

    qtbot.keyClick(online, Qt.Key.Key_F5)
    tasks.wait_idle()

    assert page.isVisible()
    assert "同步完成：上报 1 项" in page.told
    assert "上次同步：2026年6月30日 10:00" in texts(page)
    assert "服务器：http://server" in texts(page)
    assert online.badge.text() == "已同步"
    assert elements.sync_state(ws, "resident", person.id) == "confirmed"
    assert buttons(page) == ["写入U盘", "读取回执", "立即同步"]


def test_cut_network_is_said_and_the_next_round_makes_up_for_it(
    online: MainWindow, field: Field
) -> None:
    page = page_of(online)
    elements.save(online.desk.ws, Resident(name="马小明", grid_id=GRID))
    online.show_page("sync")
    field.network.is_up = False
    press(page, "立即同步")
    assert "服务器" in page.told
    assert online.badge.text() == "离线　待上报 1"
    assert button(page, "立即同步").isEnabled()

    field.network.is_up = True
    press(page, "立即同步")

    assert "上报 1 项" in page.told
    assert online.badge.text() == "已同步"


def test_stopped_round_says_so_and_can_be_begun_again(online: MainWindow) -> None:
    page = page_of(online)
    elements.save(online.desk.ws, Resident(name="马小明", grid_id=GRID))
    online.show_page("sync")
    tasks.wait_idle()
    # at the first word of progress, on the thread of the round
    stopping = page.advanced.connect(lambda *_: page.stop(), Qt.ConnectionType.DirectConnection)

    press(page, "立即同步")
    assert "已停止同步，下次会从这里继续" in page.told

    page.advanced.disconnect(stopping)
    press(page, "立即同步")
    assert "同步完成" in page.told


def test_second_round_is_not_begun_while_one_is_under_way(online: MainWindow) -> None:
    page = page_of(online)
    online.show_page("sync")
    tasks.wait_idle()

    page.start()
    assert "停止" in buttons(page)
    assert not button(page, "立即同步").isEnabled()
    page.start()
    tasks.wait_idle()

    assert "同步完成" in page.told


def test_refused_change_is_counted_and_the_way_to_it_is_shown(
    online: MainWindow, field: Field
) -> None:
    page = page_of(online)
    elements.save(online.desk.ws, Resident(name="马小明", grid_id=OTHER_GRID))
    take_away(field, "wang", OTHER_GRID)
    field.clock.advance(hours=30)
    online.show_page("sync")

    press(page, "立即同步")
    assert "1 项被退回" in page.told
    assert online.badge.text() == "被退回 1"
    press(page, "去待处理（1）")

    assert online.page("pending").isVisible()
    assert "没有被退回的修改" not in texts(online.page("pending"))


def test_round_with_nothing_to_do_says_so(online: MainWindow) -> None:
    page = page_of(online)
    online.show_page("sync")

    press(page, "立即同步")

    assert page.told == "同步完成：没有需要上报的，也没有新的内容。"


def test_stick_is_written_and_its_receipt_read(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = window.show_page("sync")
    tasks.wait_idle()
    pack, receipt = tmp_path / "a.sqzlpack", tmp_path / "a.receipt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (str(pack), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_words: (str(receipt), ""))

    press(page, "写入U盘")
    assert pack.exists()
    assert "已写入0项，请把文件带给服务器，再带回回执" in texts(page)

    receipt.write_bytes(b"receipt")
    press(page, "读取回执")
    assert "回执已读取：2项有了结果，其中冲突0项、被退回1项；更新1项" in texts(page)

    receipt.write_bytes(b"torn")
    press(page, "读取回执")
    assert window.said == "这不是服务器写出的回执，或文件没有复制完整"


def test_great_removal_waits_for_a_yes(
    online: MainWindow, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Resident(name="马小明", grid_id=GRID) for _ in range(60)]
    saved = elements.save_all(online.desk.ws, many)
    online.desk.session.sync()
    lose(field, [each.id for each in saved])
    page = page_of(online)
    online.show_page("sync")

    press(page, "立即同步")
    assert elements.count(online.desk.ws, "resident") == 60
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: yes)
    press(page, "查看并确认删除")

    assert elements.count(online.desk.ws, "resident") == 0
    assert "查看并确认删除" not in buttons(page)


def test_clock_that_is_off_is_told(online: MainWindow) -> None:
    page = page_of(online)
    online.show_page("sync")

    page._done(SyncDone(1, 0, 0, 0, (), clock_off=-900))
    tasks.wait_idle()

    assert "本机时钟比服务器慢约15分钟" in page.told
