"""范围: the questions every request about a community must pass before anything is read."""

import sqlalchemy as sa

from sqzl_desktop.domain import access
from sqzl_desktop.domain.access import Zones
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import META


def zones(caller: Caller, community: str) -> Zones:
    """What the caller sees of a community; a Refusal where that is nothing."""
    found = access.visible(caller.account.actor, community) if _is_code(community) else None
    if found is None:
        raise Refusal(403, "FORBIDDEN", "该社区不在您的负责范围内")
    return found


def epoch(connection: sa.Connection) -> str:
    """The random name of this server's history; another after a restore from backup."""
    return str(connection.scalar(sa.select(META.c.value).where(META.c.name == "epoch")))


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
