"""表式清单: every printed form, in the order menus show them."""

from typing import Any

from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.forms import building_sheet, consultation_notice

FORMS: tuple[Form[Any], ...] = (
    consultation_notice.FORM,
    building_sheet.FORM,
    building_sheet.FORM_A3,
)
