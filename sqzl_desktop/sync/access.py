"""续期: a new access token, for which the refresh token of this device is exchanged."""

from sqzl_desktop.protocol.messages import Person, TokenRequest
from sqzl_desktop.store import changes, meta
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync import packets, revoked
from sqzl_desktop.sync.transport import ServerRefusal, Transport


def ask(store: Store, transport: Transport) -> Person:
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
    return token.person
