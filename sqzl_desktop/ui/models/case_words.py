"""案件时限的说法: how long is left, or how long it is over, in a few characters and a tone."""

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.services.case_inbox import Line

TONES = {"overdue": "danger", "at_risk": "warn", "ok": "ok", "paused": "plain", "done": "plain"}

LATE = "超期办结"
_BESIDES = {"confirmed": "已核实", "returned": "已退单"}


def clock_words(line: Line) -> tuple[str, str]:
    """(what to say of the limit, in which tone of a chip)."""
    tone = TONES[line.standing]
    if line.is_park_over:
        return "挂账到期", "warn"
    if line.standing == "paused":
        return "暂停计时", tone
    if line.standing == "done":
        return line.left or "已办结", "danger" if line.left == LATE else tone
    if not line.left:
        return "未计时", "plain"
    is_of_step = line.standing == "at_risk" and line.left.startswith("超")
    return f"环节{line.left}" if is_of_step else line.left, tone


def due_words(line: Line) -> str:
    """The limit itself, for who points at it."""
    if line.standing == "paused":
        return "挂账期间暂停计时"
    return f"到期 {line.due.astimezone(BEIJING):%Y-%m-%d %H:%M}" if line.due else "没有办理时限"


def state_words(line: Line) -> str:
    """The state."""
    return code_list("case_state").label(line.state)


def remark_words(line: Line) -> str:
    """What else is to be known of the state at a glance."""
    if line.awaits_server:
        return "待服务器确认"
    if line.is_extension_asked:
        return "申请延期"
    return "督办" if line.urge_count else ""


def detail_words(line: Line) -> str:
    """The second line of a case in a list."""
    urgency = code_list("urgency").label(line.urgency) if line.urgency in ("02", "03") else ""
    return "　".join(filter(None, (urgency, line.place, line.class_name, line.number)))


def card_words(line: Line) -> tuple[str, str]:
    """(what a narrow card says before the place, in which tone): a state that its column holds
    besides the usual one, or the remark."""
    if line.awaits_server:
        return "待确认", "warn"
    remark = remark_words(line)
    return (remark, "warn") if remark else (_BESIDES.get(line.state, ""), "soft")
