"""议题流程: a topic is collected, then adopted, refused or merged (收集议题 → 确定议题)."""

from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER
from sqzl_desktop.domain.flow import Flow, Transition
from sqzl_desktop.domain.kinds.topic import TOPIC

BOTH = (COMMUNITY_LEAD, GRID_WORKER)

TOPIC_FLOW = Flow(
    TOPIC,
    "collected",
    (
        Transition("adopt", "确定议题", ("collected",), "adopted", BOTH),
        Transition("refuse", "不予列入", ("collected",), "refused", BOTH, needs=("decision",)),
        Transition("merge", "合并", ("collected",), "merged", BOTH, needs=("decision",)),
    ),
)
