"""Rights: `allows` and `visible` say the same; nothing is granted by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.access import (
    ADMIN,
    BUILDING_LEAD,
    CLERK,
    COMMUNITY_LEAD,
    GRID_WORKER,
    ROLES,
    Actor,
    allows,
    own_communities,
    sees,
    visible,
)
from sqzl_desktop.domain.kinds import BY_NAME, KINDS
from sqzl_desktop.domain.kinds.resident import Resident

COMMUNITIES = ("640104001001", "640104001002", "640105001001")
GRIDS = tuple(f"{community}{grid:03d}" for community in COMMUNITIES for grid in (1, 2))
SCOPES = st.lists(
    st.sampled_from((*COMMUNITIES, *GRIDS, "640100", "640104", "640104001", "64")), max_size=3
).map(tuple)
ACTIONS = ("write", "reveal", "print", "import", "export", "settle")
residents = st.builds(
    Resident, id=st.just("1"), community_id=st.sampled_from(COMMUNITIES),
    grid_id=st.sampled_from(("", *GRIDS)),
)  # fmt: skip


@given(st.sampled_from(sorted(ROLES)), SCOPES, residents, st.sampled_from(ACTIONS))
def test_nobody_may_touch_what_is_not_visible(
    role: str, scope: tuple[str, ...], resident: Resident, action: str
) -> None:
    actor = Actor("x", "x", role, scope)
    zones = visible(actor, resident.community_id)

    assert sees(actor, resident) == (zones is not None and zones.holds(resident.grid_id))
    if allows(actor, action, BY_NAME["resident"], resident):
        assert sees(actor, resident)


@given(st.sampled_from(sorted(ROLES)), residents)
def test_empty_scope_sees_nothing(role: str, resident: Resident) -> None:
    assert not sees(Actor("x", "x", role, ()), resident)


@pytest.mark.parametrize(
    ("scope", "community", "grid", "seen"),
    [
        ("640104001002001", "640104001002", "640104001002001", True),
        ("640104001002001", "640104001002", "640104001002002", False),
        ("640104001002001", "640104001002", "", True),
        ("640104001002001", "640104001001", "", False),
        ("640104001002", "640104001002", "640104001002002", True),
        ("640104", "640104001002", "640104001002002", True),
        ("640100", "640104001002", "640104001002002", True),
        ("640105", "640104001002", "640104001002002", False),
        ("64010", "650104001002", "", False),
    ],
)
def test_scope_code_covers_its_division(scope: str, community: str, grid: str, seen: bool) -> None:
    resident = Resident(id="1", community_id=community, grid_id=grid)

    assert sees(Actor("x", "x", GRID_WORKER, (scope,)), resident) is seen


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_unknown_role_and_unknown_action_are_denied(kind: object) -> None:
    assert not any(allows(Actor("x", "x", "guest", ("64",)), each, kind) for each in ACTIONS)  # type: ignore[arg-type]
    assert not allows(Actor("x", "x", COMMUNITY_LEAD, ("64",)), "launch", kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        (GRID_WORKER, "resident", True), (GRID_WORKER, "grid", False),
        (BUILDING_LEAD, "event", True), (BUILDING_LEAD, "resident", False),
        (COMMUNITY_LEAD, "community", True), (CLERK, "resident", True),
        (CLERK, "consultation", False), (ADMIN, "staff", True), (ADMIN, "resident", False),
    ],
)  # fmt: skip
def test_role_writes_what_its_work_is(role: str, kind: str, may: bool) -> None:
    assert allows(Actor("x", "x", role, ("64",)), "write", BY_NAME[kind]) is may


def test_conflicts_are_written_by_nobody() -> None:
    for role in ROLES:
        assert not allows(Actor("x", "x", role, ("64",)), "write", BY_NAME["conflict"])


def test_own_communities_are_those_named_outright() -> None:
    actor = Actor("x", "x", GRID_WORKER, ("640104001002001", "640105001001", "640100"))

    assert own_communities(actor) == ["640104001002", "640105001001"]
