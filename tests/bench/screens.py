"""Start to the first painted window, and the notice, each beside a bare one."""

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.services import consultations, elements, papers
from tests.bench.figures import Figure, median_ms, seconds
from tests.demo.server import ROOT
from tests.demo.told import PASSWORD
from tests.demo.walk import meeting

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
from PySide6.QtCore import QTimer
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, app.quit)
app = QApplication([])
window = Window()
window.resize(1366, 768)
window.show()
app.exec()
"""


def start(folder: Path) -> Figure:
    """From the command to the first painted window of the unlocked store, and out again."""
    environment = {**os.environ, "SQZL_PASSWORD": PASSWORD, "SQZL_KEYRING": "off"}

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command], check=True, cwd=ROOT, env=environment,
                       capture_output=True)  # fmt: skip

    times = range(5)
    ours = min(seconds(lambda: run("-m", "tests.bench.window", str(folder))) for _ in times)
    floor = min(seconds(lambda: run("-c", BARE)) for _ in times)
    return Figure(
        "start to first painted window", ours, floor, "s", "a bare PySide6 window", floor * 2.5
    )


def notice(session: DeviceSession) -> Figure:
    """A consultation notice, drawn warm."""
    topic = elements.save(session.ws, elements.blank(session.ws, "topic", title="停车管理办法"))
    made = consultations.from_topic(session.ws, topic.id, **meeting(dt.date(2026, 7, 1)))

    def draw() -> None:
        papers.preview(session.ws, "consultation_notice", made.id)

    draw()
    return Figure("notice, warm", median_ms(draw, 20), median_ms(_empty_page, 20), "ms",
                  "an empty reportlab page")  # fmt: skip


def _empty_page() -> None:
    canvas = Canvas(io.BytesIO())
    canvas.showPage()
    canvas.save()
