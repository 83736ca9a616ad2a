"""类别维护: the community's own version of a class, over the one the program brings."""

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.case_classes import ClassBook, builtin
from sqzl_desktop.domain.case_clock import timetable
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.domain.limits import read
from sqzl_desktop.domain.working_time import Calendar
from sqzl_desktop.services import case_rules, elements, histories
from sqzl_desktop.services.workspace import Workspace

_CODE = re.compile(r"[A-Z]?[0-9]{0,8}")
_OWN = ("id", "version", "community_id", "grid_id")


@dataclasses.dataclass(frozen=True, slots=True)
class Version:
    """One version of a class and who made it; blank of the one the program brings."""

    record: CaseClass
    by: str = ""
    at: dt.datetime | None = None
    is_sent: bool = True


def save(ws: Workspace, changed: CaseClass) -> CaseClass:
    """Make what was changed the version in force; new where nobody knows the code yet.

    Cases filed before keep the version they were filed under.
    """
    return save_all(ws, [changed])[0]


def save_all(ws: Workspace, changed: Sequence[CaseClass]) -> list[CaseClass]:
    """The same for several, all or none."""
    book = case_rules.rules(ws).book
    coming = {each.code for each in changed}
    for each in changed:
        _refuse(book, each, coming)
    made = elements.save_all(ws, [_next(book, each) for each in changed])
    return [each for each in made if isinstance(each, CaseClass)]


def restore(ws: Workspace, code: str) -> CaseClass:
    """恢复默认: what the program brings, as a new version."""
    default = next((each for each in builtin() if each.code == code), None)
    if default is None:
        raise Refused("这是本社区自己增加的类别，程序里没有默认内容；不再使用可以停用")
    return save(ws, default)


def versions(ws: Workspace, code: str) -> list[Version]:
    """The versions of a class, the newest first, each with who made it and when."""
    return [_version(ws, each) for each in case_rules.rules(ws).book.versions(code)]


def is_same(one: CaseClass, other: CaseClass | None) -> bool:
    """Do two versions of a class say the same?"""
    return other is not None and _said(one) == _said(other)


def has_default(code: str) -> bool:
    """Does the program bring a class of this code?"""
    return any(each.code == code for each in builtin())


def next_code(book: ClassBook, parent: str) -> str:
    """A code nobody uses yet, for a new class under another: after the last one there."""
    digits = 3 if parent.isdigit() else 2
    used = [each.code.removeprefix(parent) for each in book.below(parent)]
    numbers = [int(each) for each in used if each.isdigit() and set(each) != {"9"}]
    number = max(numbers, default=0) + 1
    while book.of(f"{parent}{number:0{digits}d}") is not None:
        number += 1
    return f"{parent}{number:0{digits}d}"


def preview(changed: CaseClass, calendar: Calendar, start: dt.datetime) -> list[tuple[str, str]]:
    """Until when a case filed at `start` would be due, by urgency: (紧急程度, sentence).

    Refused with a sentence where a limit cannot be counted.
    """
    urgent = changed.phases_urgent or changed.phases
    asked = (
        ("一般", changed.phases),
        ("紧急", urgent),
        ("特急", changed.phases_very_urgent or urgent),
    )
    return [(name, _due_words(calendar, start, text)) for name, text in asked]


def _due_words(calendar: Calendar, start: dt.datetime, text: str) -> str:
    plan = timetable(calendar, start, read(text))
    if not plan:
        return "不限时"
    if len(plan) == 1:
        return moment_text(plan[0][1])
    return "；".join(
        f"{phase.name or at + 1}：{moment_text(due)}" for at, (phase, due) in enumerate(plan)
    )


def _refuse(book: ClassBook, changed: CaseClass, coming: set[str]) -> None:
    if not changed.code or not _CODE.fullmatch(changed.code):
        raise Refused(f"类别代码“{changed.code}”不对，请用一个大写字母加数字，或只用数字")
    if is_same(changed, book.of(changed.code)):
        raise Refused(f"“{changed.name}”没有改动，不需要保存")
    for code, what in ((changed.parent, "上级类别"), (changed.replaced_by, "现归入类别")):
        if code and code not in coming and book.of(code) is None:
            raise Refused(f"没有找到{what}“{code}”，请重新选择")
    if changed.replaced_by == changed.code:
        raise Refused("停用的类别不能归入它自己，请选择另一个类别")


def _next(book: ClassBook, changed: CaseClass) -> CaseClass:
    version = (book.version(changed.code) or 0) + 1
    return dataclasses.replace(changed, id="", community_id="", grid_id="", version=version)


def _said(record: CaseClass) -> dict[str, object]:
    return {name: value for name, value in dataclasses.asdict(record).items() if name not in _OWN}


def _version(ws: Workspace, record: CaseClass) -> Version:
    if not record.id:
        return Version(record)
    made = histories.local(ws, "case_class", record.id).changes
    if not made:
        return Version(record)
    return Version(record, made[-1].by, made[-1].at, not made[-1].pending)
