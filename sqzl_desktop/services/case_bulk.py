"""批量办理: the same step for many cases, each an action of its own."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import elements, flow_steps
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.services.workspace import Workspace

BULK = ("dispatch", "urge")  # what is said once for many cases
MOST = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: `refusal` is "" where the step was taken, else why it was not."""

    id: str
    title: str
    refusal: str


def take_steps(
    ws: Workspace,
    ids: Sequence[str],
    step: str,
    values: Mapping[str, Any],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Outcome]:
    """Take a step on each case with the same values. One that is refused does not hold up the
    others; UserError where there are too many at once."""
    if len(ids) > MOST:
        raise UserError(f"一次最多办理{MOST}件，请先筛选，再分批办理")
    CASE_FLOW.transition(step)
    titles = elements.titles(ws, "case", ids)
    found: list[Outcome] = []
    for done, case_id in enumerate(ids, 1):
        refusal = ""
        try:
            flow_steps.take_step(ws, "case", case_id, step, values)
        except UserError as error:
            refusal = str(error)
        found.append(Outcome(case_id, titles.get(case_id, ""), refusal))
        progress(done, len(ids))
    return found


def blank_look(ws: Workspace, ids: Sequence[str]) -> CaseLook:
    """What the form of a step is to know of several cases: their community, nothing else."""
    community = getattr(elements.get(ws, "case", ids[0]), "community_id", "")
    return CaseLook(
        case=Case(community_id=community), class_name="", conditions=("", ""), clock=("", ""),
        phases=(), titles={}, moments=(), parties=(), party_titles={}, alike=(), merged=(),
        awaits_server=False,
    )  # fmt: skip
