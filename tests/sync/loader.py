"""Four devices that push without pause and say what was answered; the server may die meanwhile.

A child process with threads. It says `told ID` for every operation when its answer has come. A
push without an answer is offered again, as it was, until there is one.
"""

import contextlib
import os
import threading
import time
from collections.abc import Sequence

import msgspec

from sqzl_desktop.base.errors import KnownError, Offline
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Operation, Push, TokenRequest
from sqzl_desktop.sync.transport import HttpTransport
from tests.places import COMMUNITY, GRID

BATCH = 3
_PAUSE = 0.02  # a server that is being started is not asked a thousand times


def begun(server: str, devices: Sequence[TokenRequest]) -> tuple[int, int]:
    """Fork the loader; its process id and the end of the pipe where its words come out."""
    hears, speaks = os.pipe()
    child = os.fork()
    if child:
        os.close(speaks)
        return child, hears
    with contextlib.suppress(BaseException):  # whatever it is, the parent must not go on twice
        os.close(hears)
        threads = [
            threading.Thread(target=_push_for_ever, args=(server, each, speaks)) for each in devices
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    os._exit(1)


def _push_for_ever(server: str, device: TokenRequest, speaks: int) -> None:
    transport, incarnation, n, epoch = HttpTransport(server), new_id(), 0, ""
    operations: list[Operation] = []
    while True:
        try:
            if not epoch:
                token = transport.token(device)
                device = msgspec.structs.replace(device, secret=token.refresh or device.secret)
                epoch = transport.snapshot(COMMUNITY).epoch
            if not operations:
                operations = [_operation(n + 1 + each) for each in range(BATCH)]
            answers = transport.push(COMMUNITY, Push(epoch, incarnation, operations))
        except Offline:
            time.sleep(_PAUSE)
            continue
        except KnownError:
            epoch = ""  # a token that ended, or that went with the database's last moment
            time.sleep(_PAUSE)
            continue
        for each in answers.answers:
            os.write(speaks, f"told {each.id}\n".encode())
        n, operations = n + BATCH, []


def _operation(n: int) -> Operation:
    fields = {"name": "马小明", "grid_id": GRID, "community_id": COMMUNITY}
    return Operation(
        n=n, id=new_id(), kind="resident", record=new_id(), action="put",
        made_at="2026-06-30T02:00:00Z", fields=fields,
    )  # fmt: skip
