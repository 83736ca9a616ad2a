"""Show the window, leave when it was first painted.

Without a password in the environment it is the login, else the store is unlocked first. With
`--typed` the password is typed into the login after a while, as people do; what is printed is the
seconds from Enter until 工作台 is painted with its figures.
"""

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel

from sqzl_desktop.start import LateOpener
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import Shell, start_application
from sqzl_desktop.ui.dialogs.login import LoginView
from tests.bench.painted import Painted


class Watched(Shell):
    """Ends the program at once when it was first painted."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - overrides Qt
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: os._exit(0))


def typed(shell: Shell, password: str) -> None:
    """Unlock as a person does; ends the program."""
    shell.show()
    tasks.wait_idle()  # typing a password takes longer than this
    view = shell.findChild(LoginView)
    assert view is not None
    view.password().setText(password)
    began, seen, watch = time.perf_counter(), list[Painted](), QTimer(shell)

    def look() -> None:
        figures = [each for each in shell.findChildren(QLabel, "figure") if each.isVisible()]
        if not seen and figures and "…" not in {each.text() for each in figures}:
            seen.append(Painted(figures[0]))
            figures[0].update()
        if seen and seen[0].at:
            print(seen[0].at - began, flush=True)
            os._exit(0)

    watch.timeout.connect(look)
    watch.start(1)
    view.password().returnPressed.emit()


if __name__ == "__main__":
    app = start_application()
    folder = Path(sys.argv[1])
    if "--typed" in sys.argv:
        shell = Shell(LateOpener(), folder)
        QTimer.singleShot(0, lambda: typed(shell, os.environ["SQZL_PASSWORD"]))
    else:
        shell = Watched(LateOpener(), folder)
        if "SQZL_PASSWORD" in os.environ:
            shell.unlock(LateOpener().unlock(folder, os.environ["SQZL_PASSWORD"]))
    shell.show()
    sys.exit(app.exec())
