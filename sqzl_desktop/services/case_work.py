"""案件办理: a step with the photos that go with it, and who may be asked to handle a case."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqzl_desktop.domain.case_flow import OPEN
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.services import attachments, elements, flow_steps, offers
from sqzl_desktop.services.attachments import Ready
from sqzl_desktop.services.case_reporting import AFTER, BEFORE
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

WITH_PHOTOS = ("handle_on_spot", "feed_back", "next_phase", "verify", "confirm", "rework")
_PROPERTY_COMPANY = "02"
_MOST_CASES, _MOST_HANDLERS = 300, 40


def step(
    ws: Workspace,
    case_id: str,
    step: str,
    values: Mapping[str, Any],
    files: Sequence[Ready] = (),
) -> Case:
    """Save what a step brings and its photos, then take the step: one action, or nothing of it."""
    with ws.store.write() as tx:
        case = elements.wanted(tx, "case", case_id)
        action = changes.Action(tx, ws.clock.now(), grouped=bool(values or files))
        for each in files:
            caption = BEFORE if step == "confirm" else AFTER
            attachments.add_in(ws, action, case, each, caption=caption)
        ended = flow_steps.take_with(ws, action, case, step, values)
    assert isinstance(ended, Case)
    return ended


def handlers(ws: Workspace, kind: str) -> list[str]:
    """Whom cases were dispatched to lately, those of the kind asked for first."""
    newest = [Order("id", descending=True)]
    with ws.store.read() as tx:
        some = records.find(
            tx, "case", filters=[Filter("handler", "!=", "")], order=newest, limit=_MOST_CASES
        )
        companies = (
            records.find(tx, "organisation", filters=[Filter("category", "=", "03")], limit=20)
            if kind == _PROPERTY_COMPANY
            else []
        )
    known = [each for each in some if isinstance(each, Case)]
    fitting = [each.handler for each in known if each.handler_kind == kind]
    names = [str(getattr(each, "name", "")) for each in companies]
    return list(dict.fromkeys((*fitting, *names)))[:_MOST_HANDLERS]


def kept_hits(ws: Workspace, text: str) -> list[Hit]:
    """The open cases that a text may mean, into which another may be merged."""
    hits = offers.of_kind(ws, "case", text)
    with ws.store.read() as tx:
        found = records.get_many(tx, "case", [each.id for each in hits])
    return [each for each in hits if getattr(found.get(each.id), "state", "") in OPEN]


def grids(ws: Workspace, case: Case) -> list[Grid]:
    """The other grids of the community, to which a case may be given."""
    of = [Filter("community_id", "=", case.community_id)]
    found = elements.find(ws, "grid", filters=of, order=[Order("code")])
    return [each for each in found if isinstance(each, Grid) and each.id != case.grid_id]
