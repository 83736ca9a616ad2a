"""编号: the next number this device gives out, for paper that two devices must not both number."""

import sqlalchemy as sa

from sqzl_desktop.domain.numbering import number
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import meta


def next_number(ws: Workspace, tx: sa.Connection, kind: str, community: str) -> str:
    """The next number that this device gives out for a kind this year."""
    year = ws.today.year
    count = meta.count_on(tx, f"number/{kind}/{community}/{year}")
    return number(kind, community, year=year, device=ws.device, count=count)
