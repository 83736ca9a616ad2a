"""FLOWS: the flow of every kind that has one."""

from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.consultation_flow import CONSULTATION_FLOW
from sqzl_desktop.domain.event_flow import EVENT_FLOW
from sqzl_desktop.domain.flow import Flow
from sqzl_desktop.domain.topic_flow import TOPIC_FLOW

FLOWS: dict[str, Flow] = {
    flow.kind.name: flow for flow in (TOPIC_FLOW, CONSULTATION_FLOW, EVENT_FLOW, CASE_FLOW)
}
