"""事件流程: what was noticed becomes a case, or is put aside with a reason."""

from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER
from sqzl_desktop.domain.flow import Flow, Transition
from sqzl_desktop.domain.kinds.event import EVENT

EVENT_FLOW = Flow(
    EVENT,
    "discovered",
    (
        Transition("file", "转为案件", ("discovered",), "filed", (COMMUNITY_LEAD, GRID_WORKER)),
        Transition("decline", "不予立案", ("discovered",), "declined", (COMMUNITY_LEAD,)),
    ),
)
