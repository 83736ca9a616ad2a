"""案件: one case, two people without a network; the first step stands, the other's words stay."""

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import cases, elements, flow_steps, supplements
from tests.demo.server import DemoServer
from tests.demo.told import Teller


def race(server: DemoServer, told: Teller, laptops: tuple[DeviceSession, ...], grid: str) -> None:
    """A dispatches, B has already put it right; the server says who came first."""
    a, b = laptops
    case = cases.report(
        a.ws, Case(title="楼道堆物", grid_id=grid, place="3号楼2单元4层", source="01")
    )
    told.say(f"A：上报案件{case.number}“{case.title}”")
    flow_steps.take_step(a.ws, "case", case.id, "file", {"class_code": "X04"})
    for session in laptops:
        session.sync()
    server.stop()
    order = {"handler_kind": "02", "handler": "阳光物业", "dispatch_note": "当日清理"}
    flow_steps.take_step(a.ws, "case", case.id, "dispatch", order)
    done = {"measures": "已当场清理，告知住户"}
    flow_steps.take_step(b.ws, "case", case.id, "handle_on_spot", done)
    server.start()
    for session in (a, b, a):
        session.sync()
    for each in supplements.told(b.ws):
        told.say(f"B：{each.sentence}")
    for session in laptops:
        kept = supplements.of_record(session.ws, "case", case.id)
        shown = elements.get(session.ws, "case", case.id)
        assert isinstance(shown, Case)
        if shown.state != "dispatched" or [each.by for each in kept] != [b.ws.actor.name]:
            raise SystemExit(f"{session.profile.label}: {shown.state} {len(kept)}")
    for line in cases.timeline(a.ws, case.id):
        at = moment_text(line.at) if line.at else ""
        told.say(f"{at} {line.by} {line.label} {line.content}".replace("\n", "；").strip())
