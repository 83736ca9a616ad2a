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

_community = sa.bindparam("in_community", type_=sa.Text)
_device = sa.bindparam("of_device", type_=sa.Text)
_incarnation = sa.bindparam("in_incarnation", type_=sa.Text)
_MINE = (
    STREAM.c.community == _community,
    STREAM.c.device == _device,
    STREAM.c.incarnation == _incarnation,
)
_PLACE = (
    sa.select(DEVICE.c.id, STREAM.c.n)
    .outerjoin(STREAM, sa.and_(*_MINE))
    .where(DEVICE.c.id == _device)
    .with_for_update(of=DEVICE)
)
_HASHES = sa.select(OPERATION.c.n, OPERATION.c.hash).where(
    OPERATION.c.community == _community,
    OPERATION.c.device == _device,
    OPERATION.c.incarnation == _incarnation,
    OPERATION.c.n.between(sa.bindparam("lowest"), sa.bindparam("highest")),
)
_GROWN = sa.update(STREAM).where(*_MINE).values(n=sa.bindparam("highest"))
_BEGUN = sa.insert(STREAM).values(
    community=_community, device=_device, incarnation=_incarnation, n=sa.bindparam("highest")
)
_ANSWERS = bulk.Among(
    lambda among: sa.select(
        *(OPERATION.c[name] for name in (
            "id", "n", "outcome", "reason", "advice", "account", "kind", "record"
        ))
    ).where(OPERATION.c.community == _community, among(OPERATION.c.id))
)  # fmt: skip


def sort_out(
    connection: sa.Connection, community: str, caller: Caller, message: Push
) -> tuple[Known, list[Operation]]:
    """Stored answers by operation id, and the operations to be applied now.

    Locks the device, so that two pushes of it take turns. A Refusal where numbers are missing (GAP)
    or stand for something else than before (FORK).
    """
    device = caller.device
    last = _last(connection, community, device, message.incarnation)
    _dense(message.operations, last)
    hashes = _hashes(connection, community, device, message, last)
    known = _answers(connection, community, caller.account.name, message.operations)
    for each in message.operations:
        if each.n <= last and _is_other(each, hashes.get(each.n), known):
            raise Refusal(409, "FORK", "本机的数据可能是从备份恢复的，正在重新编号后继续上报")
    _remember(connection, community, device, message, last)
    return known, [each for each in message.operations if each.id not in known]


def _last(connection: sa.Connection, community: str, device: str, incarnation: str) -> int:
    key = _key(community, device, incarnation)
    row = connection.execute(_PLACE, key).first()
    return (row.n or 0) if row else 0


def _key(community: str, device: str, incarnation: str) -> dict[str, str]:
    return {"in_community": community, "of_device": device, "in_incarnation": incarnation}


def _dense(operations: Sequence[Operation], last: int) -> None:
    expected = last + 1
    for operation in operations:
        if operation.n > expected:
            raise Refusal(409, "GAP", "有较早的内容尚未上报，正在补报", expected=expected)
        expected = max(expected, operation.n + 1)


def _hashes(
    connection: sa.Connection, community: str, device: str, message: Push, last: int
) -> dict[int, str]:
    """The hashes kept for numbers that were seen before."""
    numbers = [each.n for each in message.operations if each.n <= last]
    if not numbers:
        return {}
    key = _key(community, device, message.incarnation)
    found = connection.execute(_HASHES, {**key, "lowest": min(numbers), "highest": max(numbers)})
    return {n: digest for n, digest in found}  # noqa: C416 - rows to pairs


def _answers(
    connection: sa.Connection, community: str, account: str, operations: Sequence[Operation]
) -> Known:
    """Answers given before to these operations, under whatever number and incarnation."""
    offered = {each.id: each for each in operations}
    answers: Known = {}
    for part in chunks(list(offered)):
        for row in _ANSWERS.run(connection, part, in_community=community):
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
    key = _key(community, device, message.incarnation)
    if highest <= last:
        return
    write = _GROWN if last else _BEGUN
    connection.execute(write, {**key, "highest": highest})
