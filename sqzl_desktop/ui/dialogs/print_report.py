"""打印统计: the report as it will come out; print it, or save it as PDF."""

import functools
from pathlib import Path

from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from sqzl_desktop.domain.statistics import Report
from sqzl_desktop.services import statistics
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.print_preview import PRINTED_DOTS, print_images
from sqzl_desktop.ui.widgets.parts import button, column, label, row
from sqzl_desktop.ui.widgets.pdf_view import PdfView, draw_pages


class PrintReport(QDialog):
    """Looking is free; printing and saving are kept in the audit."""

    def __init__(self, desk: Desk, report: Report, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("打印预览")
        self.resize(860, 720)
        self._desk = desk
        self._report = report
        self.view = PdfView(desk)
        title = label(statistics.heading(report), "section", wrap=True)
        self._print = button("打印…", self._ask_printer, icon="print", look="primary",
                             tip="打印（Ctrl+P）")  # fmt: skip
        self._print.setShortcut("Ctrl+P")
        self._save = button("另存为PDF…", self._ask_file, icon="download")
        head = row(title, self._save, self._print, button("关闭", self.reject))
        head.setStretch(0, 1)
        body = column(head, self.view, gap=8)
        body.setStretch(1, 1)
        body.setContentsMargins(16, 16, 16, 16)
        self.setLayout(body)
        self._print.setDefault(True)
        desk.run(self, lambda: statistics.drawn(desk.ws, report), self.view.show_pdf)

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "另存为PDF", f"{statistics.heading(self._report)}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Write the report to a file; the audit keeps it."""
        work = functools.partial(statistics.write_file, self._desk.ws, self._report, path)
        self._desk.run(self, work, lambda _none: self._desk.say(f"已保存到 {path}"))

    def _ask_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setFullPage(True)
        if not QPrintDialog(printer, self).exec():
            return
        ws, report = self._desk.ws, self._report

        def done(images) -> None:  # type: ignore[no-untyped-def]
            print_images(printer, images)
            self._desk.say("已送往打印机")

        self._desk.run(
            self, lambda: draw_pages(statistics.print_report(ws, report), PRINTED_DOTS), done
        )
