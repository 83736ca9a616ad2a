"""摘要: row hashes and their sums, by which two sides know without comparing that they agree."""

import hashlib
from collections.abc import Iterable

import msgspec

from sqzl_desktop.protocol.messages import Operation, Row

BITS = 128
BUCKETS = 256
_MODULUS = 1 << BITS
_canonical = msgspec.json.Encoder(order="deterministic")


def row_hash(row: Row) -> bytes:
    """BLAKE2b-128 of the canonical (id, rev, fields, deleted) of a row."""
    text = _canonical.encode((row.id, row.rev, row.fields, row.deleted))
    return hashlib.blake2b(text, digest_size=16).digest()


def bucket(record_id: str) -> int:
    """Which of the 256 parts of its grid a record is counted in when two sides look closer."""
    return hashlib.blake2b(record_id.encode(), digest_size=1).digest()[0]


def operation_hash(operation: Operation) -> str:
    """BLAKE2b-128 of the canonical operation, hexadecimal; finds a device that reuses numbers."""
    return hashlib.blake2b(_canonical.encode(operation), digest_size=16).hexdigest()


class Sum:
    """Count and sum modulo 2^128 of row hashes; rows can be added and taken away."""

    def __init__(self, count: int = 0, total: int = 0) -> None:
        self.count = count
        self.total = total

    @classmethod
    def of(cls, hashes: Iterable[bytes]) -> "Sum":
        """The sum of some row hashes."""
        result = cls()
        result.join(hashes)
        return result

    @classmethod
    def read(cls, wire: tuple[int, str]) -> "Sum":
        """The sum that the wire form stands for."""
        return cls(wire[0], int(wire[1], 16))

    def add(self, each: bytes) -> None:
        """A row joined."""
        self.count += 1
        self.total = (self.total + int.from_bytes(each, "big")) % _MODULUS

    def join(self, hashes: Iterable[bytes]) -> None:
        """Many rows joined."""
        numbers = [int.from_bytes(each, "big") for each in hashes]
        self.count += len(numbers)
        self.total = (self.total + sum(numbers)) % _MODULUS

    def leave(self, hashes: Iterable[bytes]) -> None:
        """Many rows left."""
        numbers = [int.from_bytes(each, "big") for each in hashes]
        self.count -= len(numbers)
        self.total = (self.total - sum(numbers)) % _MODULUS

    def wire(self) -> tuple[int, str]:
        """(count, hexadecimal sum), as it travels."""
        return self.count, f"{self.total:032x}"
