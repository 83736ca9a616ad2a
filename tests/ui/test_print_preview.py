"""The preview: the paper as it will come out; saving keeps a notice, looking does not."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.notice import Notice
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import consultations, elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.pdf_view import draw_pages
from tests.places import MEETING
from tests.ui.seen import button, listen, press


@pytest.fixture
def announced(ws: Workspace) -> Consultation:
    made = consultations.from_topic(ws, elements.save(ws, Topic(title="公共车位划线")).id)
    after = flow_steps.take_step(ws, "consultation", made.id, "announce", MEETING)
    assert isinstance(after, Consultation)
    return after


@pytest.fixture
def preview(qtbot: QtBot, window: MainWindow, announced: Consultation) -> PrintPreview:
    made = PrintPreview(window.desk, "consultation_notice", announced.id, window)
    qtbot.addWidget(made)
    made.show()
    tasks.wait_idle()
    return made


def test_paper_is_named_with_its_number(preview: PrintPreview, announced: Consultation) -> None:
    assert announced.number in preview.said
    assert preview.view.page_count() >= 1
    assert preview.can_print


def test_saved_paper_is_a_pdf_and_is_kept_in_the_log(
    preview: PrintPreview,
    announced: Consultation,
    window: MainWindow,
    ws: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "通知.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (str(path), ""))
    heard = listen(window.desk)

    press(preview, "另存为PDF…")

    assert len(draw_pages(path.read_bytes(), 20)) == preview.view.page_count()
    (kept,) = elements.find(ws, "notice")
    assert isinstance(kept, Notice)
    assert announced.id in vars(kept).values()
    assert heard.said == [(f"已保存到 {path}", False)]
    assert heard.changed == [("notice",)]


def test_no_file_chosen_keeps_nothing(
    preview: PrintPreview, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: ("", ""))

    press(preview, "另存为PDF…")

    assert elements.count(ws, "notice") == 0


def test_file_that_cannot_be_written_is_said(
    preview: PrintPreview, window: MainWindow, tmp_path: Path
) -> None:
    heard = listen(window.desk)

    preview.save_to(tmp_path / "nowhere" / "notice.pdf")
    tasks.wait_idle()

    ((sentence, is_problem),) = heard.said
    assert is_problem
    assert "写不进文件" in sentence


def test_consultation_that_is_gone_is_said(qtbot: QtBot, window: MainWindow) -> None:
    preview = PrintPreview(window.desk, "consultation_notice", "nowhere", window)
    qtbot.addWidget(preview)
    preview.show()
    tasks.wait_idle()

    assert "还不能生成：找不到这条" in preview.said
    assert not preview.can_print
    assert not button(preview, "另存为PDF…").isEnabled()
