"""民意与宣传: slips typed one after another, grouped; policies told one by one and in bulk."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.access import COMMUNITY_LEAD
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.opinion import Opinion
from sqzl_desktop.domain.kinds.policy import Policy
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, opinions, policies
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.collect_opinions import CollectOpinions
from sqzl_desktop.ui.dialogs.group_opinions import GroupOpinions
from sqzl_desktop.ui.pages.outreach import OutreachPage
from tests.places import COMMUNITY, GRID
from tests.ui.seen import cells, press

CONTENTS = ("希望加装电梯", "停车位不够，晚上没地方停车", "晚上回来停车位不够")


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> OutreachPage:
    made = OutreachPage(desk)
    qtbot.addWidget(made)
    made.resize(1150, 680)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.refresh()
    tasks.wait_idle()
    return made


def collected(page: OutreachPage) -> CollectOpinions:
    press(page, "录入意见")
    (dialog,) = page.findChildren(CollectOpinions)
    return dialog


def kept(ws: Workspace) -> list[Opinion]:
    tasks.wait_idle()
    found = elements.find(ws, "opinion")
    return [each for each in found if isinstance(each, Opinion)]


def test_slips_are_typed_one_after_another_and_saved_together(
    qtbot: QtBot, page: OutreachPage, ws: Workspace
) -> None:
    dialog = collected(page)
    for content in CONTENTS:
        dialog.fields["content"].input().insertPlainText(content)  # type: ignore[attr-defined]
        qtbot.keyClick(dialog.fields["content"].input(), Qt.Key.Key_Return)

    press(dialog, "全部保存（3条）")

    assert sorted(each.content for each in kept(ws)) == sorted(CONTENTS)
    assert all(each.is_anonymous for each in kept(ws))


def test_what_is_not_saved_is_not_dropped_at_once(page: OutreachPage) -> None:
    dialog = collected(page)
    dialog.fields["content"].input().insertPlainText("希望加装电梯")  # type: ignore[attr-defined]

    dialog.reject()

    assert dialog.isVisible()
    dialog.reject()
    assert not dialog.isVisible()


def test_opinions_that_say_the_same_are_proposed_and_become_one_topic(
    qtbot: QtBot, page: OutreachPage, ws: Workspace
) -> None:
    made = opinions.collect(ws, [Opinion(content=each, grid_id=GRID) for each in CONTENTS])
    dialog = GroupOpinions(page.desk, [made[1].id], page)
    qtbot.addWidget(dialog)
    dialog.show()
    tasks.wait_idle()
    assert dialog.list.item(0).text().endswith(CONTENTS[1])
    dialog.list.item(1).setCheckState(Qt.CheckState.Checked)
    dialog.title.setText("小区停车难")

    press(dialog, "归为新议题")

    tasks.wait_idle()
    (topic,) = elements.find(ws, "topic")
    assert (topic.title, topic.supporter_count) == ("小区停车难", 2)  # type: ignore[attr-defined]
    assert not dialog.isVisible()


@pytest.fixture
def policy(ws: Workspace) -> Policy:
    """A policy by household, with two households in the grid."""
    for name in ("马小明", "王秀兰"):
        home = elements.save(ws, Household(grid_id=GRID, dwelling_id="d1", head_name=name))
        elements.save(ws, Resident(name=name, grid_id=GRID, household_id=home.id))
    lead = dataclasses.replace(
        ws, actor=dataclasses.replace(ws.actor, role=COMMUNITY_LEAD, scope=(COMMUNITY,))
    )
    made = elements.save(
        lead,
        Policy(
            community_id=COMMUNITY, title="医保缴费", content="12月31日前缴", per_household=True
        ),
    )
    assert isinstance(made, Policy)
    return made


def test_households_are_told_in_bulk(page: OutreachPage, ws: Workspace, policy: Policy) -> None:
    page.open_record("policy", policy.id)
    tasks.wait_idle()
    tab = page.policies
    assert cells(tab.targets, 1) == ["王秀兰", "马小明"]
    tab.targets.selectAll()

    press(tab, "记为已告知")

    tasks.wait_idle()
    assert policies.targets(ws, policy.id) == []
    assert tab.targets.rowCount() == 0
    assert [cells(tab.progress, place) for place in (1, 2, 3)] == [["2"], ["2"], ["100%"]]


def test_nobody_chosen_is_nobody_told(page: OutreachPage, ws: Workspace, policy: Policy) -> None:
    page.open_record("policy", policy.id)
    tasks.wait_idle()
    page.policies.targets.clearSelection()

    press(page.policies, "记为已告知")

    tasks.wait_idle()
    assert len(policies.targets(ws, policy.id)) == 2
