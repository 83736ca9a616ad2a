"""预备: what is wanted first is loaded and made while somebody still reads 工作台."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.navigation import READY, load_pages

if TYPE_CHECKING:
    from sqzl_desktop.ui.main_window import MainWindow

PAUSE_MS = 30  # between two pieces, for whatever is typed and clicked meanwhile


def get_ready(window: "MainWindow") -> None:
    """Load all pages in the background, then make those most wanted, in small pieces."""

    def make(_: None) -> None:
        tasks.in_turn(window, _made(window), pause=PAUSE_MS)

    window.desk.run(window, load_pages, make)


def _made(window: "MainWindow") -> Iterator[object]:
    for name in READY:
        if window.is_over:
            return  # what is made would ask a store that is being closed
        view = window.page(name)
        yield view
        yield from view.made_ready()
        for part in view.findChildren(QWidget):
            part.ensurePolished()
        yield view
