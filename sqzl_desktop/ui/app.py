"""窗口程序: the application, its style and texts, unlocking and locking."""

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.ui import tasks, theme
from sqzl_desktop.ui.dialogs.login import LoginView

if TYPE_CHECKING:
    from sqzl_desktop.services.session import Opener, Session
    from sqzl_desktop.ui.main_window import MainWindow

_log = logging.getLogger(__name__)
LOG_FILE = "log.txt"
SMALLEST = (1180, 680)
USUAL = (1366, 768)


class Shell(QMainWindow):
    """The window on the desktop: locked, it shows the login; unlocked, the main window."""

    def __init__(self, opener: "Opener", folder: Path) -> None:
        super().__init__()
        self.setWindowTitle("社区治理")
        self.setMinimumSize(*SMALLEST)
        self.resize(*USUAL)
        self._opener = opener
        self._folder = folder
        self._session: Session | None = None
        self._window: MainWindow | None = None
        self._is_painted = False
        self.lock()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Once the login is painted, what comes after it is imported while somebody types."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self._get_ready)

    def _get_ready(self) -> None:
        opener = self._opener

        def load() -> None:
            _main_window()
            load_first_page()
            opener.get_ready()

        tasks.run(load, lambda _: None, owner=self, failed=lambda _: None)

    def lock(self) -> None:
        """Close the store and ask for the password again. Nothing that was saved is touched."""
        if not self._end():
            return
        view = LoginView(self._opener, self._folder)
        view.opened.connect(self.unlock)
        view.wiped.connect(self._say_wiped)
        self._window = None
        self.setCentralWidget(view)

    def unlock(self, session: "Session") -> None:
        """Show the main window of a session."""
        self._session = session
        self._window = window = _main_window()(session)
        window.lock_requested.connect(self.lock)
        window.wiped.connect(self._say_wiped)
        self.setCentralWidget(window)
        window.begin()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._end():
            super().closeEvent(event)
        else:
            event.ignore()

    def _end(self) -> bool:
        """Close the session; False where the person wants to save something first."""
        if self._window is not None:
            if not self._window.may_leave():
                return False
            self._window.stop_work()
        self._close_session()
        return True

    def _close_session(self) -> None:
        tasks.wait_idle()
        if self._session is not None:
            self._session.close()
            self._session = None

    def _say_wiped(self, sentence: str) -> None:
        """The data are gone by order of the organisation: say so, then the program ends."""
        if self._window is not None:
            self._window.stop_work()
            self._window = None
        self.setCentralWidget(QWidget())  # there is nothing left to be saved into
        self._close_session()
        QMessageBox.critical(self, "本机已停用", sentence)
        self.close()


def load_first_page() -> None:
    """Import what the main window shows first."""
    from sqzl_desktop.ui.pages import home  # noqa: F401 - for it to be there


def _main_window() -> "type[MainWindow]":
    from sqzl_desktop.ui.main_window import MainWindow

    return MainWindow


def start_application() -> QApplication:
    """The one application object, dressed and speaking Chinese."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("sqzl_desktop")
    app.setApplicationDisplayName("社区治理")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)
    theme.dress(app)
    return app


def run_window(opener: "Opener", folder: Path, session: "Session | None" = None) -> int:
    """Open the window and stay until it is closed; returns the exit code.

    With a session that is unlocked already, its main window is shown at once.
    """
    app = start_application()
    sys.excepthook = _show_bug
    _write_log(folder)
    try:
        shell = Shell(opener, folder)
    except UserError as error:
        QMessageBox.critical(None, "社区治理", str(error))
        return 1
    if session is not None:
        shell.unlock(session)
    shell.show()
    return app.exec()


def _write_log(folder: Path) -> None:
    """Mistakes go to a file beside the data: places in the code, never values."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            folder / LOG_FILE, maxBytes=500_000, backupCount=2, encoding="utf-8"
        )
    except OSError:
        return  # the login will say what is wrong with the folder
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)


def _show_bug(
    kind: type[BaseException], _error: BaseException, trace: TracebackType | None
) -> None:
    """A mistake of ours: into the log with its place, one dialog for the person."""
    where = "".join(traceback.format_tb(trace))
    _log.error("%s\n%s", kind.__name__, where)
    QMessageBox.critical(
        None,
        "程序出错",
        "程序出了错，刚才的操作可能没有完成；已经保存的内容都在本机。\n"
        f"请把这行文字告诉信息管理人员：{kind.__name__}",
    )
