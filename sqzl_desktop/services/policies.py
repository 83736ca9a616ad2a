"""政策宣传: policies pushed to grids, whom they concern, and who was told when and by whom."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.filters import Order
from sqzl_desktop.domain.kinds.policy import Policy
from sqzl_desktop.domain.kinds.policy_told import POLICY_TOLD, PolicyTold
from sqzl_desktop.domain.kinds.resident import Resident
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
class ToHear:
    """A policy that somebody still has to hear of, and what is to be said to them."""

    policy_id: str
    title: str
    content: str
    target: Target


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """A policy that concerns a resident or reached them; `told` is None where it is still open."""

    policy_id: str
    title: str
    told: PolicyTold | None


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
        return sum(policies.has_untold(tx, _concerned(each)) for each in _running(tx, ws.today))


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
        action = changes.Action(tx, ws.clock.now(), grouped=len(whom) > 1)
        for each in whom:
            tell_in(ws, action, policy_id, each, way=way, told_at=told_at, remark=remark)
    return len(whom)


def tell_in(
    ws: Workspace,
    action: changes.Action,
    policy_id: str,
    target: Target,
    **how: Any,
) -> None:
    """The same for one as a part of an action; `how` are way, told_at and remark."""
    policy = _policy(action.tx, policy_id)
    if policy.is_withdrawn:
        raise Refused("这项政策通知已停止，不再告知")
    told = PolicyTold(
        **{
            "community_id": policy.community_id,
            "grid_id": target.grid_id,
            "policy_id": policy.id,
            "resident_id": target.resident_id,
            "household_id": target.household_id,
            "told_by": ws.actor.name,
            **how,
            "told_at": how.get("told_at") or ws.clock.now().replace(microsecond=0),
        }
    )
    put(ws, action, told, POLICY_TOLD)


def to_hear(
    ws: Workspace, tx: sa.Connection, *, resident_id: str = "", household_id: str = ""
) -> list[ToHear]:
    """Today's policies that a resident, or a household where no resident is named, still has to
    hear of; what is told by household is told to all of it."""
    found = []
    for policy in _running(tx, ws.today):
        is_person = bool(resident_id) and not policy.per_household
        if not is_person and not household_id:
            continue
        whom = dataclasses.replace(
            _concerned(policy),
            resident=resident_id if is_person else "",
            household="" if is_person else household_id,
        )
        for row in policies.targets(tx, whom, is_told=False, limit=1):
            target = Target(
                row.id if is_person else "", "" if is_person else household_id, row.name,
                row.grid or "", row.address, is_told=False,
            )  # fmt: skip
            found.append(ToHear(policy.id, policy.title, policy.content, target))
    return found


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
    """What a resident was told, alone, with the household or by a notice, newest first."""
    with ws.store.read() as tx:
        return list(_told_of(tx, resident_id))


def heard(ws: Workspace, resident_id: str) -> list[Heard]:
    """What is still open to be told to a resident, then what they were told, newest first."""
    with ws.store.read() as tx:
        person = elements.wanted(tx, "resident", resident_id)
        assert isinstance(person, Resident)
        open_ = to_hear(ws, tx, resident_id=resident_id, household_id=person.household_id)
        told = list(_told_of(tx, resident_id))
        titles = elements.titles_in(tx, "policy", {each.policy_id for each in told})
    return [
        *(Heard(each.policy_id, each.title, None) for each in open_),
        *(Heard(each.policy_id, titles.get(each.policy_id, ""), each) for each in told),
    ]


def _told_of(tx: sa.Connection, resident_id: str) -> Iterator[PolicyTold]:
    for each in policies.told_about(tx, resident_id):
        told = records.get(tx, "policy_told", each)
        if isinstance(told, PolicyTold):
            yield told


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
