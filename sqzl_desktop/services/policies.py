"""政策宣传: policies pushed to grids, whom they concern, and who was told when and by whom."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.policy import Policy
from sqzl_desktop.domain.kinds.policy_told import POLICY_TOLD, PolicyTold
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, policies, records
from sqzl_desktop.store.policies import Concerned

_SHOWN = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """Somebody a policy concerns: a resident, or a household called by its head."""

    resident_id: str
    household_id: str
    name: str
    grid_id: str
    address: str
    is_told: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far the telling has come in one grid."""

    grid_id: str
    concerned: int
    told: int


def running(ws: Workspace) -> list[Policy]:
    """The policies that are to be told today, those that end first in front."""
    with ws.store.read() as tx:
        return _running(tx, ws.today)


def targets(
    ws: Workspace, policy_id: str, *, is_told: bool | None = False, start: int = 0
) -> list[Target]:
    """Whom a policy concerns on this device, by address: those not told, those told, or all."""
    with ws.store.read() as tx:
        whom = _concerned(_policy(tx, policy_id))
        found = policies.targets(tx, whom, is_told=is_told, limit=_SHOWN, start=start)
    return [
        Target(each.id, each.household, each.name, each.grid or "", each.address,
               bool(each.is_told))
        for each in found
    ]  # fmt: skip


def progress(ws: Workspace, policy_id: str) -> list[Progress]:
    """How far the telling has come, grid by grid."""
    with ws.store.read() as tx:
        found = policies.progress(tx, _concerned(_policy(tx, policy_id)))
    return [Progress(grid or "", concerned, told) for grid, concerned, told in found]


def untold(ws: Workspace) -> int:
    """How many of today's policies still have somebody to be told on this device."""
    with ws.store.read() as tx:
        return sum(
            bool(policies.targets(tx, _concerned(each), is_told=False, limit=1))
            for each in _running(tx, ws.today)
        )


def tell(
    ws: Workspace,
    policy_id: str,
    whom: Sequence[Target],
    *,
    way: str,
    told_at: dt.datetime | None = None,
    remark: str = "",
) -> int:
    """告知: write down that these were told, in one action; returns how many."""
    if not whom:
        raise Refused("请先选择告知的对象")
    with ws.store.write() as tx:
        policy = _policy(tx, policy_id)
        if policy.is_withdrawn:
            raise Refused("这项政策通知已停止，不再告知")
        action = changes.Action(tx, ws.clock.now(), grouped=len(whom) > 1)
        for each in whom:
            told = PolicyTold(
                community_id=policy.community_id,
                grid_id=each.grid_id,
                policy_id=policy.id,
                resident_id=each.resident_id,
                household_id=each.household_id,
                told_at=told_at or ws.clock.now().replace(microsecond=0),
                way=way,
                told_by=ws.actor.name,
                remark=remark,
            )
            put(ws, action, told, POLICY_TOLD)
    return len(whom)


def posted(
    ws: Workspace, policy_id: str, building_id: str, *, told_at: dt.datetime | None = None
) -> PolicyTold:
    """张贴: a notice put up in a building tells everybody who lives there."""
    with ws.store.write() as tx:
        policy = _policy(tx, policy_id)
        building = elements.wanted(tx, "building", building_id)
        action = changes.Action(tx, ws.clock.now())
        told = PolicyTold(
            community_id=policy.community_id,
            grid_id=building.grid_id,
            policy_id=policy.id,
            building_id=building.id,
            told_at=told_at or ws.clock.now().replace(microsecond=0),
            way="03",
            told_by=ws.actor.name,
        )
        saved = put(ws, action, told, POLICY_TOLD)
    assert isinstance(saved, PolicyTold)
    return saved


def told_of(ws: Workspace, resident_id: str) -> list[PolicyTold]:
    """What a resident was told, newest first."""
    about = [Filter("resident_id", "=", resident_id)]
    with ws.store.read() as tx:
        found = records.find(tx, "policy_told", filters=about, order=[Order("told_at", True)])
    return [each for each in found if isinstance(each, PolicyTold)]


def _running(tx: sa.Connection, today: dt.date) -> list[Policy]:
    found = records.find(tx, "policy", filters=[], order=[Order("tell_until", False)])
    return [
        each
        for each in found
        if isinstance(each, Policy)
        and not each.is_withdrawn
        and (each.tell_from is None or each.tell_from <= today)
        and (each.tell_until is None or each.tell_until >= today)
    ]


def _policy(tx: sa.Connection, policy_id: str) -> Policy:
    policy = elements.wanted(tx, "policy", policy_id)
    assert isinstance(policy, Policy)
    return policy


def _concerned(policy: Policy) -> Concerned:
    grids = tuple(line.strip() for line in policy.grids.splitlines() if line.strip())
    return Concerned(policy.id, policy.per_household, grids, policy.tags)
