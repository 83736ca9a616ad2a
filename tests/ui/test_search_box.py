"""The one box for everything: typed into, moved through and opened by keyboard."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.hit_list import DETAIL
from sqzl_desktop.ui.widgets.search_box import SearchBox
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import listen, texts

KEY = Qt.Key


@pytest.fixture
def people(ws: Workspace) -> dict[str, str]:
    """Name to id of three people who are all found by 马."""
    saved = elements.save_all(
        ws, [Resident(name=f"马{name}", grid_id=GRID) for name in ("一", "二", "三")]
    )
    return {each.name: each.id for each in saved}  # type: ignore[attr-defined]


def rows(box: SearchBox) -> list[str]:
    return [box.results.item(place).text() for place in range(box.results.count())]


def current(box: SearchBox) -> str:
    item = box.results.currentItem()
    return item.text() if item else ""


def ask(qtbot: QtBot, box: SearchBox, text: str) -> None:
    box.setFocus()
    type_text(qtbot, box, text)
    box.ask_now()
    tasks.wait_idle()


def test_results_stand_in_groups_under_the_name_of_their_kind(
    qtbot: QtBot, window: MainWindow
) -> None:
    ask(qtbot, window.search, "阳光家园")

    found = rows(window.search)
    heads = [each for each in found if each in ("楼栋", "房屋")]
    assert sorted(heads) == ["房屋", "楼栋"], "each once, above its own"
    assert found[0] in heads
    assert window.search.popup().isVisible()


def test_first_result_is_ready_and_the_arrows_go_round(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    ask(qtbot, window.search, "马")
    found = rows(window.search)[1:]
    assert len(found) == len(people)
    assert current(window.search) == found[0]

    seen = []
    for _ in found:
        qtbot.keyClick(window.search, KEY.Key_Down)
        seen.append(current(window.search))
    assert seen == [*found[1:], found[0]], "the heading is passed over"

    qtbot.keyClick(window.search, KEY.Key_Up)
    assert current(window.search) == found[-1]


def test_down_and_enter_open_the_second_one(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    heard = listen(window.desk)
    ask(qtbot, window.search, "马")
    name = rows(window.search)[2].split("　")[0]

    qtbot.keyClick(window.search, KEY.Key_Down)
    qtbot.keyClick(window.search, KEY.Key_Return)
    tasks.wait_idle()

    assert heard.opened == [("resident", people[name])]
    assert window.search.text() == ""
    assert not window.search.popup().isVisible()
    assert window.page("resident_card").isVisible()


def test_click_opens(qtbot: QtBot, window: MainWindow, people: dict[str, str]) -> None:
    heard = listen(window.desk)
    ask(qtbot, window.search, "马三")
    results = window.search.results
    place = results.visualItemRect(results.item(1)).center()

    qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert heard.opened == [("resident", people["马三"])]


def test_heading_cannot_be_opened(qtbot: QtBot, window: MainWindow, people: dict[str, str]) -> None:
    assert people
    heard = listen(window.desk)
    ask(qtbot, window.search, "马")
    results = window.search.results

    place = results.visualItemRect(results.item(0)).center()
    qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert heard.opened == []


def test_enter_upon_nothing_found_opens_nothing(qtbot: QtBot, window: MainWindow) -> None:
    heard = listen(window.desk)
    ask(qtbot, window.search, "没有这个人")
    assert "没有找到。可以输入姓名、拼音首字母" in rows(window.search)[0]

    qtbot.keyClick(window.search, KEY.Key_Return)

    assert heard.opened == []


def test_esc_closes_the_list_and_keeps_the_words(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    assert people
    ask(qtbot, window.search, "马")

    qtbot.keyClick(window.search, KEY.Key_Escape)

    assert not window.search.popup().isVisible()
    assert window.search.text() == "马"


def test_emptied_box_closes_the_list(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    assert people
    ask(qtbot, window.search, "马")

    qtbot.keyClick(window.search, KEY.Key_Backspace)

    qtbot.waitUntil(lambda: not window.search.popup().isVisible())


def test_click_elsewhere_closes_the_list(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    assert people
    ask(qtbot, window.search, "马")

    qtbot.mouseClick(window, Qt.MouseButton.LeftButton, pos=window.rect().bottomLeft())

    assert not window.search.popup().isVisible()


def test_esc_soon_after_typing_keeps_the_list_closed(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    assert people
    qtbot.keyClicks(window.search, "m")

    qtbot.keyClick(window.search, KEY.Key_Escape)
    tasks.wait_idle()

    assert not window.search.popup().isVisible()


def test_enter_opens_nothing_that_answers_an_older_question(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    heard = listen(window.desk)
    ask(qtbot, window.search, "马")

    type_text(qtbot, window.search, "三")
    qtbot.keyClick(window.search, KEY.Key_Return)
    tasks.wait_idle()

    assert heard.opened == []
    assert current(window.search).startswith("马三")

    qtbot.keyClick(window.search, KEY.Key_Return)
    assert heard.opened == [("resident", people["马三"])]


def test_counts_stand_beside_the_kinds(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    ask(qtbot, window.search, "马")

    assert rows(window.search)[0] == "居民"
    assert window.search.results.item(0).data(DETAIL) == f"{len(people)} 条"


def test_all_of_a_kind_are_shown_in_its_list(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    elements.save_all(ws, [Resident(name=f"马{n}", grid_id=GRID) for n in range(40)])
    ask(qtbot, window.search, "马")
    qtbot.keyClick(window.search, KEY.Key_Up)
    assert current(window.search) == "在列表中查看全部 40 条居民"

    qtbot.keyClick(window.search, KEY.Key_Return)
    tasks.wait_idle()

    page = window.page("elements")
    assert page.isVisible()
    assert "共 40 条" in texts(page)


def test_ctrl_and_enter_open_the_place(qtbot: QtBot, window: MainWindow, ws: Workspace) -> None:
    person = elements.save(ws, Resident(name="马四", grid_id=GRID))
    elements.save(ws, Residence(resident_id=person.id, dwelling_id="d1", grid_id=GRID))
    heard = listen(window.desk)
    ask(qtbot, window.search, "马四")

    qtbot.keyClick(window.search, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert heard.opened == [("dwelling", "d1")]


def test_empty_box_offers_what_was_opened_lately(
    qtbot: QtBot, window: MainWindow, people: dict[str, str]
) -> None:
    for name in ("马二", "马三"):
        ask(qtbot, window.search, name)
        qtbot.keyClick(window.search, KEY.Key_Return)
        tasks.wait_idle()

    window.search.begin()
    tasks.wait_idle()
    assert rows(window.search) == ["最近打开", "马三", "马二"]

    heard = listen(window.desk)
    qtbot.keyClick(window.search, KEY.Key_Down)
    qtbot.keyClick(window.search, KEY.Key_Return)
    assert heard.opened == [("resident", people["马二"])]
