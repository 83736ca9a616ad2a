"""日常: the rules of what people do with their laptops, and what networks do to them."""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.server import accounts
from sqzl_desktop.services import conflicts, elements, flow_steps, handovers
from tests.places import COMMUNITY, NOW
from tests.sync.ground import ACCOUNTS, CLONE, Laptop
from tests.sync.world import (
    FIELDS,
    GRIDS,
    TAGS,
    TROUBLE,
    VALUES,
    World,
    born,
    canary,
    change,
    seen,
    try_to,
)


class Died(Exception):
    """The process ended here."""


LONG_AGO = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # past by every clock, a wrong one too


def register(world: World, laptop: Laptop, _which: int, value: int) -> None:
    """登记: a new resident, with or without tags."""
    record_id = born(world, "resident")
    if record_id:
        tags = (TAGS[value % 3],) if value % 4 == 3 else ()
        try_to(elements.save, laptop.session.ws, person(record_id, GRIDS[value % 2], tags=tags))


def person(record_id: str, grid: str, **fields: Any) -> Resident:
    """A resident as first written down."""
    return Resident(
        id=record_id, name=canary(record_id), community_id=COMMUNITY, grid_id=grid, **fields
    )


def edit(world: World, laptop: Laptop, which: int, value: int) -> None:
    """修改: one field of a resident."""
    name, text = FIELDS[value % 4], VALUES[value // 4 % 3]
    if name == "phone":
        text = {"甲": "15411111111", "乙": "15422222222", "": ""}[text]
    change(laptop, seen(world, laptop, "resident", which), **{name: text})


def tag(world: World, laptop: Laptop, which: int, value: int) -> None:
    """标签: another set of tags."""
    tags = tuple(each for bit, each in enumerate(TAGS) if value >> bit & 1)
    change(laptop, seen(world, laptop, "resident", which), tags=tags)


def move(world: World, laptop: Laptop, which: int, value: int) -> None:
    """调整网格: a resident to another grid."""
    change(laptop, seen(world, laptop, "resident", which), grid_id=GRIDS[value % 2])


def delete(world: World, laptop: Laptop, which: int, value: int) -> None:
    """删除: a resident or a household."""
    kind = "household" if value % 5 == 4 else "resident"
    record = seen(world, laptop, kind, which)
    if record is not None:
        try_to(elements.delete, laptop.session.ws, kind, record.id)


def clash(world: World, laptop: Laptop, which: int, value: int) -> None:
    """同改: two people change the same field before either hears of the other."""
    other = world.laptops[(world.laptops.index(laptop) + 1) % len(world.laptops)]
    edit(world, laptop, which, value)
    edit(world, other, which, value + 4)
    world.note(other)
    for each in (laptop, other, laptop):
        try_to(each.sync)


def amend(world: World, laptop: Laptop, which: int, value: int) -> None:
    """再改: the field that an open conflict is about is edited, not chosen."""
    known = [each for each in _open_conflicts(laptop) if each.field in FIELDS]
    if known:
        about = known[which % len(known)]
        record = world.known["resident"].index(about.record_id)
        edit(world, laptop, record, FIELDS.index(about.field) + 4 * (value % 3))


def _open_conflicts(laptop: Laptop) -> list[conflicts.ConflictView]:
    return sorted(
        conflicts.open_conflicts(laptop.session.ws),
        key=lambda each: (each.kind, each.record_id, each.field, each.about, each.id),
    )


def settle(_world: World, laptop: Laptop, which: int, value: int) -> None:
    """选择: one of the open conflicts this laptop knows."""
    known = _open_conflicts(laptop)
    if known:
        keep = conflicts.CHOICES[value % 2]
        try_to(conflicts.settle, laptop.session.ws, known[which % len(known)].id, keep)


def household(world: World, laptop: Laptop, which: int, value: int) -> None:
    """整户: a household and two members, saved as one action."""
    home = seen(world, laptop, "household", which)
    if home is None:
        record_id = born(world, "household")
        if not record_id:
            return
        home = Household(id=record_id, community_id=COMMUNITY, grid_id=GRIDS[value % 2])
    group: list[Element] = [dataclasses.replace(home, remark=VALUES[value % 3])]
    for number in (which, which + 1):
        member = seen(world, laptop, "resident", number)
        if member is None:
            record_id = born(world, "resident")
            member = person(record_id, home.grid_id) if record_id else None
        if member is not None and member.id not in {each.id for each in group}:
            remark = VALUES[value // 3 % 3]
            group.append(dataclasses.replace(member, household_id=home.id, remark=remark))
    try_to(elements.save_all, laptop.session.ws, group)


def visit(world: World, laptop: Laptop, which: int, value: int) -> None:
    """走访: a line that is only ever added."""
    resident = seen(world, laptop, "resident", which)
    if resident is not None:
        line = Visit(resident_id=resident.id, community_id=COMMUNITY, visited_at=LONG_AGO,
                     category="01", content=f"访{canary(resident.id)}{value}")  # fmt: skip
        try_to(elements.save, laptop.session.ws, line)


def topic(world: World, laptop: Laptop, which: int, value: int) -> None:
    """议题: raise it, or take the next step of it."""
    known = seen(world, laptop, "topic", which)
    if known is None:
        record_id = born(world, "topic")
        if record_id:
            raised = Topic(id=record_id, title="停车", category="02", level="02",
                           community_id=COMMUNITY)  # fmt: skip
            try_to(elements.save, laptop.session.ws, raised)
        return
    step = ("adopt", "refuse", "merge")[value % 3]
    values = {"decision": VALUES[value % 2]} if value % 3 else None
    try_to(flow_steps.take_step, laptop.session.ws, "topic", known.id, step, values)


def sync(_world: World, laptop: Laptop, _which: int, value: int) -> None:
    """同步: one round, on whatever network there is."""
    laptop.wire.plan = list(TROUBLE[value % len(TROUBLE)])
    try_to(laptop.sync)
    laptop.wire.plan.clear()


def restart(_world: World, laptop: Laptop, _which: int, _value: int) -> None:
    """重开: the program is closed and opened."""
    laptop.wake()


def clock(_world: World, laptop: Laptop, _which: int, value: int) -> None:
    """时钟: the laptop's clock is wrong by years."""
    laptop.clock.at = NOW + dt.timedelta(days=365 * (value % 21 - 10))


def scope(world: World, laptop: Laptop, which: int, value: int) -> None:
    """范围: a grid is taken from this account, or given back."""
    if laptop.account == "li":
        return
    grid = GRIDS[which % 2]

    def change_it(connection: sa.Connection) -> None:
        found = accounts.find(connection, laptop.account)
        assert found is not None
        others = [each for each in found.scope if each != grid]
        wanted = [*others, grid] if value % 2 or not others else others
        if sorted(wanted) != sorted(found.scope):
            accounts.entrust(connection, laptop.account, sorted(wanted), world.ground.clock)

    world.ground.database.writing(change_it)
    if value % 3 == 0:
        world.ground.clock.advance(hours=25)  # the grace is over


def lose(world: World, laptop: Laptop, which: int, value: int) -> None:
    """迟报: an edit is not sent before its grid is taken away and the grace is over."""
    edit(world, laptop, which, value)
    record = seen(world, laptop, "resident", which)
    if record is not None:
        scope(world, laptop, GRIDS.index(record.grid_id), 0)


def later(world: World, _laptop: Laptop, _which: int, value: int) -> None:
    """过后: the server's clock goes on: tokens end, and the grace after a scope change."""
    world.ground.clock.advance(hours=(value % 3) * 12 + 1)


def decide(_world: World, laptop: Laptop, which: int, value: int) -> None:
    """移交: take over, or decline, what somebody did who had lost the grid."""
    waiting = handovers.open_handovers(laptop.session.ws)
    if waiting:
        chosen = waiting[which % len(waiting)].id
        if value % 3:
            try_to(handovers.accept, laptop.session.ws, chosen)
        else:
            try_to(handovers.decline, laptop.session.ws, chosen, "不需要")


def image(world: World, laptop: Laptop, _which: int, _value: int) -> None:
    """镜像: somebody keeps a copy of the disk."""
    world.images[laptop.name] = laptop.image()


def back(world: World, laptop: Laptop, _which: int, _value: int) -> None:
    """还原: the disk is replaced by the copy; what was not sent since then went with the disk."""
    if laptop.name not in world.images:
        return
    laptop.replace_by(world.images[laptop.name])
    world.noted[laptop.name] = 0
    world.excuse_lost()


def clone(world: World, laptop: Laptop, _which: int, _value: int) -> None:
    """克隆: the disk runs in a second machine as well."""
    if len(world.laptops) == len(ACCOUNTS):
        twin = world.ground.laptops[CLONE]
        twin.account = laptop.account
        twin.replace_by(laptop.image())
        world.laptops.append(twin)


def crash(world: World, laptop: Laptop, which: int, value: int) -> None:
    """断电: the process dies at a commit, or right after it, while it saves or syncs."""
    works = (lambda: laptop.sync(), lambda: edit(world, laptop, which, value))
    with _dying(laptop, at=which % 4, after=bool(value % 2)), contextlib.suppress(Died):
        try_to(works[value // 2 % 3 == 2])
    laptop.wake()


@contextlib.contextmanager
def _dying(laptop: Laptop, *, at: int, after: bool) -> Iterator[None]:
    """Die at the commit numbered `at`: before it is written, or when it is."""
    left = iter([False] * at + [True])

    def strike(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement == "COMMIT" and next(left, False):
            raise Died

    moment = "after_cursor_execute" if after else "before_cursor_execute"
    event.listen(laptop.store.engine, moment, strike)
    try:
        yield
    finally:
        event.remove(laptop.store.engine, moment, strike)
