"""稳妥: up to which number of a community's order everything lies in a verified backup.

Devices are told with every complete pull; what is covered they need not keep for ever.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from sqzl_desktop.server import scope
from sqzl_desktop.server.tables import META

PREFIX = "durable_through/"


def announce(connection: sa.Connection, epoch: str, counters: Mapping[str, int]) -> None:
    """A backup was verified that holds these; nothing where the server has been restored since."""
    if scope.epoch(connection) != epoch:
        return
    forget(connection)
    lines = [{"name": PREFIX + each, "value": str(seq)} for each, seq in counters.items()]
    if lines:
        connection.execute(sa.insert(META), lines)


def through(connection: sa.Connection, community: str) -> int:
    """The last number of a community that a verified backup covers; 0 where there is none."""
    query = sa.select(META.c.value).where(META.c.name == PREFIX + community)
    return int(connection.scalar(query) or 0)


def forget(connection: sa.Connection) -> None:
    """After a restore: which backup covers what has to be found out anew."""
    connection.execute(sa.delete(META).where(META.c.name.startswith(PREFIX)))
