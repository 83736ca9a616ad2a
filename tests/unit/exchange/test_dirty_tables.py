"""Three more dirty tables, each with the truth about every one of its rows.

Households in blocks with merged cells; a two-line heading with subtotals, repeated headings and
notes; shops in a GB18030 file with dates in six forms.
"""

import csv
import datetime as dt
from pathlib import Path

import pytest

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.organisation import ORGANISATION
from sqzl_desktop.exchange.headings import find_headings
from sqzl_desktop.exchange.residents import RESIDENT_TARGETS, plan_residents
from sqzl_desktop.exchange.rows import plan_rows
from sqzl_desktop.exchange.sheet import read_sheet
from sqzl_desktop.services.plain_rows import targets_of, without_repeats

DATA = Path(__file__).parents[2] / "data"
TODAY = dt.date(2026, 6, 30)


def planned_residents(path):
    sheet = read_sheet(path)
    headings = find_headings(sheet, RESIDENT_TARGETS)
    return plan_residents(sheet, headings, lists=code_list, today=TODAY)


def planned_units(path):
    sheet = read_sheet(path)
    headings = find_headings(sheet, targets_of(ORGANISATION))
    planned = plan_rows(ORGANISATION, sheet, headings, lists=code_list, today=TODAY)
    return without_repeats(ORGANISATION, planned)


def as_text(value):
    return "" if value is None else str(value)


@pytest.mark.parametrize(
    ("table", "plan"),
    [
        ("dirty_households.xlsx", planned_residents),
        ("dirty_two_lines.xlsx", planned_residents),
        ("dirty_units.csv", planned_units),
    ],
)
def test_dirty_table_is_planned_as_its_truth_says(table, plan):
    with (DATA / f"{Path(table).stem}_truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    rows = plan(DATA / table)

    assert len(rows) == len(truth)
    for row, wanted in zip(rows, truth, strict=True):
        got = {"line": str(row.number), "action": row.action, "reason": row.reason}
        for field in list(wanted)[3:]:
            said = row.action in ("accept", "review")
            got[field] = as_text(row.values.get(field)) if said else ""
        assert got == wanted
