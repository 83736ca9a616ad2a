"""草稿: what somebody has typed and not saved yet, kept in the encrypted store until they do."""

from collections.abc import Mapping

import msgspec

from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import meta

Draft = dict[str, str]


def keep(ws: Workspace, name: str, typed: Mapping[str, str]) -> None:
    """Keep what is typed into a form under its name; nothing typed is no draft."""
    with ws.store.write() as tx:
        if any(typed.values()):
            meta.put(tx, _key(ws, name), msgspec.json.encode(typed).decode())
        else:
            meta.forget(tx, _key(ws, name))


def find(ws: Workspace, name: str) -> Draft:
    """What was typed into a form and not saved; {} where there is nothing."""
    with ws.store.read() as tx:
        return msgspec.json.decode(meta.get(tx, _key(ws, name), "{}"), type=Draft)


def drop(ws: Workspace, name: str) -> None:
    """It is saved, or the person has given it up."""
    with ws.store.write() as tx:
        meta.forget(tx, _key(ws, name))


def _key(ws: Workspace, name: str) -> str:
    return f"draft/{ws.actor.account}/{name}"
