"""The server's refusal of what a laptop has not sent yet, as the laptop would hear it."""

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.protocol.messages import Answer
from sqzl_desktop.store import changes
from tests.places import COMMUNITY


def refuse(session: DeviceSession, reason: str, advice: str = "请修改后重新保存") -> None:
    """Answer every unsent operation as rejected."""
    with session.ws.store.write() as tx:
        unsent = changes.unsent(tx, COMMUNITY, 100)
        changes.answer(tx, [Answer(each.n, each.id, "rejected", reason, advice) for each in unsent])
        changes.finish(tx, COMMUNITY)
