"""主题: colours, bundled fonts, icons; one style for every widget."""

import functools
import string

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from sqzl_desktop.base import paths

FAMILY = "Noto Sans SC"
FONTS = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")
GAP = 8

COLOURS = {
    "ground": "#f4f6f8",
    "surface": "#ffffff",
    "line": "#e3e8ee",
    "edge": "#cbd4dc",
    "text": "#1f2933",
    "soft": "#5b6b7b",
    "faint": "#9aa7b3",
    "accent": "#0b6e6e",
    "accent_dark": "#095757",
    "accent_soft": "#e0f0ef",
    "night": "#12303a",
    "night_hover": "#1d4552",
    "night_text": "#b9cdd4",
    "ok": "#2e7d4f",
    "ok_soft": "#e6f4ea",
    "info": "#1f5fa8",
    "info_soft": "#e5effa",
    "warn": "#9a6100",
    "warn_soft": "#fdf1d8",
    "danger": "#b83227",
    "danger_soft": "#fceceb",
}


def dress(app: QApplication) -> None:
    """Give the application its fonts, palette and style sheet."""
    for name in FONTS:
        QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / name))
    font = QFont(FAMILY)
    font.setPixelSize(14)
    app.setFont(font)
    app.setStyle("Fusion")
    app.setPalette(_palette())
    sheet = (paths.resources() / "theme.qss").read_text(encoding="utf-8")
    icons = (paths.resources() / "icons").as_posix()
    app.setStyleSheet(string.Template(sheet).substitute(COLOURS, icons=icons))
    app.setWindowIcon(icon("building", "accent"))


def _palette() -> QPalette:
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, "ground"),
        (QPalette.ColorRole.Base, "surface"),
        (QPalette.ColorRole.Text, "text"),
        (QPalette.ColorRole.WindowText, "text"),
        (QPalette.ColorRole.Highlight, "accent"),
        (QPalette.ColorRole.PlaceholderText, "faint"),
    ):
        palette.setColor(role, COLOURS[colour])
    return palette


@functools.cache
def icon(name: str, colour: str = "soft") -> QIcon:
    """A line icon in a colour of the theme."""
    return QIcon(pixmap(name, colour, 24))


@functools.cache
def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The same as a picture of a given size, drawn twice as large for sharp screens."""
    source = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("#1f2933", COLOURS[colour]).encode()))
    picture = QPixmap(QSize(size, size) * 2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter)
    painter.end()
    picture.setDevicePixelRatio(2)
    return picture
