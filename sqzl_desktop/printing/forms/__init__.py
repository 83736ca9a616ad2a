"""表式清单: every printed form, in the order menus show them."""

from typing import Any

from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.forms import (
    building_sheet,
    case_sheet,
    closing_record,
    consultation_notice,
    dispatch_order,
    monthly_report,
)

FORMS: tuple[Form[Any], ...] = (
    consultation_notice.FORM,
    building_sheet.FORM,
    building_sheet.FORM_A3,
    dispatch_order.FORM,
    case_sheet.FORM,
    closing_record.FORM,
    monthly_report.FORM,
)
