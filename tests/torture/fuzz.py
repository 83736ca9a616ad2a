"""Bad input over a real connection: always a sentence, never a traceback, no memory kept."""

import contextlib
import dataclasses
import socket
import tempfile
import time
from pathlib import Path

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER
from sqzl_desktop.protocol.messages import Problem, Row
from sqzl_desktop.server import scope
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.ledger import Change, commit
from sqzl_desktop.server.settings import Settings
from tests import postgres
from tests.admitted import admit
from tests.served import Served, served
from tests.torture.figures import Figures
from tests.torture.spoiled import COMMUNITY, GRID, Ask, Spoiler, World

NAME = "fuzz"
MOST_GROWTH = 64.0  # megabytes
PATIENCE = 20.0
REPLAY_EVERY = 20  # one request in so many is sent twice
OPEN = ("/health", "/v1/enrol", "/v1/token", "/metrics")
RECORDS = tuple(f"r{n}" for n in range(20))
CASES = tuple(f"c{n}" for n in range(8))


def run(count: int | None, seed: int) -> list[Figures]:
    """A hundred thousand requests to a server on PostgreSQL, then the controls on SQLite."""
    with postgres.cluster() as cluster, tempfile.TemporaryDirectory() as place:
        found = [_figures(cluster.new_database(), Path(place), count or 100_000, seed)]
        for fault in ("believing", "greedy"):
            folder = Path(place) / fault
            folder.mkdir()
            began = time.monotonic()
            told = attack(f"sqlite:///{folder / 'server.db'}", folder, 800, seed, fault=fault)
            missing = () if told.failures else (f"{fault}: not noticed",)
            unit = f"failures of a {fault} server (control)"
            took = time.monotonic() - began
            found.append(Figures(NAME, len(told.failures), unit, seed, took, missing))
    return found


def _figures(database: str, folder: Path, count: int, seed: int) -> Figures:
    began = time.monotonic()
    told = attack(database, folder, count, seed)
    unit = f"bad requests; server grew by {told.grown:.1f} MB; {told.refused:,} refused"
    return Figures(NAME, count, unit, seed, time.monotonic() - began, tuple(told.failures))


@dataclasses.dataclass
class Told:
    """What the server did with the requests."""

    failures: list[str]
    refused: int = 0
    grown: float = 0.0


def attack(database: str, folder: Path, count: int, seed: int, *, fault: str = "") -> Told:
    """Send requests 0 to `count` of a seed to a server of its own."""
    world = prepare(database, folder)
    module = "tests.torture.broken" if fault else "sqzl_desktop.server"
    more = ["--no-limits", fault] if fault else ["--no-limits"]
    with served(database, folder, *more, module=module) as server:
        spoiler, told = Spoiler(world, seed), Told([])
        with contextlib.closing(Line(server)) as line:
            settled = 0.0
            for number in range(count):
                ask = spoiler.ask(number)
                for _ in range(1 + (number % REPLAY_EVERY == 0)):
                    wrong = line.judge(ask)
                    told.refused += line.status >= 400
                    if wrong:
                        sent = f"{ask.method} {ask.target[:60]}"
                        told.failures.append(f"request {number}: {sent} {wrong}")
                if number == count // 5:
                    settled = server.held_mb()
        told.grown = server.held_mb() - settled
    if told.grown > MOST_GROWTH:
        told.failures.append(f"the server grew by {told.grown:.0f} MB")
    if "Traceback" in (folder / "server.log").read_text(encoding="utf-8"):
        told.failures.append("a traceback is in the log")
    return told


def prepare(database: str, folder: Path) -> World:
    """A community with some records, devices of two posts, and all addresses of the server."""
    app = create_app(Settings(database, folder / "cache"))
    opened: Database = app.state.database

    def fill(connection: sa.Connection) -> tuple[str, list[str]]:
        fields = {"community_id": COMMUNITY, "grid_id": GRID, "name": "马小明"}
        rows = [Row("resident", each, GRID, 0, fields, {"*": "loaded"}, "loaded")
                for each in RECORDS]  # fmt: skip
        case = {"community_id": COMMUNITY, "grid_id": GRID, "title": "楼道堆物"}
        rows += [Row("case", each, GRID, 0, case, {"*": "loaded"}, "loaded") for each in CASES]
        commit(connection, COMMUNITY, [Change(None, row) for row in rows])
        posts = ((COMMUNITY_LEAD, COMMUNITY), (GRID_WORKER, GRID))
        tokens = [
            admit(connection, f"p{n}", *(posts[n % 2][0], (posts[n % 2][1],)), SystemClock()).access
            for n in range(40)
        ]
        return scope.epoch(connection), tokens

    epoch, tokens = opened.writing(fill)
    routes = [(method, route.path) for route in app.routes for method in sorted(route.methods)]
    opened.close()
    return World(routes, epoch, tokens, (*RECORDS, *CASES))


class Line:
    """One connection, opened again where the server has closed it."""

    def __init__(self, server: Served) -> None:
        self._server = server
        self._socket: socket.socket | None = None
        self.status = 0

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def judge(self, ask: Ask) -> str:
        """What is wrong with the answer to a request; "" where nothing is."""
        try:
            self.status, content = self._exchange(ask)
        except OSError as error:
            self.close()
            self.status = 0
            # the refusal of a body too large may be lost with the connection that is cut
            return "" if len(ask.body) > 1 << 20 else f"no answer: {error}"
        return _wrong(ask, self.status, content)

    def _exchange(self, ask: Ask) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._server.port), PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(ask.raw)
        with contextlib.closing(self._socket.makefile("rb")) as answer:
            status, headers = _head(answer)
            length = headers.get("content-length")
            content = b"" if ask.method == "HEAD" else answer.read(int(length or 0))
        if length is None:  # a stream without an end
            self.close()
        if headers.get("connection") == "close":
            self.close()
        return status, content


def _head(answer: "socket.SocketIO | object") -> tuple[int, dict[str, str]]:
    lines = iter(lambda: answer.readline().strip().decode("latin-1"), "")  # type: ignore
    first = next(lines, "")
    if not first:
        raise ConnectionError("closed")
    pairs = (line.partition(":") for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


def _wrong(ask: Ask, status: int, content: bytes) -> str:
    if status >= 500:
        return f"{status} {content[:200]!r}"
    if b"Traceback" in content or b'File "' in content:
        return "a traceback"
    if status < 400:
        is_open = ask.target.partition("?")[0] in OPEN
        return "a forged token was taken" if ask.is_forged and not is_open else ""
    if ask.method == "HEAD" or content == b"Invalid HTTP request received.":
        return ""
    return "" if _is_sentence(content) else f"{status} without a sentence: {content[:100]!r}"


def _is_sentence(content: bytes) -> bool:
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except msgspec.DecodeError:
        return False
    return any("\u4e00" <= each <= "\u9fff" for each in problem.sentence)
