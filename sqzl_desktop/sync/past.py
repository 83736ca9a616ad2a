"""往事: what was done to a record, asked of the server beside the rounds, never instead of one."""

from sqzl_desktop.base.errors import Offline
from sqzl_desktop.protocol.messages import History
from sqzl_desktop.sync.engine import SyncEngine
from sqzl_desktop.sync.transport import ServerRefusal, Transport


def history(
    engine: SyncEngine, transport: Transport, community: str, kind: str, record_id: str
) -> History:
    """The history of a record as the server tells it; an access token that is old is renewed."""
    try:
        return transport.history(community, kind, record_id)
    except ServerRefusal as refusal:
        if refusal.status != 401:
            raise
    if engine.is_running:
        raise Offline("正在同步，稍后才能查看服务器上的完整历史")
    engine.sign_in()
    return transport.history(community, kind, record_id)
