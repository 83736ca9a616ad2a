"""序列: the numbered operations of a device; what is new in a push, what was answered before."""

from collections.abc import Sequence

import sqlalchemy as sa

from sqzl_desktop.protocol.digest import operation_hash
from sqzl_desktop.protocol.messages import Answer, Operation, Push
from sqzl_desktop.server import bulk
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.rows import chunks
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import DEVICE, OPERATION, STREAM

Known = dict[str, Answer]
_SAVE_AGAIN = "请重新保存该记录"


def sort_out(
    connection: sa.Connection, community: str, caller: Caller, message: Push
) -> tuple[Known, list[Operation]]:
    """Stored answers by operation id, and the operations to be applied now.

    Locks the device, so that two pushes of it take turns. A Refusal where numbers are missing (GAP)
    or stand for something else than before (FORK).
    """
    device = caller.device
    connection.execute(sa.select(DEVICE.c.id).where(DEVICE.c.id == device).with_for_update())
    last = _last(connection, community, device, message.incarnation)
    _dense(message.operations, last)
    hashes = _hashes(connection, community, device, message)
    known = _answers(connection, community, caller.account.name, message.operations)
    for each in message.operations:
        if each.n <= last and _is_other(each, hashes.get(each.n), known):
            raise Refusal(409, "FORK", "本机的数据可能是从备份恢复的，正在重新编号后继续上报")
    _remember(connection, community, device, message, last)
    return known, [each for each in message.operations if each.id not in known]


def _last(connection: sa.Connection, community: str, device: str, incarnation: str) -> int:
    of = STREAM.c
    query = sa.select(of.n).where(
        of.community == community, of.device == device, of.incarnation == incarnation
    )
    return connection.scalar(query) or 0


def _dense(operations: Sequence[Operation], last: int) -> None:
    expected = last + 1
    for operation in operations:
        if operation.n > expected:
            raise Refusal(409, "GAP", "有较早的内容尚未上报，正在补报", expected=expected)
        expected = max(expected, operation.n + 1)


def _hashes(
    connection: sa.Connection, community: str, device: str, message: Push
) -> dict[int, str]:
    numbers = [each.n for each in message.operations]
    of = OPERATION.c
    query = sa.select(of.n, of.hash).where(
        of.community == community,
        of.device == device,
        of.incarnation == message.incarnation,
        of.n.between(min(numbers, default=0), max(numbers, default=0)),
    )
    return {n: digest for n, digest in connection.execute(query)}  # noqa: C416 - rows to pairs


def _answers(
    connection: sa.Connection, community: str, account: str, operations: Sequence[Operation]
) -> Known:
    """Answers given before to these operations, under whatever number and incarnation."""
    of = OPERATION.c
    wanted = (of.id, of.n, of.outcome, of.reason, of.advice, of.account, of.kind, of.record)
    offered = {each.id: each for each in operations}
    answers: Known = {}
    for part in chunks(list(offered)):
        some = bulk.among(connection, of.id, part)
        query = sa.select(*wanted).where(of.community == community, some)
        for row in connection.execute(query):
            mine = offered[row.id]
            if (row.account, row.kind, row.record) == (account, mine.kind, mine.record):
                answers[row.id] = Answer(row.n, row.id, row.outcome, row.reason, row.advice)
            else:
                answers[row.id] = Answer(mine.n, mine.id, "rejected", "操作编号重复", _SAVE_AGAIN)
    return answers


def _is_other(operation: Operation, digest: str | None, known: Known) -> bool:
    """Does the number stand for something else than it did?"""
    if digest is None:
        return operation.id not in known
    return digest != operation_hash(operation)


def _remember(
    connection: sa.Connection, community: str, device: str, message: Push, last: int
) -> None:
    highest = max((each.n for each in message.operations), default=0)
    key = {"community": community, "device": device, "incarnation": message.incarnation}
    if highest <= last:
        return
    if last:
        mine = sa.and_(*(STREAM.c[name] == value for name, value in key.items()))
        connection.execute(sa.update(STREAM).where(mine).values(n=highest))
    else:
        connection.execute(sa.insert(STREAM).values(**key, n=highest))
