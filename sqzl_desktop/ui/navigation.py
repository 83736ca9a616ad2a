"""导航: the list of pages, and who shows a record of which kind."""

from sqzl_desktop.ui.pages import (
    building,
    care,
    cases,
    consultations,
    elements,
    grid_map,
    home,
    one_table,
    pending,
    places,
    quality,
    resident_card,
    settings,
    statistics,
    sync,
)
from sqzl_desktop.ui.widgets.page import Page

PAGES: tuple[Page, ...] = (
    home.PAGE,
    resident_card.PAGE,
    places.PAGE,
    building.PAGE,
    grid_map.PAGE,
    care.PAGE,
    elements.PAGE,
    cases.PAGE,
    consultations.PAGE,
    quality.PAGE,
    statistics.PAGE,
    one_table.PAGE,
    pending.PAGE,
    sync.PAGE,
    settings.PAGE,
)

PAGE_KEYS = "1234567890-=[];'"  # with Alt, in the order of the pages


def page_of(kind: str) -> Page | None:
    """The page that shows records of a kind."""
    return next((page for page in PAGES if kind in page.opens), None)
