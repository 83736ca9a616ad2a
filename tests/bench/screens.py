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
from sqzl_desktop.store import keys
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


def start(folder: Path) -> list[Figure]:
    """From the command to the first painted window, locked and unlocked, and from Enter on.

    Deriving the key from the password is slow by intent and told by itself.
    """
    locked = {name: value for name, value in os.environ.items() if name != "SQZL_PASSWORD"}
    locked["SQZL_KEYRING"] = "off"

    def best(environment: dict[str, str], *command: str) -> float:
        def run() -> None:
            subprocess.run([sys.executable, *command], check=True, cwd=ROOT, env=environment,
                           capture_output=True)  # fmt: skip

        return min(seconds(run) for _ in range(5))

    ours = ("-m", "tests.bench.window", str(folder))
    login, floor = best(locked, *ours), best(locked, "-c", BARE)
    opened = {**locked, "SQZL_PASSWORD": PASSWORD}
    unlocked = best(opened, *ours)
    entered = min(_printed(opened, *ours, "--typed") for _ in range(5))
    derived = min(seconds(lambda: keys.open_key(folder, PASSWORD, vault=None)) for _ in range(5))
    bare = "a bare PySide6 window"
    return [
        Figure("start to the painted login", login, floor, "s", bare, floor * 2.5),
        Figure("start to the painted 工作台, unlocked", unlocked, floor + derived, "s",
               f"{bare} and the key derived", floor * 2.5 + derived),
        Figure("from Enter at the login to 工作台 with its figures", entered, floor + derived, "s",
               f"{bare} and the key derived", floor * 2.5 + derived),
        Figure("deriving the key from the password", derived, 0, "s", ""),
    ]  # fmt: skip


def _printed(environment: dict[str, str], *command: str) -> float:
    done = subprocess.run([sys.executable, *command], check=True, cwd=ROOT, env=environment,
                          capture_output=True, text=True)  # fmt: skip
    return float(done.stdout)


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
