"""The inbox of 50,000 cases in an encrypted store, beside the bare store reading as many rows.

Processor time of the thread that asks, the best of several repeats; every repeat opens the store
anew, so that nothing of it lies in the cache.
"""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER, Actor
from sqzl_desktop.domain.case_flow import OPEN
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import case_inbox
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, meta
from sqzl_desktop.store.engine import open_store
from sqzl_desktop.store.migrations import migrate
from tests.bench.figures import Figure
from tests.places import COMMUNITY, GRID, KEY, NOW, OTHER_GRID, rows

SIZE, REPEATS = 50_000, 5
TARGET_MS = 150
LEAD = Actor("li", "李书记", COMMUNITY_LEAD, (COMMUNITY,))
WORKER = Actor("wang", "王网格", GRID_WORKER, (GRID,))
Ask = Callable[[Workspace], object]


def measure(folder: Path) -> list[Figure]:
    """All 50,000 of them open, which is more than any community will see."""
    _fill(folder, SIZE)
    floor = _best(folder, LEAD, _bare)
    by_handler = (Filter("handler", "=", "阳光物业"), Filter("urgency", "=", "03"))
    asked: list[tuple[str, Actor, Ask]] = [
        ("to do, lead", LEAD, lambda ws: case_inbox.inbox(ws, "mine_to_do")),
        ("to do, grid worker", WORKER, lambda ws: case_inbox.inbox(ws, "mine_to_do")),
        ("overdue", LEAD, lambda ws: case_inbox.inbox(ws, "overdue")),
        ("all, far down", LEAD, _far_down),
        ("narrowed by handler and urgency", LEAD,
         lambda ws: case_inbox.inbox(ws, "all", by_handler)),
        ("counts of all boxes", LEAD, case_inbox.counts),
        ("board", LEAD, case_inbox.board),
    ]  # fmt: skip
    return [
        Figure(f"inbox of {SIZE:,} open cases: {name}", _best(folder, actor, ask), floor, "ms",
               "the same rows of the bare store by their keys", TARGET_MS)
        for name, actor, ask in asked
    ]  # fmt: skip


def _far_down(ws: Workspace) -> object:
    """One page, far down the list: what is due in twenty days."""
    after = (ws.clock.now() + dt.timedelta(days=20)).isoformat().replace("+00:00", "Z")
    return case_inbox.inbox(ws, "all", after=(after, ""))


def _bare(ws: Workspace) -> object:
    """As many rows as a page has, whole, by their keys."""
    with ws.store.read() as tx:
        keys = ",".join(str(n * 7 + 1) for n in range(case_inbox.PAGE))
        return tx.exec_driver_sql(f'SELECT * FROM "case" WHERE rowid IN ({keys})').all()


def _best(folder: Path, actor: Actor, ask: Ask) -> float:
    took = []
    for _ in range(REPEATS):
        store = open_store(folder, KEY)
        ws = Workspace(actor, store, FixedClock(NOW), (COMMUNITY,), "22")
        began = time.thread_time()
        ask(ws)
        took.append(time.thread_time() - began)
        store.close()
    return min(took) * 1000


def _fill(folder: Path, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(folder, KEY)
    with store.write() as tx:
        migrate(tx, FixedClock(NOW))
        meta.put(tx, "incarnation", "bench")
        confirmed.load(tx, COMMUNITY, rows())
        confirmed.load(tx, COMMUNITY, _cases(size))
    store.close()


def _cases(size: int) -> Iterator[Row]:
    rng = random.Random(7)
    for number in range(size):
        case = _case(rng, number)
        fields: dict[str, Any] = to_fields(CASE, case)
        yield Row("case", case.id, case.grid_id, number + 10, fields, {"*": "bench"}, "bench")


def _case(rng: random.Random, number: int) -> Case:
    at = NOW - dt.timedelta(minutes=rng.randrange(60 * 24 * 30))
    return Case(
        id=f"{number:08x}-0000-7000-8000-000000000000",
        community_id=COMMUNITY,
        grid_id=rng.choice((GRID, OTHER_GRID)),
        number=f"案2026-22-{number:05}",
        title=rng.choice(("楼道堆物", "路灯不亮", "噪声扰民", "占用消防通道")),
        class_code=rng.choice(("06036", "06010", "06028", "09012")),
        description="三单元四层至五层楼道堆放纸箱和旧家具，影响通行，居民多次反映。",
        place=f"北京路12号阳光家园{rng.randrange(1, 30)}号楼{rng.randrange(1, 5)}单元",
        urgency=rng.choice(("01", "01", "02", "03")),
        state=rng.choice(OPEN),
        source=rng.choice(("01", "02", "04")),
        handler=rng.choice(("阳光物业", "综合执法局", "供电所", "")),
        collector=rng.choice(("wang", "ma", "li")),
        discovered_at=at,
        reported_at=at,
        due_at=at + dt.timedelta(hours=rng.randrange(4, 24 * 60)),
        stage_due_at=at + dt.timedelta(hours=rng.randrange(4, 24 * 60)),
    )
