"""续期: a new access token, for which the refresh token of this device is exchanged."""

import datetime as dt

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.protocol.messages import Person, TokenRequest
from sqzl_desktop.store import changes, meta
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync import packets, revoked
from sqzl_desktop.sync.transport import ServerRefusal, Transport

SLACK = 5 * 60


def ask(store: Store, transport: Transport, clock: Clock) -> Person:
    """Get an access token and the next refresh token; who the server says the person is."""
    with store.read() as tx:
        pending, _ = changes.waiting(tx)
        request = TokenRequest(meta.get(tx, "device"), meta.get(tx, "secret"), pending)
    try:
        token = transport.token(request)
    except ServerRefusal as refusal:
        if refusal.code == "REVOKED":
            revoked.hand_in(store, transport)
        raise
    if token.refresh:
        # before anything else: once the next one was used, this one counts as stolen
        with store.write() as tx:
            meta.put(tx, "secret", token.refresh)
    packets.keep_key(store, token.exchange_key)
    _note_clock(store, token.now, clock)
    return token.person


def clock_off(tx: sa.Connection) -> int:
    """By how many seconds this device's clock is ahead of the server's; 0 up to five minutes."""
    return int(meta.get(tx, "clock_off", "0"))


def _note_clock(store: Store, server_time: str, clock: Clock) -> None:
    if not server_time:
        return
    ahead = clock.now() - dt.datetime.fromisoformat(server_time)
    seconds = round(ahead.total_seconds())
    off = str(seconds if abs(seconds) > SLACK else 0)
    with store.read() as tx:
        if meta.get(tx, "clock_off", "0") == off:
            return
    with store.write() as tx:
        meta.put(tx, "clock_off", off)
