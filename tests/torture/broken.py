"""A server that is broken on purpose: python -m tests.torture.broken NAME serve ..., see FAULTS."""

import sys
from unittest import mock

import msgspec
import zstandard

from sqzl_desktop.server import wire
from sqzl_desktop.server.__main__ import main


def _believing() -> None:
    """Reads what it is sent without the doubt that it may be none of ours."""
    mock.patch.object(wire, "read", _read).start()


def _read(content: bytes, expected: type, *, zstd: bool) -> object:
    if zstd:
        content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
    return msgspec.json.decode(content, type=expected)


def _greedy() -> None:
    """Unfolds whatever unfolds, and keeps it."""
    kept: list[bytes] = []

    def expanded(content: bytes) -> bytes:
        kept.append(zstandard.ZstdDecompressor().decompressobj().decompress(content))
        return kept[-1]

    mock.patch.object(wire, "_expanded", expanded).start()


FAULTS = {"believing": _believing, "greedy": _greedy}

if __name__ == "__main__":
    FAULTS[sys.argv[-1]]()
    sys.exit(main(sys.argv[1:-1]))
