"""Import of a clean register of 15,000 people, and its export; with the memory they take.

python -m tests.bench.sheets [--size N]: seconds of the process (others may be at work) and MB.
"""

import argparse
import contextlib
import dataclasses
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, Actor
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.resident import RESIDENT
from sqzl_desktop.exchange.sheet import write_sheet
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import cell_text, decode
from sqzl_desktop.server.city import read_city
from sqzl_desktop.services import exports, imports
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, meta
from sqzl_desktop.store.engine import open_store
from sqzl_desktop.store.migrations import migrate
from tests.city.make import make_city

KEY = bytes(range(32))
PLACES = ("community", "grid", "estate", "building", "dwelling")
FIELDS = ("name", "sex", "id_number", "born_on", "phone", "ethnic", "education", "relation",
          "registered_home")  # fmt: skip


def prepared(folder: Path, size: int) -> tuple[Workspace, Path]:
    """A store with the places of a community, and the sheet of its people."""
    with contextlib.redirect_stdout(None):
        make_city(folder / "city", size=size)
    found = [each for each in read_city(folder / "city") if each[1] in (*PLACES, *PEOPLE)]
    of = {kind: {each[2]: each for each in found if each[1] == kind} for kind in (*PLACES, *PEOPLE)}
    community = next(iter(of["community"]))
    (folder / "store").mkdir()
    store = open_store(folder / "store", KEY)
    rows = (
        Row(kind, each[2], str(each[3].get("grid_id", "")), n, each[3], {"*": "x"}, "x")
        for n, (kind, each) in enumerate(
            ((kind, each) for kind in PLACES for each in of[kind].values()), 1
        )
    )
    with store.write() as tx:
        migrate(tx, SystemClock())
        meta.put(tx, "incarnation", "bench")
        confirmed.load(tx, community, rows)
    sheet = folder / "register.xlsx"
    labels = ["小区", "楼号", "单元", "室号", *(RESIDENT.column(name).label for name in FIELDS)]
    write_sheet(sheet, labels, _lines(of))
    actor = Actor("li", "李书记", COMMUNITY_LEAD, (community,))
    return Workspace(actor, store, SystemClock(), (community,), "22"), sheet


PEOPLE = ("household", "resident")
_Records = dict[str, dict[str, tuple[str, str, str, dict]]]


def _lines(of: _Records) -> Iterator[list[str]]:
    for _, _, _, person in of["resident"].values():
        household = of["household"][person["household_id"]][3]
        home = of["dwelling"][household["dwelling_id"]][3]
        building = of["building"][home["building_id"]][3]
        columns = [RESIDENT.column(name) for name in FIELDS]
        yield [
            building["estate"], building["name"], home.get("entrance", ""), home["room"],
            *(cell_text(each, decode(each, person.get(each.name)), code_list) for each in columns),
        ]  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Step:
    """What a step took: processor seconds and seconds on the wall; what came of it."""

    name: str
    processor: float
    wall: float
    result: object


@contextlib.contextmanager
def timed(name: str, steps: list[Step]) -> Iterator[list[object]]:
    """Add a step to the list."""
    result: list[object] = []
    busy, began = time.process_time(), time.perf_counter()
    yield result
    steps.append(
        Step(name, time.process_time() - busy, time.perf_counter() - began, *(result or [""]))
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sheets")
    parser.add_argument("--size", type=int, default=15_000)
    args = parser.parse_args()
    steps: list[Step] = []
    with tempfile.TemporaryDirectory() as place:
        ws, sheet = prepared(Path(place), args.size)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with timed("read and plan", steps) as result:
            plan = imports.preview_import(ws, "resident", sheet)
            result.append(dict(plan.counts))
        with timed("save", steps) as result:
            result.append(imports.apply_import(ws, plan))
        with timed("export", steps) as result:
            result.append(exports.export(ws, exports.Wanted("resident"), Path(place) / "out.xlsx"))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ws.store.close()
    for step in steps:
        print(f"{step.name}: {step.processor:.2f} s of the processor, {step.wall:.2f} s in all;",
              step.result)  # fmt: skip
    print(f"peak memory {after:.0f} MB ({before:.0f} MB before, the city's data among them)")


if __name__ == "__main__":
    main()
