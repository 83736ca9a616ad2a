"""协商流程: 确定议题 → 公示告知 → 开展协商 → 结果公示 → 办结; each needs what is read out at it."""

from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER
from sqzl_desktop.domain.flow import Flow, Transition
from sqzl_desktop.domain.kinds.consultation import CONSULTATION

BOTH = (COMMUNITY_LEAD, GRID_WORKER)

CONSULTATION_FLOW = Flow(
    CONSULTATION,
    "planned",
    (
        Transition(
            "announce",
            "公示告知",
            ("planned",),
            "announced",
            BOTH,
            needs=("held_at", "place", "host", "participants", "posted_from", "posted_until"),
        ),
        Transition(
            "hold",
            "开展协商",
            ("announced",),
            "held",
            BOTH,
            needs=("invited_count", "attended_count", "outcome"),
        ),
        Transition("publish", "结果公示", ("held",), "published", BOTH),
        Transition("close", "办结", ("published",), "closed", (COMMUNITY_LEAD,)),
        Transition("withdraw", "撤回", ("planned", "announced"), "withdrawn", BOTH),
    ),
)
