"""自检: is the file whole, does the outbox fit, do the sums add up, is the audit intact?"""

import dataclasses

import sqlalchemy as sa

from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, confirmed, proof


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, and what to do when it is not."""

    name: str
    is_well: bool
    sentence: str


def check_store(ws: Workspace) -> list[Finding]:
    """Every check of the local data; nothing is changed."""
    with ws.store.read() as tx:
        found = [
            _finding("数据文件", _file_is_whole(tx), "数据文件有损坏，请从备份恢复"),
            _finding("待上报队列", _outbox_fits(tx), "待上报的操作与记录对不上"),
            _finding("审计记录", audit.is_intact(tx), "审计记录被改动过"),
        ]
        for community in ws.communities:
            fits = _sums_fit(tx, community)
            found.append(
                _finding(f"数据核对 {community}", fits, "与服务器确认的不一致，请同步一次")
            )
    return found


def _finding(name: str, is_well: bool, advice: str) -> Finding:
    return Finding(name, is_well, "正常" if is_well else f"{advice}，并联系信息管理人员")


def _file_is_whole(tx: sa.Connection) -> bool:
    pages = tx.exec_driver_sql("PRAGMA cipher_integrity_check").all()
    return not pages and tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def _outbox_fits(tx: sa.Connection) -> bool:
    """Unsent operations are on rows with their base set aside, and their numbers have no gap."""
    without_base = tx.exec_driver_sql(
        "SELECT count(*) FROM outbox LEFT JOIN rows ON rows.kind = outbox.kind"
        " AND rows.id = outbox.record LEFT JOIN base ON base.no = rows.no"
        " WHERE outbox.state = 'pending' AND base.no IS NULL"
    ).scalar_one()
    gaps = tx.exec_driver_sql(
        "SELECT count(*) FROM (SELECT max(n) - min(n) + 1 - count(*) AS missing FROM outbox"
        " WHERE state = 'pending' GROUP BY community, incarnation) WHERE missing <> 0"
    ).scalar_one()
    return not without_base and not gaps


def _sums_fit(tx: sa.Connection, community: str) -> bool:
    kept = confirmed.digests(confirmed.read_sums(tx, community))
    return kept == confirmed.digests(proof.sums(proof.proofs(tx, community)))
