"""Who came second with a step reads on the page 待处理 who was first, until he has seen it."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import elements, flow_steps
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.pages.pending import PendingPage
from tests.ui.seen import listen, press, texts


def test_who_was_first_is_told_until_it_was_seen(
    qtbot: QtBot, laptops: Callable[..., DeviceSession]
) -> None:
    first, second = laptops("wang"), laptops("ma")
    topic = elements.save(first.ws, Topic(title="楼道照明"))
    first.sync()
    second.sync()
    flow_steps.take_step(first.ws, "topic", topic.id, "adopt")
    flow_steps.take_step(second.ws, "topic", topic.id, "refuse", {"decision": "不属公共事务"})
    first.sync()
    second.sync()
    desk = Desk(second, Bus())
    heard = listen(desk)
    page = PendingPage(desk)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.refresh()
    tasks.wait_idle()

    assert "楼道照明：议题已由王网格于" in texts(page)
    press(page, "打开")
    assert heard.opened == [("topic", topic.id)]

    press(page, "知道了")
    assert "议题已由王网格于" not in texts(page)
    page.refresh()
    tasks.wait_idle()
    assert "议题已由王网格于" not in texts(page)
