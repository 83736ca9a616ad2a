"""PDF 预览: pages drawn in the background, as wide as the view."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout

from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import clear, holder

POINTS_AN_INCH = 72
PAPER_INCHES = 8.27
ZOOM = 1.25
SMALLEST, LARGEST = -3, 3


def draw_pages(pdf: bytes, dots: float) -> list[QImage]:
    """Every page as a picture of `dots` an inch. Slow: not on the window's thread."""
    import pypdfium2  # slow, and needed only where a paper is looked at

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in document:
            bitmap = page.render(scale=dots / POINTS_AN_INCH, rev_byteorder=True)
            picture = bitmap.to_pil().convert("RGB")
            image = QImage(
                picture.tobytes(), picture.width, picture.height, picture.width * 3,
                QImage.Format.Format_RGB888,
            )  # fmt: skip
            pages.append(image.copy())
        return pages
    finally:
        document.close()


class PdfView(QScrollArea):
    """Shows a PDF, page below page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._pdf = b""
        self._step = 0
        self._pages = QVBoxLayout()
        self._pages.setSpacing(16)
        self._pages.setContentsMargins(16, 16, 16, 16)
        self.setWidget(holder(self._pages))
        self.setWidgetResizable(True)
        self.setMinimumWidth(480)

    def show_pdf(self, pdf: bytes) -> None:
        """Draw and show it, as wide as there is room."""
        self._pdf = pdf
        self.zoom(0)

    def zoom(self, step: int) -> None:
        """One step larger (1) or smaller (-1); 0 is as wide as there is room."""
        self._step = min(max(self._step + step, SMALLEST), LARGEST) if step else 0
        wanted, pdf = self._step, self._pdf
        width = max(self.width() - 64, 400) * ZOOM**wanted
        dots = width / PAPER_INCHES * 2

        def done(images: list[QImage]) -> None:
            if (wanted, pdf) == (self._step, self._pdf):
                self._show(images)

        if pdf:
            self._desk.run(self, lambda: draw_pages(pdf, dots), done)

    def page_count(self) -> int:
        """How many pages are shown."""
        return self._pages.count() - 1 if self._pages.count() else 0

    def page_widths(self) -> list[int]:
        """How wide each page is drawn."""
        pages = (self._pages.itemAt(place).widget() for place in range(self.page_count()))
        return [page.width() for page in pages if page is not None]

    def _show(self, images: list[QImage]) -> None:
        clear(self._pages)
        for image in images:
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(2)
            page = QLabel()
            page.setPixmap(picture)
            page.setStyleSheet("background: white; border: 1px solid #cbd4dc;")
            page.setFixedSize(picture.deviceIndependentSize().toSize())
            self._pages.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        self._pages.addStretch(1)
