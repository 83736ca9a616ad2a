"""标识: ids made without asking anyone (UUIDv7, RFC 9562), sortable by the time they were made."""

import os
import time
import uuid

_LOADED = uuid.UUID("5f0b8f5e-6d0a-5c7e-9b1d-3f6a2c9e4d10")


def new_id() -> str:
    """A UUIDv7 as text. Its order is a convenience and decides nothing."""
    millis = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (1 << 62) - 1
    return str(uuid.UUID(int=value))


def loaded_id(source: str) -> str:
    """The id of a record loaded from elsewhere: the same source key gives the same id (UUIDv5)."""
    return str(uuid.uuid5(_LOADED, source))
