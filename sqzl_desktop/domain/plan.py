"""计划: the records of one action as they shall be, worked out before anything is written."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.schema.fields import Element

E = TypeVar("E", bound=Element)


class Plan:
    """A working copy of what is known: changed here, written by whoever made it.

    `today` is the day in Beijing, `new_id` gives ids to records that are new.
    """

    def __init__(
        self, known: Iterable[Element], *, today: dt.date, new_id: Callable[[], str]
    ) -> None:
        self._before = {(type(each), each.id): each for each in known}
        self._now = dict(self._before)
        self._new_id = new_id
        self.today = today

    def get(self, record: type[E], record_id: str) -> E:
        """The record as it is by now; NotFound where it is not at hand."""
        found = self.find(record, record_id)
        if found is None:
            raise NotFound("找不到所涉及的记录，可能已被删除或不在您的网格内，请刷新后重试")
        return found

    def find(self, record: type[E], record_id: str) -> E | None:
        """The record as it is by now, or None."""
        found = self._now.get((record, record_id))
        return found if isinstance(found, record) else None

    def all(self, record: type[E]) -> list[E]:
        """Every record of that class, or built on it, as it is by now."""
        return [each for each in self._now.values() if isinstance(each, record)]

    def change(self, record: E, **fields: Any) -> E:
        """Change fields of a record at hand."""
        after = dataclasses.replace(self.get(type(record), record.id), **fields)
        self._now[type(after), after.id] = after
        return after

    def add(self, record: E) -> E:
        """A new record; it gets an id."""
        made = dataclasses.replace(record, id=self._new_id())
        self._now[type(made), made.id] = made
        return made

    def writes(self) -> list[Element]:
        """The records that are new or not what they were."""
        return [each for key, each in self._now.items() if self._before.get(key) != each]

    def ended_stays(self) -> list[Residence]:
        """The stays that the plan brings to an end."""
        return [
            each
            for each in self.writes()
            if isinstance(each, Residence) and each.until_on and self._was_open(each)
        ]

    def _was_open(self, stay: Residence) -> bool:
        before = self._before.get((Residence, stay.id))
        return not isinstance(before, Residence) or before.until_on is None

    def happened(self, on: dt.date | None, what: str) -> dt.date:
        """The day something happened, today where none is given; a day to come is refused."""
        if on is not None and on > self.today:
            raise Refused(f"{what}日期{on:%Y-%m-%d}晚于今天，请核对；还没有发生的变动到时再登记")
        return on or self.today
