"""导航: the list of pages, and who shows a record of which kind.

A page is imported when it is first needed: the window is painted before most of them are.
"""

from sqzl_desktop.domain.code_lists import NAMES, code_list
from sqzl_desktop.ui.element_kinds import SHOWN
from sqzl_desktop.ui.widgets.page import Maker, Page


def _home() -> Maker:
    from sqzl_desktop.ui.pages.home import HomePage

    return HomePage


def _resident_card() -> Maker:
    from sqzl_desktop.ui.pages.resident_card import ResidentCardPage

    return ResidentCardPage


def _places() -> Maker:
    from sqzl_desktop.ui.pages.places import PlacesPage

    return PlacesPage


def _building() -> Maker:
    from sqzl_desktop.ui.pages.building import BuildingPage

    return BuildingPage


def _grid_map() -> Maker:
    from sqzl_desktop.ui.pages.grid_map import GridMapPage

    return GridMapPage


def _care() -> Maker:
    from sqzl_desktop.ui.pages.care import CarePage

    return CarePage


def _elements() -> Maker:
    from sqzl_desktop.ui.pages.elements import ElementsPage

    return ElementsPage


def _cases() -> Maker:
    from sqzl_desktop.ui.pages.cases import CasesPage

    return CasesPage


def _consultations() -> Maker:
    from sqzl_desktop.ui.pages.consultations import ConsultationsPage

    return ConsultationsPage


def _outreach() -> Maker:
    from sqzl_desktop.ui.pages.outreach import OutreachPage

    return OutreachPage


def _quality() -> Maker:
    from sqzl_desktop.ui.pages.quality import QualityPage

    return QualityPage


def _statistics() -> Maker:
    from sqzl_desktop.ui.pages.statistics import StatisticsPage

    return StatisticsPage


def _one_table() -> Maker:
    from sqzl_desktop.ui.pages.one_table import OneTablePage

    return OneTablePage


def _pending() -> Maker:
    from sqzl_desktop.ui.pages.pending import PendingPage

    return PendingPage


def _sync() -> Maker:
    from sqzl_desktop.ui.pages.sync import SyncPage

    return SyncPage


def _settings() -> Maker:
    from sqzl_desktop.ui.pages.settings import SettingsPage

    return SettingsPage


PAGES: tuple[Page, ...] = (
    Page("home", "工作台", "home", _home),
    Page("resident_card", "居民卡", "person", _resident_card, opens=("resident",)),
    Page("places", "房屋楼栋", "building", _places),
    Page("building", "楼栋透视图", "building", _building, opens=("building",)),
    Page("grid_map", "网格地图", "pin", _grid_map, opens=("redrawing", "on_map")),
    Page("care", "关爱与重点", "visit", _care),
    Page(
        "elements",
        "要素台账",
        "list",
        _elements,
        opens=tuple(kind for kind in SHOWN if kind not in ("resident", "building")),
    ),
    Page("cases", "事件案件", "alert", _cases, opens=("event", "case", "case_box")),
    Page("consultations", "民主协商", "chat", _consultations, opens=("topic", "consultation")),
    Page("outreach", "民意与宣传", "people", _outreach, opens=("opinion", "policy")),
    Page("quality", "数据质量", "quality", _quality, opens=("quality",)),
    Page("statistics", "统计", "chart", _statistics, opens=("case_month",)),
    Page("one_table", "一张表", "file", _one_table),
    Page("pending", "待处理", "conflict", _pending),
    Page("sync", "同步", "sync", _sync),
    Page("settings", "设置", "settings", _settings),
)

READY = ("elements", "resident_card")  # the pages most wanted: made while 工作台 is read
PAGE_KEYS = "1234567890-=[];'"  # with Alt, in the order of the pages


def page_of(kind: str) -> Page | None:
    """The page that shows records of a kind."""
    return next((page for page in PAGES if kind in page.opens), None)


def load_pages() -> None:
    """Import every page and read every code list, so that nobody waits for that at first use."""
    for page in PAGES:
        page.load()
    for name in NAMES:
        code_list(name)
