"""进程: several of the same beside each other, under a parent that starts fallen ones anew."""

import contextlib
import logging
import os
import signal
import time
import traceback
from collections.abc import Callable
from types import FrameType

from sqzl_desktop.base.errors import UserError

_PAUSE_SECONDS = 1.0  # one that falls at once must not be started in a circle
_log = logging.getLogger(__name__)


def run(wanted: int, work: Callable[[int], None]) -> None:
    """Do `work` in as many child processes until SIGTERM or SIGINT, which is passed on to them."""
    children: dict[int, int] = {}
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    for number in range(wanted):
        children[_start(number, work)] = number
    if stopping:
        stop(signal.SIGTERM, None)  # it may have come while a child was being made
    while children:
        child, status = os.wait()
        number = children.pop(child, -1)
        if number < 0 or stopping:
            continue
        _log.error("process %d ended with %d", number, os.waitstatus_to_exitcode(status))
        time.sleep(_PAUSE_SECONDS)
        if not stopping:
            children[_start(number, work)] = number
        if stopping:
            stop(signal.SIGTERM, None)


def _start(number: int, work: Callable[[int], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)
        work(number)
        code = 0
    except UserError as error:
        _log.error("%s", error)
    except BaseException as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        _log.critical("unexpected %s\n%s", type(error).__name__, frames)
    finally:
        os._exit(code)  # the child must not go on with what the parent was about to do
