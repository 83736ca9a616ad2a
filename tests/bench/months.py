"""The monthly report of a community with many cases, beside reading the same rows bare."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, Actor
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.services import papers
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.store.engine import Store, open_store
from sqzl_desktop.store.migrations import migrate
from tests.bench.figures import Figure, seconds
from tests.places import COMMUNITY, KEY, NOW

HANDLERS = ("阳光物业", "市政养护所", "综合执法队", "供热公司", "社区志愿服务队", "城管监督员",
            "凤凰北街街道综合行政执法办公室市容环境卫生养护中心", "")  # fmt: skip
GRIDS = tuple(f"{COMMUNITY}{number:03d}" for number in range(1, 13))
_TITLES = ("楼道堆物", "井盖破损", "路灯不亮", "暖气不热", "电梯故障", "噪声扰民", "占用消防通道")
MONTH = "2026-06"


def places() -> Iterator[Row]:
    """The community and its grids."""
    own = {"code": COMMUNITY, "name": "崇安社区居委会", "community_id": COMMUNITY}
    yield Row("community", COMMUNITY, "", 1, own, {"*": "loaded"}, "loaded")
    for number, code in enumerate(GRIDS, 1):
        fields = {"code": code, "name": f"崇安第{number}网格", "community_id": COMMUNITY}
        yield Row("grid", code, "", 1 + number, fields, {"*": "loaded"}, "loaded")


def cases(count: int, *, first: dt.datetime, days: int, seed: int = 5) -> Iterator[Row]:
    """Cases filed over some days, most of them closed, some late, parked, sent back."""
    chance = random.Random(seed)
    matters = [entry.code for entry in code_list("matter").codes if entry.code.startswith("06")]
    for number in range(count):
        filed = first + dt.timedelta(seconds=chance.randrange(days * 86_400))
        took = dt.timedelta(hours=chance.expovariate(1 / 60))
        fields = {
            "community_id": COMMUNITY, "grid_id": chance.choice(GRIDS),
            "number": f"案2026-001002-22-{number:05d}", "title": chance.choice(_TITLES),
            "category": "01", "class_code": matters[int(chance.random() ** 2 * 40) % len(matters)],
            "place": f"阳光家园{chance.randrange(1, 20)}号楼", "urgency": "01", "source": "01",
            "handler": chance.choice(HANDLERS), "reported_at": _at(filed - dt.timedelta(hours=1)),
            "filed_at": _at(filed), "due_at": _at(filed + dt.timedelta(days=4)),
            **_ending(chance, filed, took),
        }  # fmt: skip
        key = f"case-{seed}-{number}"
        yield Row("case", key, str(fields["grid_id"]), 100 + number, fields, {"*": "l"}, "l")


def _ending(chance: random.Random, filed: dt.datetime, took: dt.timedelta) -> dict[str, object]:
    ended, kind = filed + took, chance.random()
    if kind < 0.03:
        return {"state": "parked", "paused_at": _at(filed + took / 2),
                "park_reason": "产权单位失联，等待协调维修资金，电话13812345678"}  # fmt: skip
    if kind < 0.08 or ended > NOW:
        return {"state": "handling"}
    grade = chance.choice(("04", "01", "01", "02", "03", "05", "", "", ""))
    return {
        "state": "closed", "close_kind": "on_spot" if kind > 0.9 else "closed",
        "fed_back_at": _at(ended), "closed_at": _at(ended + dt.timedelta(hours=3)),
        "rework_count": 1 if chance.random() < 0.06 else None, "satisfaction": grade,
        **({"callback_at": _at(ended + dt.timedelta(hours=20))} if grade else {}),
    }  # fmt: skip


def _at(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def office(folder: Path, count: int) -> Workspace:
    """The lead's workspace: so many cases in June 2026, a few in the months compared with."""
    store = open_store(folder, KEY)
    begin = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    with store.write() as tx:
        migrate(tx, FixedClock(NOW))
        confirmed.load(tx, COMMUNITY, places())
        confirmed.load(tx, COMMUNITY, cases(count, first=begin, days=29))
        for months, seed in ((31, 6), (365, 7)):
            some = cases(count // 10, first=begin - dt.timedelta(days=months), days=29, seed=seed)
            confirmed.load(tx, COMMUNITY, some)
    actor = Actor("li", "李书记", COMMUNITY_LEAD, (COMMUNITY,))
    return Workspace(actor, store, FixedClock(NOW), (COMMUNITY,), "23")


def measure(folder: Path, count: int = 5_000) -> Figure:
    """From the rows to the PDF, the best of three; the floor reads the rows only."""
    ws = office(folder, count)
    subject = f"{COMMUNITY}@{MONTH}"
    took = min(seconds(lambda: papers.preview(ws, "monthly_report", subject)) for _ in range(3))
    bare = min(seconds(lambda: _read(ws.store)) for _ in range(3))
    ws.store.close()
    return Figure(f"monthly report of {count:,} cases", took, bare, "s", "reading the rows", 3.0)


def _read(store: Store) -> None:
    with store.read() as tx:
        tx.exec_driver_sql('SELECT * FROM "case"').all()
