"""Screenshots of every page: python -m tests.shots OUT [--data-dir DIR]; Qt may be offscreen."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from sqzl_desktop.app import DeviceOpener
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import attachments, case_reporting, conflicts, elements, visits
from sqzl_desktop.services.session import Session
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import start_application
from sqzl_desktop.ui.dialogs.case_rules import CaseRules
from sqzl_desktop.ui.dialogs.import_wizard import ImportWizard
from sqzl_desktop.ui.dialogs.login import LoginView
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview
from sqzl_desktop.ui.dialogs.report_case import ReportCase
from sqzl_desktop.ui.dialogs.sign_in_again import SignInAgain
from sqzl_desktop.ui.dialogs.visit import VisitDialog
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.navigation import PAGES
from sqzl_desktop.ui.pages.pending import PendingPage
from sqzl_desktop.ui.widgets.attachment_view import AttachmentView
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from tests.demo.told import PASSWORD

MANUAL = Path(__file__).parents[1] / "docs" / "manual"
DIRTY = Path(__file__).parent / "data" / "dirty_residents.csv"
WHY = "本机的登记已失效，请重新登录；已录入的内容都在本机"
Sizes = Sequence[tuple[int, int]]
SIZES: Sizes = ((1366, 768), (1920, 1080))


def take(
    session: Session, out: Path, sizes: Sizes = SIZES, wanted: Callable[[str], bool] = bool
) -> list[Path]:
    """Visit every page and dialog of an unlocked session; returns the pictures."""
    _begin()
    out.mkdir(parents=True, exist_ok=True)
    window = MainWindow(session)
    taken: list[Path] = []
    for size in sizes:
        window.resize(*size)
        window.show()
        for name, prepare in _scenes(window):
            if not wanted(name):
                continue
            extra = prepare()
            prefix = f"{size[0]}x{size[1]}_" if len(sizes) > 1 else ""
            taken.append(_shoot(extra or window, out / f"{prefix}{name}.png"))
            if extra is not None:
                extra.close()
                extra.deleteLater()
    window.close()
    window.deleteLater()
    settle()
    return taken


def take_page(session: Session, page: str, path: Path) -> Path:
    """One page as it is now, on the smaller screen."""
    _begin()
    path.parent.mkdir(parents=True, exist_ok=True)
    window = MainWindow(session)
    window.resize(*SIZES[0])
    window.show_page(page)
    taken = _shoot(window, path)
    window.close()
    window.deleteLater()
    settle()
    return taken


def _begin() -> None:
    start_application()
    qInstallMessageHandler(_warn)


def _warn(_level: QtMsgType, _where: QMessageLogContext, message: str) -> None:
    """Qt's warnings, but for one that the offscreen platform repeats at every window."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def settle() -> None:
    """Until every task is done and every event is handled."""
    for _ in range(3):
        tasks.wait_idle()
        QApplication.processEvents()


def _shoot(widget: QWidget, path: Path) -> Path:
    widget.show()
    settle()
    widget.grab().save(str(path))
    return path


def _scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], QWidget | None]]]:
    for page in PAGES:
        yield page.name, _page(window, page.name)
    for place, name in enumerate(("conflicts", "refused", "handovers", "duplicates")):
        yield f"pending_{name}", _pending(window, place)
    ws = window.desk.ws
    residents = elements.find(ws, "resident", filters=[Filter("household_id", "!=", "")], limit=4)
    if residents:
        yield "resident_open", _record(window, "resident", residents[-1].id)
        yield "dwelling_open", _first(window, "dwelling")
        yield "visit", _visit(window, residents[-1].id)
    for mark in elements.find(ws, "duplicate", limit=1):
        yield "duplicate", _record(window, "resident", getattr(mark, "record_id", ""))
    waiting = conflicts.open_conflicts(ws)
    if waiting:
        yield "resident_history", _history(window, waiting[0].record_id)
    yield "places_history", _places_history(window)
    yield "event_open", _first(window, "event")
    yield "case_open", _first(window, "case")
    yield "case_report", _report(window)
    yield "consultation_open", _first(window, "consultation")
    yield "resident_new", _record(window, "resident", "")
    yield "search", _search(window)
    consultation = _announced(window)
    if consultation:
        yield (
            "notice",
            lambda: PrintPreview(window.desk, "consultation_notice", consultation, window),
        )
    yield "import", _import(window)
    yield "case_rules", lambda: _case_rules(window, 0)
    yield "work_calendar", lambda: _case_rules(window, 1)
    yield "sign_in_again", lambda: SignInAgain(window.desk, WHY, window)
    for photo in elements.find(ws, "attachment", limit=1):
        yield "photo", _photo(window, photo)
    yield "login", _login(window)


def _page(window: MainWindow, name: str) -> Callable[[], None]:
    def go() -> None:
        window.show_page(name)

    return go


def _pending(window: MainWindow, place: int) -> Callable[[], None]:
    def go() -> None:
        page = window.show_page("pending")
        assert isinstance(page, PendingPage)
        page.tabs.setCurrentIndex(place)

    return go


def _history(window: MainWindow, record_id: str) -> Callable[[], None]:
    def go() -> None:
        window.open_record("resident", record_id)
        settle()
        page = window.page("resident_card")
        panel = page.findChild(HistoryPanel)
        tabs = page.findChild(QTabWidget)
        assert isinstance(tabs, QTabWidget)
        tabs.setCurrentIndex(tabs.count() - 1)
        assert isinstance(panel, HistoryPanel)
        assert panel.isVisible()

    return go


def _places_history(window: MainWindow) -> Callable[[], None]:
    def go() -> None:
        page = window.show_page("places")
        settle()
        tabs = page.findChild(QTabWidget)
        assert isinstance(tabs, QTabWidget)
        tabs.setCurrentIndex(1)

    return go


def _photo(window: MainWindow, photo: Element) -> Callable[[], QWidget]:
    def go() -> QWidget:
        assert isinstance(photo, Attachment)
        shown = attachments.of(window.desk.ws, photo.record_kind, photo.record_id)[0]
        return AttachmentView(window.desk, shown, window)

    return go


def _record(window: MainWindow, kind: str, record_id: str) -> Callable[[], None]:
    def go() -> None:
        window.open_record(kind, record_id)

    return go


def _first(window: MainWindow, kind: str) -> Callable[[], None]:
    def go() -> None:
        found = elements.find(window.desk.ws, kind, limit=1)
        if found:
            window.open_record(kind, found[0].id)

    return go


def _report(window: MainWindow) -> Callable[[], QWidget]:
    def go() -> QWidget:
        dialog = ReportCase(window.desk, case_reporting.first(window.desk.ws, {}), window)
        dialog.fields.line.setText("3-2-401 楼道堆物")
        dialog.look_now()
        return dialog

    return go


def _visit(window: MainWindow, resident_id: str) -> Callable[[], QWidget]:
    def go() -> QWidget:
        return VisitDialog(
            window.desk, visits.begin(window.desk.ws, "resident", resident_id), window
        )

    return go


def _announced(window: MainWindow) -> str:
    announced = [Filter("state", "=", "announced")]
    found = elements.find(window.desk.ws, "consultation", filters=announced, limit=1)
    return found[0].id if found else ""


def _search(window: MainWindow) -> Callable[[], None]:
    def go() -> None:
        window.show_page("home")
        window.search.setText("wxy")
        window.search.textEdited.emit("wxy")
        window.search.ask_now()

    return go


def _import(window: MainWindow) -> Callable[[], QWidget]:
    def go() -> QWidget:
        window.search.clear()
        window.search.ask_now()
        wizard = ImportWizard(window.desk, "resident", window)
        wizard.load(DIRTY)
        return wizard

    return go


def _case_rules(window: MainWindow, tab: int) -> QWidget:
    made = CaseRules(window.desk, window)
    made.tabs.setCurrentIndex(tab)
    settle()
    made.classes.tree.search.setText("sdlj")
    return made


def _login(window: MainWindow) -> Callable[[], QWidget]:
    def go() -> QWidget:
        view = LoginView(DeviceOpener(), window.desk.ws.store.folder)
        view.resize(window.size())
        return view

    return go


def main() -> int:
    """Of a data folder that the demo left, or of any other."""
    parser = argparse.ArgumentParser(prog="python -m tests.shots")
    parser.add_argument("out", type=Path)
    parser.add_argument("--data-dir", type=Path, default=Path("demo-data/笔记本A"))
    parser.add_argument("--manual", action="store_true", help="1366x768, what the manual shows")
    args = parser.parse_args()
    if not args.data_dir.exists():
        print("run make demo first: the screenshots are taken of its data", file=sys.stderr)
        return 1
    os.environ.setdefault("SQZL_KEYRING", "off")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    password = os.environ.get("SQZL_PASSWORD", PASSWORD)
    session = DeviceOpener().unlock(args.data_dir, password)
    pages = "".join(page.read_text(encoding="utf-8") for page in sorted(MANUAL.glob("*.md")))
    shown = set(re.findall(r"images/(\w+)\.png", pages))
    shots = (
        take(session, args.out, SIZES[:1], shown.__contains__)
        if args.manual
        else take(session, args.out)
    )
    for path in shots:
        print(path)
    session.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
