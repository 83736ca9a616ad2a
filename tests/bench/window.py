"""Show the window, leave when it was first painted.

Without a password in the environment it is the login, else the store is unlocked first.
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent

from sqzl_desktop.start import LateOpener
from sqzl_desktop.ui.app import Shell, start_application


class Watched(Shell):
    """Ends the program at once when it was first painted."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - overrides Qt
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: os._exit(0))


if __name__ == "__main__":
    app = start_application()
    folder = Path(sys.argv[1])
    shell = Watched(LateOpener(), folder)
    if "SQZL_PASSWORD" in os.environ:
        shell.unlock(LateOpener().unlock(folder, os.environ["SQZL_PASSWORD"]))
    shell.show()
    sys.exit(app.exec())
