"""信封: is a push well formed, before a single operation of it is looked at?"""

import re

from sqzl_desktop.protocol.messages import MOST_OPERATIONS, Operation, Push
from sqzl_desktop.server import wire
from sqzl_desktop.server.refusals import Refusal

_LARGEST_NUMBER = 2**53
_LONGEST_TEXT = 200
_NAME = re.compile(r"[0-9A-Za-z._:-]{1,64}", re.ASCII)
_WORD = re.compile(r"[0-9A-Za-z._:+-]{0,64}", re.ASCII)


def is_name(text: str) -> bool:
    """Is this an id or name that we could have given?"""
    return bool(_NAME.fullmatch(text))


def check(message: Push) -> None:
    """A Refusal where ids, numbers or sizes are none that a program of ours would send."""
    operations = message.operations
    if len(operations) > MOST_OPERATIONS:
        raise Refusal(413, "TOO_LARGE", f"一次最多上报{MOST_OPERATIONS}项，请分批上报")
    if not is_name(message.incarnation):
        raise malformed()
    if max(abs(message.cursor), abs(message.scope)) > _LARGEST_NUMBER:
        raise malformed()
    if len({each.id for each in operations}) < len(operations):
        raise malformed()
    if any(not well_formed(each) for each in operations):
        raise malformed()
    for each in operations:
        wire.check_depth(each.fields)


def check_texts(*texts: str) -> None:
    """A Refusal where a short text is too long or holds control characters."""
    if any(len(text) > _LONGEST_TEXT or not text.replace(" ", "").isprintable() for text in texts):
        raise malformed()


def well_formed(operation: Operation) -> bool:
    """Are the ids, numbers and words of an operation such as a program of ours would send?"""
    names = (operation.id, operation.kind, operation.record)
    own = (operation.made_at, operation.step, operation.state, operation.group)
    words = (*own, *operation.saw.values())
    return (
        0 < operation.n <= _LARGEST_NUMBER
        and all(is_name(name) for name in names)
        and all(_WORD.fullmatch(word) for word in words)
    )


def malformed() -> Refusal:
    """What no program of ours would send."""
    return Refusal(400, "MALFORMED", "上报内容的格式不对，请更新程序后重试")
