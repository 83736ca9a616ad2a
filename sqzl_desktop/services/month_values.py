"""案件月报的内容: the month of a place, gathered for paper."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.printing.forms.monthly_report import MonthlyReport
from sqzl_desktop.services import case_report
from sqzl_desktop.services.workspace import Workspace


def _monthly_report(ws: Workspace, _tx: sa.Connection, subject: Any) -> MonthlyReport:
    found = case_report.of_subject(ws, str(subject))
    title = case_report.heading(found).removeprefix(found.place)
    return MonthlyReport(
        number=f"{found.code}-{found.month:%Y%m}",
        community=found.place,
        title=title,
        report=found,
        printed_on=ws.today,
        printed_by=ws.actor.name,
    )


GATHERERS: dict[str, Callable[[Workspace, sa.Connection, Any], MonthlyReport]] = {
    case_report.FORM: _monthly_report,
}
