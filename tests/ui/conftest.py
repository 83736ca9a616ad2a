"""The application once, and a main window over the small community."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import start_application
from sqzl_desktop.ui.main_window import MainWindow
from tests.ui.desk_session import LocalSession


@pytest.fixture(scope="session")
def qapp() -> object:
    """Our own application object, dressed, in place of pytest-qt's plain one."""
    return start_application()


@pytest.fixture
def window(qtbot: QtBot, ws: Workspace) -> Iterator[MainWindow]:
    """The window of a grid worker whose server is out of reach."""
    made = MainWindow(LocalSession(ws))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitExposed(made):
        made.show()
    tasks.wait_idle()
    yield made
    made.stop_work()
    tasks.wait_idle()
