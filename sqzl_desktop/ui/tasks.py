"""后台任务: the one way off the window's thread, and back.

Work gets values and gives values. Its result is handed over on the window's thread, and only if the
widget that asked is still there.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, QRunnable, QThreadPool, QTimer, Signal

from sqzl_desktop.base.errors import UserError

MOST_THREADS = 4
_running: set["_Task"] = set()
_turning: set[QTimer] = set()


class _Ended(QObject):
    """Lives on the window's thread; what a worker emits is handed over there."""

    ended = Signal(object, bool)

    def __init__(self, owner: QObject, handlers: "_Handlers") -> None:
        super().__init__()
        self._owner = owner
        self._handlers = handlers
        self.ended.connect(self._hand_over)

    def _hand_over(self, result: Any, is_failure: bool) -> None:
        _running.difference_update([task for task in _running if task.ended is self])
        if not shiboken6.isValid(self._owner):
            return
        if is_failure and not isinstance(result, UserError):
            sys.excepthook(type(result), result, result.__traceback__)
            return
        self._handlers[is_failure](result)


_Handlers = tuple[Callable[[Any], None], Callable[[UserError], None]]


class _Task(QRunnable):
    def __init__(self, work: Callable[[], Any], ended: _Ended) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._work = work
        self.ended = ended

    def run(self) -> None:
        try:
            result, is_failure = self._work(), False
        except BaseException as error:
            result, is_failure = error, True
        self.ended.ended.emit(result, is_failure)


def run(
    work: Callable[[], Any],
    done: Callable[[Any], None],
    *,
    owner: QObject,
    failed: Callable[[UserError], None],
) -> None:
    """Do some work off the window's thread, then `done(result)` or `failed(error)` on it.

    `failed` gets refusals with sentences; anything else is a mistake of ours and goes to the
    program's excepthook. Neither is called when `owner` is gone by then.
    """
    task = _Task(work, _Ended(owner, (done, failed)))
    _running.add(task)
    _pool().start(task)


def _pool() -> QThreadPool:
    pool = QThreadPool.globalInstance()
    pool.setMaxThreadCount(MOST_THREADS)
    return pool


def in_turn(owner: QObject, steps: Iterator[object], *, pause: int = 1) -> None:
    """Do one step after the other on the window's thread, `pause` milliseconds apart.

    What is typed and clicked comes between two of them; it ends with the owner.
    """
    timer = QTimer(owner)
    _turning.add(timer)

    def step() -> None:
        if next(steps, timer) is timer:
            timer.stop()
            timer.deleteLater()
            _turning.discard(timer)

    timer.timeout.connect(step)
    timer.start(pause)


def is_idle() -> bool:
    """Is nothing under way?"""
    _turning.difference_update([each for each in _turning if not shiboken6.isValid(each)])
    return not (_running or _turning)


def wait_idle(patience: int = 10_000) -> bool:
    """Turn the event loop until nothing is under way and what came of it is drawn.

    For screenshots, tests and closing; `patience` in milliseconds. Is it idle then?
    """
    loop = QEventLoop()
    watch, limit = QTimer(), QTimer()
    quiet = [0]

    def look() -> None:
        # twice in a row: what a result has set going is shown by then
        quiet[0] = quiet[0] + 1 if is_idle() else 0
        if quiet[0] > 1:
            loop.quit()

    watch.timeout.connect(look)
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    watch.start(20)
    limit.start(patience)
    loop.exec()
    return is_idle()
