"""python -m tests.bench.probe FOLDER: a scripted person over a folder of `tests.bench.large`.

How long until what was asked for is painted, and how long the window's thread was busy at a
stretch: processor time between two moments at which its event loop waits. The
best of several repeats counts, for others use the machine too.
"""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sqzl_desktop.services import elements
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import start_application
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.elements import ElementsPage
from sqzl_desktop.ui.ready import get_ready
from tests.bench import large
from tests.bench.figures import Figure
from tests.bench.painted import Painted
from tests.demo.told import PASSWORD

REPEATS = 5
STALL_MS, LIST_MS, CARD_MS, SEARCH_MS, MEMORY_MB = 16, 60, 50, 40, 180
TYPED = ("王", "wang", "wjg", "2451", "3-2-401", "独居老人", "建国", "正源东路")


class Stalls:
    """The longest stretches of work of the window's thread, by what was going on."""

    def __init__(self) -> None:
        self.longest: dict[str, float] = {}
        self.doing = ""
        self._since = time.thread_time()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.aboutToBlock.connect(self._waits)

    def _waits(self) -> None:
        """Waiting takes no processor time: all of it since the last wait was one stretch."""
        now = time.thread_time()
        self.longest[self.doing] = max(self.longest.get(self.doing, 0.0), now - self._since)
        self._since = now


class Probe:
    """One window over the store."""

    def __init__(self, folder: Path) -> None:
        self.session = large.opener().unlock(folder, PASSWORD)
        self.window = MainWindow(self.session)
        self.window.resize(1366, 768)
        self.window.show()
        self.stalls = Stalls()
        self.stalls.doing = "showing 工作台 and getting ready"
        tasks.wait_idle()
        get_ready(self.window)  # as after every unlocking
        tasks.wait_idle()

    def measure(self) -> Iterator[Figure]:
        """Every figure."""
        yield Figure("memory after unlocking", _memory_mb(), 0, "MB", "", MEMORY_MB)
        yield self._list()
        yield Figure("memory after the lists", _memory_mb(), 0, "MB", "", MEMORY_MB)
        yield self._scrolled()
        yield Figure("memory after scrolling", _memory_mb(), 0, "MB", "", MEMORY_MB)
        yield self._cards()
        yield Figure("memory after the cards", _memory_mb(), 0, "MB", "", MEMORY_MB)
        yield from self._searches()
        for doing, took in self.stalls.longest.items():
            name = f"window's thread busy at a stretch, {doing}"
            yield Figure(name, took * 1000, 0, "ms", "", STALL_MS)
        yield Figure("memory after the walk", _memory_mb(), 0, "MB", "", MEMORY_MB)

    def _list(self) -> Figure:
        times = []
        for kind in ("resident", "dwelling", "household", "organisation", "resident", "dwelling"):
            self.window.show_page("home")
            tasks.wait_idle()
            times.append(self._opened(kind))
        return Figure("opening a list, the first time", times[0], min(times), "ms", "the best of"
                      " the next ones", LIST_MS)  # fmt: skip

    def _opened(self, kind: str) -> float:
        def go() -> None:
            page = self.window.show_page("elements")
            assert isinstance(page, ElementsPage)
            page.show_list(kind, "")

        def shown() -> QWidget | None:
            page = self.window.page("elements")
            assert isinstance(page, ElementsPage)
            found = page.desk_of_kind().list
            is_shown = page.kind == kind and found.model.record(0) is not None
            return found.table.viewport() if is_shown and found.isVisible() else None

        return self._took("opening a list", go, shown)

    def _scrolled(self) -> Figure:
        self._opened("resident")
        page = self.window.page("elements")
        assert isinstance(page, ElementsPage)
        shown = page.desk_of_kind().list
        bar, times = shown.table.verticalScrollBar(), []
        for share in (0.5, 0.9, 0.1, 0.7, 0.3, 1.0):
            row = int(bar.maximum() * share)
            times.append(self._took(
                "scrolling", lambda: bar.setValue(row),  # noqa: B023
                lambda: shown.table.viewport() if shown.model.record(row) else None,  # noqa: B023
            ))  # fmt: skip
        return Figure("a jump in 100,000 rows", max(times), min(times), "ms", "best")

    def _cards(self) -> Figure:
        people = elements.find(self.session.ws, "resident", limit=REPEATS + 1)
        page = self.window.page("resident_card")
        times = []
        for each in people:
            name = getattr(each, "name", "")
            times.append(self._took(
                "opening a card",
                lambda: self.window.open_record("resident", each.id),  # noqa: B023
                lambda: page if page.heading.text().endswith(f"　{name}") else None,  # noqa: B023
            ))  # fmt: skip
        return Figure("a card, the first one", times[0], min(times[1:]), "ms",
                      "the best of the next ones", CARD_MS)  # fmt: skip

    def _searches(self) -> Iterator[Figure]:
        box = self.window.search
        self.window.show_page("home")
        viewport = box.results.viewport()
        for text in TYPED:
            times = []
            for _ in range(REPEATS):
                box.setFocus()
                box.setText(text[:-1])
                tasks.wait_idle()
                times.append(self._took(
                    "searching", lambda: _type(box, text[-1]),  # noqa: B023
                    lambda: viewport if box.answered == text else None,  # noqa: B023
                ))  # fmt: skip
                QTest.keyClick(box, Qt.Key.Key_Escape)
            yield Figure(f"last key of {text} to painted hits", min(times), 0, "ms", "", SEARCH_MS)

    def _took(
        self, doing: str, go: Callable[[], object], shown: Callable[[], QWidget | None]
    ) -> float:
        """Milliseconds from going until what `shown` gives is there and painted."""
        self.stalls.doing = doing
        loop, watch, found = QEventLoop(), QTimer(), list[Painted]()
        began = time.perf_counter()

        def look() -> None:
            widget = None if found else shown()
            if widget is not None:
                found.append(Painted(widget))
                widget.update()
            if found and found[0].at:
                loop.quit()

        watch.timeout.connect(look)
        watch.start(1)
        QTimer.singleShot(0, go)
        loop.exec()
        took = (found[0].at - began) * 1000
        found[0].deleteLater()
        tasks.wait_idle()
        return took


def _type(box: QWidget, text: str) -> None:
    """As an input method commits it."""
    committed = QInputMethodEvent()
    committed.setCommitString(text)
    QApplication.sendEvent(box, committed)


def _memory_mb() -> float:
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    """Print the table."""
    os.environ["SQZL_KEYRING"] = "off"
    start_application()
    probe = Probe(Path(sys.argv[1]))
    for figure in probe.measure():
        print(figure.line(), flush=True)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
