"""The application once, and a main window over the small community."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import start_application
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.main_window import MainWindow
from tests.field import Field, start
from tests.places import NOW
from tests.ui.desk_session import LocalSession


@pytest.fixture(scope="session")
def qapp() -> object:
    """Our own application object, dressed, in place of pytest-qt's plain one."""
    return start_application()


@pytest.fixture
def desk(qapp: object, ws: Workspace) -> Iterator[Desk]:  # noqa: ARG001 - it must be there
    """What a widget is handed, without a window around it."""
    yield Desk(LocalSession(ws), Bus())
    tasks.wait_idle()


@pytest.fixture
def window(qtbot: QtBot, ws: Workspace) -> Iterator[MainWindow]:
    """The window of a grid worker whose server is out of reach."""
    made = MainWindow(LocalSession(ws))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitActive(made):  # the keys of buttons work in the active window alone
        made.show()
        made.activateWindow()
    tasks.wait_idle()
    yield made
    made.stop_work()
    tasks.wait_idle()


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """A server, and in the folder "A" a laptop of wang that was enrolled and locked."""
    started = start(tmp_path_factory.mktemp("enrolled"), FixedClock(NOW))
    started.laptop("wang", "A").close()
    yield started
    started.app.state.database.close()
