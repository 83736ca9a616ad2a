"""Requests that no program of ours sends: each follows from a seed and its number alone."""

import dataclasses
import functools
import random
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import zstandard

from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol.messages import MOST_EXPANDED
from sqzl_desktop.protocol.version import HEADER, PROTOCOL

COMMUNITY, GRID = "640104001001", "640104001001001"
LARGE_EVERY = 400  # one request in so many is larger than allowed, plain or unpacked


@dataclasses.dataclass(frozen=True)
class World:
    """What an attacker may know: the addresses, and what is valid in them."""

    routes: Sequence[tuple[str, str]]  # method, template
    epoch: str
    tokens: Sequence[str]
    records: Sequence[str]


@dataclasses.dataclass(frozen=True)
class Ask:
    """One request. `is_forged`: whoever sends it has no valid token."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_forged: bool

    @property
    def raw(self) -> bytes:
        """The bytes on the wire."""
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: x",
                 *(f"{name}: {value}" for name, value in self.headers),
                 f"Content-Length: {len(self.body)}"]  # fmt: skip
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + self.body


@functools.cache
def bomb() -> bytes:
    """A few kilobytes that unfold to two hundred megabytes."""
    return zstandard.compress(bytes(200 << 20))


@functools.cache
def oversized() -> bytes:
    """More than may be sent unpacked."""
    return b'{"epoch":"' + b"a" * (MOST_EXPANDED + 1) + b'"}'


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


JUNK: tuple[Callable[[random.Random], Any], ...] = (
    lambda _chance: None,
    lambda _chance: True,
    lambda chance: chance.choice((-1, 0, 2**31, 2**53, 2**53 + 1, 2**63, 2**64, 10**40)),
    lambda chance: chance.choice((0.5, -0.0, 1e308, 1e-320)),
    lambda _chance: "",
    lambda chance: "字" * chance.choice((1, 65, 201, 25_000)),
    lambda chance: chance.choice(("\x00", "a\x00b", "\ufffe", "\u202e", "\x1b[31m", "😀", "'; --")),
    lambda chance: chance.choice(("../etc/passwd", "%00", "*", "$where", "9999-99-99", "NaN")),
    lambda chance: nested(chance.choice((2, 31, 33, 400))),
    lambda _chance: {},
    lambda chance: {str(n): n for n in range(chance.choice((1, 600)))},
    lambda chance: [chance.choice(("", 1, None))] * chance.choice((1, 600)),
)


class Spoiler:
    """Makes the requests of one seed."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._seed = seed

    def ask(self, number: int) -> Ask:
        """The request of this number."""
        chance = random.Random(f"{self._seed}/{number}")
        method, template = self._address(chance, number)
        if chance.random() < 0.02 and number % LARGE_EVERY:
            method = chance.choice(("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"))
        token, is_forged = self._token(chance)
        headers = [*self._headers(chance), *([("Authorization", token)] if token else [])]
        body = b""
        if method not in ("GET", "HEAD") or chance.random() < 0.05:
            body, encoding = self._body(chance, number)
            headers += [("Content-Encoding", encoding)] if encoding else []
        return Ask(method, self._target(chance, template), tuple(headers), body, is_forged)

    def _address(self, chance: random.Random, number: int) -> tuple[str, str]:
        writing = [each for each in self._world.routes if each[0] not in ("GET", "HEAD")]
        pushing = [each for each in writing if each[1].endswith("/push")]
        if number % LARGE_EVERY == 0:
            return pushing[0]
        return chance.choice(chance.choice((self._world.routes, writing, pushing)))

    def _token(self, chance: random.Random) -> tuple[str, bool]:
        valid = chance.choice(self._world.tokens)
        if chance.random() < 0.85:
            return f"Bearer {valid}", False
        forged = (valid[:-1] + "~", valid.upper(), valid * 40, "", "Bearer", "' OR 1=1", "\x7f")
        kind = chance.choice(("Bearer ", "Basic ", "bearer\t", ""))
        return kind + chance.choice(forged), True

    def _headers(self, chance: random.Random) -> list[tuple[str, str]]:
        version = str(PROTOCOL)
        if chance.random() < 0.05:
            version = chance.choice(("", "0", "-1", "1e3", "9" * 300, "一"))
        found = [(HEADER, version)]
        if chance.random() < 0.1:
            found.append(
                ("Accept-Encoding", chance.choice(("zstd", "zstd;q=0", "gzip, zstd", ",;")))
            )
        if chance.random() < 0.1:
            ranges = ("bytes=0-", "bytes=5-2", "bytes=-1", "bytes=99999999999999999999-", "x=1",
                      "bytes=0-0,2-3,4-5", "bytes=" + "0-1," * 300)  # fmt: skip
            found.append(("Range", chance.choice(ranges)))
        if chance.random() < 0.05:
            found.append(("X-Long", "y" * 30_000))
        return found

    def _target(self, chance: random.Random, template: str) -> str:
        parts = [self._part(chance, part) for part in template.split("/")]
        query = ""
        if chance.random() < 0.5:
            values = [
                "0",
                "1",
                str(2**63),
                "-1",
                "x",
                "",
                "1e9",
                "%00",
                "9" * 400,
                self._world.epoch,
            ]
            names = ("since", "limit", "scope", "epoch", "offset", "size")
            query = "?" + "&".join(f"{name}={chance.choice(values)}" for name in names
                                   if chance.random() < 0.7)  # fmt: skip
        elif template.endswith("/pull"):
            query = f"?since=0&scope=1&epoch={self._world.epoch}"
        return "/".join(parts) + query

    def _part(self, chance: random.Random, part: str) -> str:
        if not part.startswith("{"):
            return part
        known = {"{community}": COMMUNITY, "{kind}": "resident"}
        valid = known.get(part, chance.choice([*self._world.records, "0" * 32, "a" * 64]))
        if chance.random() < 0.75:
            return valid
        return chance.choice(("", ".", "..%2f..%2fetc", "%00", "%ff%fe", "a" * 4000, "6401040010",
                              "640104001002", "%E5%AD%97", "*", "-1", valid + "0"))  # fmt: skip

    def _body(self, chance: random.Random, number: int) -> tuple[bytes, str]:
        if number % LARGE_EVERY == 0:
            return (oversized(), "") if chance.random() < 0.3 else (bomb(), "zstd")
        plain = chance.random() < 0.15
        message = chance.choice((self._sign_in, self._ids)) if plain else self._push
        value = message(chance)
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
            value = _spoil(chance, value)
        content = msgspec.json.encode(value)
        content = content.replace(b"\\u202e", b"\\ud800")  # half a character
        return _packed(chance, _bitten(chance, content))

    def _sign_in(self, chance: random.Random) -> dict[str, Any]:
        if chance.random() < 0.1:
            return {"account": f"nobody{chance.random()}", "password": "wrong-one", "label": "x"}
        return {
            "device": str(uuid.UUID(int=chance.getrandbits(128))),
            "secret": "s",
            "refresh": "r",
        }

    def _ids(self, chance: random.Random) -> dict[str, Any]:
        return {"ids": [chance.choice(self._world.records) for _ in range(chance.randrange(4))]}

    def _push(self, chance: random.Random) -> dict[str, Any]:
        count = chance.choice((0, 1, 1, 2, 3, 501 if chance.random() < 0.02 else 4))
        return {
            "epoch": self._world.epoch,
            "incarnation": str(uuid.UUID(int=chance.getrandbits(128))),
            "operations": [self._operation(chance, n) for n in range(1, count + 1)],
        }

    def _operation(self, chance: random.Random, n: int) -> dict[str, Any]:
        kind = chance.choice(KINDS)
        known = chance.random() < 0.5
        fields: dict[str, Any] = {"community_id": COMMUNITY, "grid_id": GRID, "name": "马小明"}
        names = [column.name for column in kind.columns]
        for name in chance.sample(names, min(len(names), chance.randrange(4))):
            fields[name] = chance.choice(JUNK)(chance)
        new = str(uuid.UUID(int=chance.getrandbits(128)))
        record = chance.choice(self._world.records) if known else new
        of_known = "case" if record.startswith("c") else "resident"
        name = of_known if known else kind.name
        steps = [transition.step for flow in FLOWS.values() for transition in flow.transitions]
        return {
            "n": n,
            "id": str(uuid.UUID(int=chance.getrandbits(128))),
            "kind": name,
            "record": record,
            "action": chance.choice(("put", "put", "put", "delete", "step")),
            "made_at": "2026-07-01T00:00:00Z",
            "fields": fields,
            "saw": {each: chance.choice(("", "loaded", record)) for each in fields},
            "sets": {chance.choice(names): [["K01"], chance.choice((["K02"], []))]},
            "step": chance.choice((*steps, "settle", "restore", "")),
            "state": chance.choice(("", "new", "draft", "reported", "closed")),
            "group": chance.choice(("", "g1")),
        }


def _spoil(chance: random.Random, value: Any) -> Any:
    """The value with one of its parts, anywhere, replaced, dropped or renamed."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(sorted(value))
        what = chance.random()
        rest = {key: part for key, part in value.items() if key != name}
        if what < 0.1:
            return rest
        if what < 0.15:
            return {**rest, chance.choice(("", "__class__", "字", "*")): value[name]}
        return {**rest, name: _spoil(chance, value[name])}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        return [*value[:place], _spoil(chance, value[place]), *value[place + 1 :]]
    return chance.choice(JUNK)(chance)


def _bitten(chance: random.Random, content: bytes) -> bytes:
    """The bytes as they are, or cut, or with some of them changed."""
    what = chance.random()
    if what < 0.9 or not content:
        return content
    place = chance.randrange(len(content))
    if what < 0.94:
        return content[:place]
    if what < 0.97:
        return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
    return content[:place] + chance.randbytes(8) + content[place:]


def _packed(chance: random.Random, content: bytes) -> tuple[bytes, str]:
    what = chance.random()
    if what < 0.5:
        return content, ""
    if what < 0.9:
        return zstandard.compress(content), "zstd"
    if what < 0.97:
        return _bitten(chance, zstandard.compress(content)), "zstd"
    return content, chance.choice(("zstd", "gzip", "zstd, zstd", "br", "\x7f"))
