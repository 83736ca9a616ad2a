"""案件月报: the month of a place on the command line."""

import argparse
from pathlib import Path
from typing import Any

from sqzl_desktop.cli.output import document, told
from sqzl_desktop.domain.case_indicators import GROUP_COLUMNS
from sqzl_desktop.domain.case_month import MonthReport
from sqzl_desktop.services import case_report
from sqzl_desktop.services.session import Session


def month(session: Session, args: argparse.Namespace) -> int:
    """The indicators of a month; also as a sheet."""
    ws = session.ws
    found = case_report.report(ws, args.place, case_report.asked_month(args.month, ws))
    if args.out:
        case_report.write_file(ws, found, Path(args.out))
        return told(args, f"已写到 {args.out}", file=args.out)
    if args.json:
        document(_object(found))
        return 0
    print(case_report.heading(found))
    for row in case_report.sheet_rows(found):
        print(*row, sep="\t")
    return 0


def _object(found: MonthReport) -> dict[str, Any]:
    names = [each.name for each in GROUP_COLUMNS]
    return {
        "place": found.code,
        "month": f"{found.month:%Y-%m}",
        "until": found.until,
        "indicators": {
            line.indicator.name: {
                "now": line.now, "before": line.before, "year_ago": line.year_ago
            }
            for line in found.lines
        },
        "breakdowns": {
            each.name: [
                {"key": row.key, "label": row.label, **dict(zip(names, row.values, strict=True))}
                for row in each.rows
            ]
            for each in found.breakdowns
        },
        "days": {each.name: each.values for each in found.days.series},
        "parked": [each.id for each in found.parked],
    }  # fmt: skip
