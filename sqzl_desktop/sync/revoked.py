"""停用: a device that the server has shut out hands in what was unsent; then it may have to go."""

from sqzl_desktop.base.errors import WipeOrdered
from sqzl_desktop.protocol.messages import MOST_OPERATIONS, LastUpload, Left
from sqzl_desktop.protocol.wipe import is_genuine
from sqzl_desktop.store import changes, meta
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.transport import Transport

_UP_TO = "quarantined"


def hand_in(store: Store, transport: Transport) -> None:
    """Upload what the server has not got; raises WipeOrdered where it then says so, signed.

    Nothing else that a server answers, and no refusal of any kind, destroys anything.
    """
    with store.read() as tx:
        device, secret = meta.get(tx, "device"), meta.get(tx, "secret")
        public_key = meta.get(tx, "order_key")
    while True:
        with store.read() as tx:
            done = int(meta.get(tx, _UP_TO, "0"))
            found = changes.left_behind(tx, done, MOST_OPERATIONS)
        left = [
            Left(community, incarnation, operation)
            for _, community, incarnation, operation in found
        ]
        answer = transport.hand_in(device, secret, LastUpload(left, last=not left))
        if not left:
            break
        with store.write() as tx:
            meta.put(tx, _UP_TO, str(found[-1][0]))
    if answer.order is None or not is_genuine(answer.order, device, public_key):
        return
    with store.write() as tx:
        if not changes.left_behind(tx, done, 1):
            store.end()  # nobody writes any more from here on
            raise WipeOrdered(
                "本机已被单位停用，并按单位的指令销毁了本机数据；未上报的内容已先交到服务器。"
                "如需继续使用，请联系信息管理人员重新登记"
            )
