"""Photos and files on the screen: added, seen with their state, opened, removed."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QTabWidget, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.facility import Facility
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import attachments, elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import blobs
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.element_kinds import SHOWN
from sqzl_desktop.ui.pages.resident_card import ResidentCardPage
from sqzl_desktop.ui.widgets.attachment_view import AttachmentView
from sqzl_desktop.ui.widgets.attachments import WITHOUT_ATTACHMENTS, AttachmentStrip
from sqzl_desktop.ui.widgets.record_desk import RecordDesk
from tests.places import GRID, OTHER_GRID
from tests.ui.seen import buttons, listen, press, texts


def photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def person(ws: Workspace) -> str:
    return elements.save(ws, Resident(name="马小明", grid_id=GRID)).id


@pytest.fixture
def strip(qtbot: QtBot, desk: Desk, person: str) -> AttachmentStrip:
    return shown(qtbot, desk, "resident", person)


def shown(qtbot: QtBot, desk: Desk, kind: str, record_id: str) -> AttachmentStrip:
    made = AttachmentStrip(desk)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.show_record(kind, record_id)
    tasks.wait_idle()
    return made


def tiles(widget: QWidget) -> list[QToolButton]:
    tasks.wait_idle()
    return [each for each in widget.findChildren(QToolButton) if each.objectName() == "attachment"
            and each.isVisible()]  # fmt: skip


def view_of(widget: QWidget) -> AttachmentView:
    tasks.wait_idle()
    return next(each for each in widget.findChildren(AttachmentView) if each.isVisible())


def test_photo_is_added_and_seen_with_its_state(
    strip: AttachmentStrip, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "单元门.png").write_bytes(photo())
    chosen = [str(tmp_path / "单元门.png")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (chosen, ""))
    heard = listen(desk)
    assert tiles(strip) == []

    press(strip, "添加照片或文件")

    (tile,) = tiles(strip)
    assert tile.text() == "单元门\n未上报"
    assert not tile.icon().isNull()
    assert ("已存本机：1个附件", False) in heard.said
    assert "附件　1" in texts(strip)


def test_file_that_is_not_taken_is_said(strip: AttachmentStrip, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ\x90")
    heard = listen(desk)

    strip.add_files([tmp_path / "a.exe"])

    assert tiles(strip) == []
    ((sentence, is_problem),) = heard.said
    assert is_problem
    assert "只能添加" in sentence


def test_photo_opens_large_and_can_be_saved(
    strip: AttachmentStrip, ws: Workspace, person: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    added = attachments.add(ws, "resident", person, photo(), caption="门口")
    strip._tell()
    tiles(strip)[0].click()
    view = view_of(strip)
    assert "门口" in texts(view)
    assert "正在打开" not in texts(view)

    target = tmp_path / "门口.jpg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    press(view, "另存为")

    assert target.read_bytes() == attachments.content(ws, added.id)
    view.reject()


def test_removed_photo_is_gone(
    strip: AttachmentStrip, ws: Workspace, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachments.add(ws, "resident", person, photo())
    strip._tell()
    tiles(strip)[0].click()
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr(QMessageBox, "question", lambda *_: yes)

    press(view_of(strip), "移除")

    assert tiles(strip) == []
    assert attachments.of(ws, "resident", person) == []


def test_record_that_is_not_saved_has_no_strip(qtbot: QtBot, desk: Desk, person: str) -> None:
    strip = shown(qtbot, desk, "resident", person)
    strip.show_record("resident", "")

    assert not strip.isVisible()


def test_card_of_a_resident_has_them(qtbot: QtBot, desk: Desk, person: str) -> None:
    page = ResidentCardPage(desk)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    with qtbot.waitExposed(page):
        page.show()
    attachments.add(desk.ws, "resident", person, photo())

    page.open_record("resident", person)

    assert len(tiles(page)) == 1
    assert "添加照片或文件" in buttons(page)


@pytest.fixture
def pair(laptops: Callable[..., DeviceSession]) -> Iterator[tuple[DeviceSession, Desk]]:
    """A laptop that took a photo, and the desk of another one."""
    ma = laptops("ma")
    yield laptops("wang"), Desk(ma, Bus())
    tasks.wait_idle()


def test_photo_of_another_laptop_is_fetched_when_it_is_opened(
    qtbot: QtBot, pair: tuple[DeviceSession, Desk]
) -> None:
    wang, desk = pair
    lamp = elements.save(wang.ws, Facility(name="路灯", grid_id=OTHER_GRID))
    attachments.add(wang.ws, "facility", lamp.id, photo())
    wang.sync()
    desk.session.sync()
    strip = shown(qtbot, desk, "facility", lamp.id)
    (tile,) = tiles(strip)
    assert tile.text().endswith("待下载")

    tile.click()

    assert "正在打开" not in texts(view_of(strip))
    assert [each.text().split("\n")[1] for each in tiles(strip)] == ["已上报"]
    view_of(strip).reject()


def test_photo_that_cannot_be_fetched_says_why(
    strip: AttachmentStrip, ws: Workspace, person: str
) -> None:
    added = attachments.add(ws, "resident", person, photo())
    strip._tell()
    (tile,) = tiles(strip)
    with ws.store.write() as tx:
        blobs.forget(tx, added.id)

    tile.click()

    assert "联网后才能下载" in view_of(strip).told
    view_of(strip).reject()


def test_photos_are_looked_at_one_after_the_other_and_zoomed(
    qtbot: QtBot, strip: AttachmentStrip, ws: Workspace, person: str
) -> None:
    for caption in ("门口", "客厅", "厨房"):
        attachments.add(ws, "resident", person, photo(), caption=caption)
    strip._tell()
    tiles(strip)[0].click()
    view = view_of(strip)
    assert "第1个，共3个　门口" in texts(view)

    qtbot.keyClick(view, Qt.Key.Key_Right)
    tasks.wait_idle()
    assert "第2个，共3个　客厅" in texts(view)
    press(view, "上一个")
    press(view, "上一个")
    assert "第3个，共3个　厨房" in texts(view), "it goes around the ends"

    assert view.photo is not None
    whole = view.photo.scale_now
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.photo.scale_now > whole
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.photo.scale_now == whole
    view.reject()


@pytest.mark.parametrize("kind", [each for each in SHOWN if each not in WITHOUT_ATTACHMENTS])
def test_every_kind_has_them_beside_its_form(qtbot: QtBot, desk: Desk, kind: str) -> None:
    made = RecordDesk(desk, kind, lambda _kind: None)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    with qtbot.waitExposed(made):
        made.show()
    record = next(iter(elements.find(desk.ws, kind, limit=1)), None)
    made.open(record.id) if record else made.blank()
    tasks.wait_idle()
    if record:
        attachments.add(desk.ws, kind, record.id, photo())
        desk.bus.changed.emit(("attachment",))
        tasks.wait_idle()

    tabs = made.findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    assert tabs.tabText(1) == ("附件　1" if record else "附件")
    assert tabs.isTabEnabled(1) is bool(record), "what is not saved yet has none"
