"""打印预览: the paper as it will come out; print it, or save it as PDF."""

import functools
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from sqzl_desktop.base.errors import KnownError, UserError
from sqzl_desktop.services import papers
from sqzl_desktop.services.papers import Paper
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, row
from sqzl_desktop.ui.widgets.pdf_view import PdfView, draw_pages

PRINTED_DOTS = 300
ZOOMS = (("缩小", -1, "Ctrl+-"), ("适合宽度", 0, "Ctrl+0"), ("放大", 1, "Ctrl+="))


class PrintPreview(QDialog):
    """One form of one record. Printing and saving are kept in the log; looking is not."""

    def __init__(self, desk: Desk, form: str, record_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("打印预览")
        self.resize(860, 720)
        self._desk = desk
        self._form = form
        self._record_id = record_id
        self.view = PdfView(desk)
        self._title = label("正在生成…", "section", wrap=True)
        self._print = button("打印…", self._ask_printer, icon="print", look="primary",
                             tip="打印（Ctrl+P）")  # fmt: skip
        self._print.setShortcut("Ctrl+P")
        self._save = button("另存为PDF…", self._ask_file, icon="download")
        head = row(self._title, self._save, self._print, button("关闭", self.reject))
        head.setStretch(0, 1)
        sizes = [
            button(
                text, functools.partial(self.view.zoom, step), look="flat", tip=f"{text}（{key}）"
            )
            for text, step, key in ZOOMS
        ]
        for made, (_text, _step, key) in zip(sizes, ZOOMS, strict=True):
            made.setShortcut(key)
        self._number = label("", "soft")
        body = column(head, row(self._number, None, *sizes), self.view, gap=8)
        body.setStretch(2, 1)
        body.setContentsMargins(16, 16, 16, 16)
        self.setLayout(body)
        self._print.setDefault(True)
        self._can_print(False)
        desk.run(self, lambda: papers.preview(desk.ws, form, record_id), self._show, self._refused)

    @property
    def said(self) -> str:
        """The title of the paper, or why it cannot be drawn."""
        return "　".join(filter(None, (self._title.text(), self._number.text())))

    @property
    def can_print(self) -> bool:
        """Is there a paper to print?"""
        return self._print.isEnabled()

    def _can_print(self, may: bool) -> None:
        self._print.setEnabled(may)
        self._save.setEnabled(may)

    def _refused(self, error: UserError) -> None:
        self._title.setText(f"还不能生成：{error}")

    def _show(self, paper: Paper) -> None:
        self._title.setText(paper.title)
        self._number.setText(f"编号 {paper.number}")
        self.view.show_pdf(paper.pdf)
        self._can_print(True)

    def _keep(self, done) -> None:  # type: ignore[no-untyped-def]
        self._desk.run(
            self,
            lambda: papers.print_form(self._desk.ws, self._form, self._record_id),
            done,
        )

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "另存为PDF", f"{self._title.text()}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Write the paper to a file; the printing is kept."""

        def done(paper: Paper) -> None:
            self._desk.run(self, lambda: _write(path, paper.pdf), lambda _none: self._told(path))

        self._keep(done)

    def _told(self, path: Path) -> None:
        self._desk.bus.changed.emit(("notice",))
        self._desk.say(f"已保存到 {path}")

    def _ask_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        is_large = self._form.endswith("_a3")
        printer.setPageSize(
            QPageSize(QPageSize.PageSizeId.A3 if is_large else QPageSize.PageSizeId.A4)
        )
        printer.setFullPage(True)
        if not QPrintDialog(printer, self).exec():
            return

        def drawn(images: list[QImage]) -> None:
            print_images(printer, images)
            self._desk.bus.changed.emit(("notice",))
            self._desk.say("已送往打印机")

        self._keep(
            lambda paper: self._desk.run(self, lambda: draw_pages(paper.pdf, PRINTED_DOTS), drawn)
        )


def print_images(printer: QPrinter, images: list[QImage]) -> None:
    """Put one picture on each page, as large as the page."""
    if images and images[0].width() > images[0].height():
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    painter = QPainter(printer)
    for place, image in enumerate(images):
        if place:
            printer.newPage()
        page = QRectF(painter.viewport())
        size = image.size().scaled(page.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
    painter.end()


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise KnownError(f"写不进文件 {path}，请检查路径和磁盘空间") from error
