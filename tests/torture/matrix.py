"""I9: every address x post x scope x grid; nobody is told of what is not theirs."""

import asyncio
import dataclasses
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import Zones
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol.messages import Operation, Push, SnapshotOffer
from sqzl_desktop.protocol.version import HEADER, PROTOCOL
from sqzl_desktop.server import rows, scope
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.settings import Settings
from tests import postgres
from tests.admitted import Admitted
from tests.torture.asgi import Asked, Heard, ask
from tests.torture.figures import Figures
from tests.torture.planted import PLACES, City, Place, clock, hidden, in_sight, plant

NAME = "matrix"
OF = "/v1/c/{community}"
OPEN = ("/health", "/v1/enrol", "/v1/token")
COMMUNITIES = sorted({place.community for place in PLACES})


@dataclasses.dataclass
class Visit:
    """One person going through every address."""

    city: City
    person: Admitted
    chance: random.Random
    kinds: int  # how many kinds of each place are asked for
    pieces: list[str]  # snapshot files that anybody was offered


def _push(visit: Visit) -> Iterator[Asked]:
    for place in PLACES:
        new = {"community_id": place.community, "grid_id": place.grid, "name": "试探"}
        some = [(kind.name, place.record(kind.name))
                for kind in visit.chance.sample(KINDS, visit.kinds)]  # fmt: skip
        tried = [("put", *key, {"remark": "试探"}, "") for key in some]
        tried += [("delete", *key, {}, "") for key in some]
        tried += [("step", *key, {"choice": "other"}, "settle") for key in some]
        steps = visit.chance.sample(CASE_FLOW.transitions, 1 + visit.kinds // 8)
        tried += [("step", "case", place.record("case"), {}, each.step) for each in steps]
        tried += [
            ("put", "resident", new_id(), new, ""),
            ("put", "resident", "moved-1", {"remark": "试探"}, ""),
        ]
        made = [Operation(n, new_id(), kind, record, action, "", fields, step=step)  # type: ignore[arg-type]
                for n, (action, kind, record, fields, step) in enumerate(tried, 1)]  # fmt: skip
        body = msgspec.json.encode(Push(visit.city.epoch, new_id(), made))
        yield Asked("POST", f"/v1/c/{place.community}/push", body=body)


def _pull(visit: Visit) -> Iterator[Asked]:
    for community in COMMUNITIES:
        for limit in (3, 2000):
            query = f"since=0&scope=1&limit={limit}&epoch={visit.city.epoch}"
            yield Asked("GET", f"/v1/c/{community}/pull", query)


def _history(visit: Visit) -> Iterator[Asked]:
    for place in PLACES:
        for kind in visit.chance.sample(KINDS, visit.kinds):
            path = f"/v1/c/{place.community}/history/{kind.name}/{place.record(kind.name)}"
            yield Asked("GET", path)
        yield Asked("GET", f"/v1/c/{place.community}/history/resident/{place.record('resident')}")
        yield Asked("GET", f"/v1/c/{place.community}/history/resident/moved-1")


def _blobs(method: str, query: str) -> Callable[[Visit], Iterator[Asked]]:
    def asks(_visit: Visit) -> Iterator[Asked]:
        for place in PLACES:
            path = f"/v1/c/{place.community}/blobs/{place.sha256}"
            body = place.content if method == "PATCH" else b""
            yield Asked(method, path, f"attachment={place.record('attachment')}{query}", body)

    return asks


def _known(_visit: Visit) -> Iterator[Asked]:
    for place in PLACES:
        body = msgspec.json.encode({"ids": [place.operation]})
        yield Asked("POST", f"/v1/c/{place.community}/known", body=body)


def _in_grids(rest: str, query: str) -> Callable[[Visit], Iterator[Asked]]:
    return lambda _visit: (
        Asked("GET", f"/v1/c/{place.community}/{rest}", f"grid={place.grid}{query}")
        for place in PLACES
    )


def _rows(_visit: Visit) -> Iterator[Asked]:
    for place in PLACES:
        keys = [("resident", place.record("resident")), ("resident", "moved-1")]
        body = msgspec.json.encode({"keys": keys})
        yield Asked("POST", f"/v1/c/{place.community}/rows", body=body)


def _saying(path: str, **message: Any) -> Callable[[Visit], Iterator[Asked]]:
    return lambda _visit: iter([Asked("POST", path, body=msgspec.json.encode(message))])


def _snapshot_files(visit: Visit) -> Iterator[Asked]:
    for piece in visit.pieces:
        yield Asked("GET", f"/v1/snapshots/{piece}")


def _of_communities(method: str, rest: str) -> Callable[[Visit], Iterator[Asked]]:
    return lambda _visit: (Asked(method, f"/v1/c/{each}/{rest}") for each in COMMUNITIES)


def _once(method: str, path: str, *queries: str) -> Callable[[Visit], Iterator[Asked]]:
    return lambda _visit: (Asked(method, path, query) for query in (queries or ("",)))


def _enrol(visit: Visit) -> Iterator[Asked]:
    if visit.kinds > 1:  # each costs a password hash
        body = {"account": "grid_worker0", "password": "wrong-one-7", "label": "x"}
        yield Asked("POST", "/v1/enrol", body=msgspec.json.encode(body))


def _token(visit: Visit) -> Iterator[Asked]:
    for place in PLACES:
        body = {"device": f"{place.canary}-device", "secret": visit.person.secret}
        yield Asked("POST", "/v1/token", body=msgspec.json.encode(body))


# every address of the server must be here: a new one fails the test until somebody says how it
# is asked for what is not the asker's
ASKS: dict[tuple[str, str], Callable[[Visit], Iterator[Asked]]] = {
    ("GET", "/health"): _once("GET", "/health"),
    ("POST", "/v1/enrol"): _enrol,
    ("POST", "/v1/token"): _token,
    ("GET", "/v1/me"): _once("GET", "/v1/me"),
    ("GET", "/v1/events"): _once(
        "GET", "/v1/events", "", *(f"communities={c}" for c in COMMUNITIES)
    ),
    ("POST", f"{OF}/push"): _push,
    ("GET", f"{OF}/pull"): _pull,
    ("POST", f"{OF}/known"): _known,
    ("GET", f"{OF}/digests"): _in_grids("digests", ""),
    ("GET", f"{OF}/hashes"): _in_grids(
        "hashes", "&parts=" + ",".join(str(part) for part in range(256))
    ),
    ("POST", f"{OF}/rows"): _rows,
    ("POST", "/v1/diverged"): _saying("/v1/diverged", community=PLACES[0].community, grids=[]),
    ("POST", "/v1/quarantine"): _saying("/v1/quarantine", left=[], last=True),
    ("POST", "/v1/purged"): _saying("/v1/purged", scope_version=1),
    ("GET", f"{OF}/snapshot"): _of_communities("GET", "snapshot"),
    ("GET", "/v1/snapshots/{id}"): _snapshot_files,
    ("GET", OF + "/history/{kind}/{id}"): _history,
    ("HEAD", OF + "/blobs/{sha}"): _blobs("HEAD", ""),
    ("GET", OF + "/blobs/{sha}"): _blobs("GET", ""),
    ("PATCH", OF + "/blobs/{sha}"): _blobs("PATCH", "&offset=0&size=99"),
}


@dataclasses.dataclass
class Told:
    """What came out. `leaks` are by address; `seen` counts what was rightly told."""

    asked: int = 0
    leaks: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    seen: int = 0

    def leak(self, address: str, sentence: str) -> None:
        """Note a leak."""
        self.leaks.setdefault(address, []).append(sentence)


def run(count: int | None, seed: int) -> list[Figures]:
    """Everything once on each database with every kind, then the predicates removed one by one."""
    kinds = len(KINDS) if count is None else min(count, len(KINDS))
    found = []
    with postgres.cluster() as cluster, tempfile.TemporaryDirectory() as place:
        for database in (f"sqlite:///{place}/server.db", cluster.new_database()):
            folder = Path(place) / database[:6]
            began = time.monotonic()
            told = walk(database, folder, kinds=kinds, seed=seed)
            failures = tuple(each for some in told.leaks.values() for each in some)
            unit = f"requests on {database[:8]}, each answer searched; {told.seen:,} rightly told"
            found.append(Figures(NAME, told.asked, unit, seed, time.monotonic() - began, failures))
        for fault in FAULTS:
            began = time.monotonic()
            missing = unnoticed(f"sqlite:///{place}/{fault}.db", Path(place) / fault, fault, seed)
            failures = tuple(f"{fault}: no leak at {address}" for address in missing)
            unit = f"addresses leak without {fault} (control)"
            took = time.monotonic() - began
            found.append(Figures(NAME, len(FAULTS[fault][1]), unit, seed, took, failures))
    return found


def walk(database: str, folder: Path, *, kinds: int, seed: int, every: int = 1) -> Told:
    """Everybody, or each `every`th, at every address of a newly planted city."""
    settings = Settings(database, folder / "cache", clock(), rates={})
    app = create_app(settings)
    try:
        unlisted = addresses(app) - ASKS.keys()
        assert not unlisted, f"say in ASKS how it is asked: {unlisted}"
        city = plant(app.state.database, settings)
        some = dataclasses.replace(city, people=city.people[::every])
        return asyncio.run(_walk(app, some, kinds, random.Random(seed)))
    finally:
        app.state.database.close()


def addresses(app: Any) -> set[tuple[str, str]]:
    """Method and template of every route; a HEAD beside a GET of the same route tells no more."""
    found: set[tuple[str, str]] = set()
    for route in app.routes:
        plain = route.methods - {"HEAD"} if "GET" in route.methods else route.methods
        found |= {(method, route.path) for method in plain}
    return found


def _present(app: Any) -> list[tuple[tuple[str, str], Callable[[Visit], Iterator[Asked]]]]:
    there = addresses(app)
    return [(address, asks) for address, asks in ASKS.items() if address in there]


async def _walk(app: Any, city: City, kinds: int, chance: random.Random) -> Told:
    told, pieces = Told(), list[str]()
    for person in city.people:
        visit = Visit(city, person, chance, kinds, pieces)
        for (_, address), asks in _present(app):
            for asked in asks(visit):
                heard = await _ask(app, asked, person)
                _judge(told, address, person, asked, heard)
                if address.endswith("/snapshot") and heard.status == 200:
                    offer = msgspec.json.decode(heard.body, type=SnapshotOffer)
                    pieces += [each.id for each in offer.pieces if each.id not in pieces]
    for why, person in city.outcasts.items():
        await _cast_out(app, told, Visit(city, person, chance, 1, pieces[:3]), why)
    await app.state.events.close()
    return told


async def _cast_out(app: Any, told: Told, visit: Visit, why: str) -> None:
    nobody = dataclasses.replace(visit.person, scope=())
    for (_, address), asks in _present(app):
        if address in OPEN:
            continue
        for asked in asks(visit):
            heard = await _ask(app, asked, nobody)
            _judge(told, address, nobody, asked, heard)
            if heard.status not in (401, 403):
                told.leak(address, f"{asked.method} {asked.path}: {heard.status} though {why}")


async def _ask(app: Any, asked: Asked, person: Admitted) -> Heard:
    token = ("Authorization", f"Bearer {person.access}")
    return await ask(app, asked, token, (HEADER, str(PROTOCOL)), ("Accept-Encoding", "zstd"))


def _judge(told: Told, address: str, person: Admitted, asked: Asked, heard: Heard) -> None:
    told.asked += 1
    text = heard.everything
    found = [word for word in hidden(person.scope) if word.encode() in text]
    if found:
        told.leak(address, f"{person.account} {asked.method} {asked.path}: {found}")
    if heard.status >= 500:
        told.leak(address, f"{person.account} {asked.method} {asked.path}: {heard.status}")
    told.seen += any(place.canary.encode() in text for place in _theirs(person.scope))


def _theirs(codes: tuple[str, ...]) -> list[Place]:
    return [place for place in PLACES if in_sight(codes, place)]


def _without_grids() -> Any:
    return mock.patch.object(rows, "grids", return_value=None)


def _without_holds() -> Any:
    return mock.patch.object(Zones, "holds", return_value=True)


def _without_zones() -> Any:
    return mock.patch.object(scope, "zones", return_value=Zones(None))


Fault = tuple[Callable[[], Any], tuple[str, ...]]
FAULTS: dict[str, Fault] = {
    "rows.grids": (_without_grids, (f"{OF}/pull", f"{OF}/snapshot")),
    "Zones.holds": (
        _without_holds,
        (f"{OF}/pull", OF + "/history/{kind}/{id}", "/v1/snapshots/{id}", OF + "/blobs/{sha}"),
    ),
    "scope.zones": (
        _without_zones,
        (f"{OF}/pull", f"{OF}/snapshot", OF + "/history/{kind}/{id}", OF + "/blobs/{sha}"),
    ),
}


def unnoticed(database: str, folder: Path, fault: str, seed: int) -> list[str]:
    """The addresses at which the loss of a predicate should be found and is not."""
    broken, leaking = FAULTS[fault]
    with broken():
        told = walk(database, folder, kinds=1, seed=seed, every=4)
    return [address for address in leaking if address not in told.leaks]
