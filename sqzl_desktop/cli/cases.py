"""案件: reports, taking up and the time line on the command line."""

import datetime as dt
from typing import Any

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.cli.output import document
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import cases, consultations, elements
from sqzl_desktop.services.workspace import Workspace


def registered(ws: Workspace, kind: str, values: dict[str, Any]) -> Element:
    """A new record; a case is reported: it gets its number, its collector and the time."""
    record = elements.blank(ws, kind, **values)
    return cases.report(ws, record) if isinstance(record, Case) else elements.save(ws, record)


# steps that make another record, which is then shown: (kind, step) to the kind that is made
MAKING = {("topic", "consult"): "consultation", ("event", "file"): "case"}


def made_by_step(ws: Workspace, kind: str, record_id: str, values: dict[str, Any]) -> Element:
    """The consultation of a topic, or the case of an event."""
    if kind == "topic":
        return consultations.from_topic(ws, record_id, **values)
    if values:
        raise Refused("转为案件时不能同时填写字段，请在转为案件之后用 edit 修改案件")
    return cases.take_up(ws, record_id)


def timeline(ws: Workspace, kind: str, record_id: str, *, as_json: bool) -> int:
    """The steps of a case: when the server received it, what the device's clock said, by whom."""
    if kind != "case":
        raise Refused("只有案件有办理时间线，其他要素请去掉 --timeline 查看变更历史")
    found = cases.timeline(ws, record_id)
    if as_json:
        document(found)
        return 0
    states = code_list("case_state")
    for each in found:
        waits = "待服务器确认" if each.is_pending else ""
        words = (_moment(each.at), _moment(each.made_at), each.label, states.label(each.to_state),
                 each.by, each.role, each.content.replace("\n", "；"), waits)  # fmt: skip
        print(*words, sep="\t")
    return 0


def _moment(at: dt.datetime | None) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if at else ""
