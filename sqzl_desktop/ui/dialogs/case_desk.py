"""案件台: the view of one case with what a page gives it: a chooser of records, its papers."""

from PySide6.QtWidgets import QWidget

from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.dialogs.print_button import PrintButton
from sqzl_desktop.ui.widgets.case_view import CaseView

PAPERS = {"派遣单": "dispatch_order", "案件办理单": "case_sheet", "结案记录": "closing_record"}


def case_view(desk: Desk, over: QWidget) -> CaseView:
    """The view of a case, with its papers to print."""
    view = CaseView(desk, picker(desk, over))
    papers = PrintButton(desk, "case", PAPERS, over)
    view.head.tools.addWidget(papers)
    view.shown.connect(papers.show_record)
    return view
