"""范围: the questions every request about a community must pass before anything is read."""

from collections.abc import Iterable

import sqlalchemy as sa

from sqzl_desktop.domain import access
from sqzl_desktop.domain.access import NOTHING, Actor, Zones
from sqzl_desktop.server import accounts
from sqzl_desktop.server.accounts import Account
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import META


def zones(caller: Caller, community: str) -> Zones:
    """What the caller sees of a community; a Refusal where that is nothing."""
    found = access.visible(caller.account.actor, community) if _is_code(community) else None
    if found is None:
        raise _forbidden()
    return found


def for_push(
    connection: sa.Connection,
    caller: Caller,
    community: str,
    versions: Iterable[int],
    *,
    oldest: float,
) -> tuple[Zones, dict[int, Zones]]:
    """What the author of a push sees now, and what counts as seen under those earlier versions.

    A loss from `oldest` on (seconds) does not count against work that names a version before it. A
    community that is lost altogether still takes what was left on the device.
    """
    account = caller.account
    now = access.visible(account.actor, community) if _is_code(community) else None
    named = {each for each in versions if 0 < each < account.scope_version}
    if now is not None and not named:
        return now, {}
    had = [
        (each.version, each.since, _zones_of(account, each.scope, community))
        for each in accounts.scopes(connection, account.name)
    ]
    if now is None and not (_is_code(community) and any(zones.common for _, _, zones in had)):
        raise _forbidden()
    former: dict[int, Zones] = {}
    for version, _, zones in had:
        if version in named:
            for later, since, then in had:
                if later > version and since < oldest:
                    zones = zones.within(then)
            former[version] = zones
    return now or NOTHING, former


def _zones_of(account: Account, scope: tuple[str, ...], community: str) -> Zones:
    actor = Actor(account.name, account.display, account.role, scope)
    return access.visible(actor, community) or NOTHING


def _forbidden() -> Refusal:
    return Refusal(403, "FORBIDDEN", "该社区不在您的负责范围内")


_EPOCH = sa.select(META.c.value).where(META.c.name == "epoch")


def epoch(connection: sa.Connection) -> str:
    """The random name of this server's history; another after a restore from backup."""
    return str(connection.scalar(_EPOCH))


def same_epoch(connection: sa.Connection, theirs: str) -> str:
    """The epoch, where the caller's is the same; a Refusal where it is not."""
    ours = epoch(connection)
    if theirs != ours:
        raise new_epoch()
    return ours


def new_epoch() -> Refusal:
    """Tells a device to fetch everything afresh and to offer its journal again."""
    return Refusal(409, "EPOCH", "服务器数据已恢复到较早的状态，需要重新下载；本机内容不会丢失")


def _is_code(community: str) -> bool:
    return len(community) == access.COMMUNITY_DIGITS and community.isascii() and community.isdigit()
