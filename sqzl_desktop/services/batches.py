"""成批写入: new records of an import are checked one by one and written many at once."""

import dataclasses
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.check import problems
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services.saving import prepared
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import bulk

E = TypeVar("E", bound=Element)
_MOST = 1500


class Batch:
    """New records on their way into the store, inside one transaction.

    What they refer to must be in the store or in the batch before them.
    """

    def __init__(self, ws: Workspace, tx: sa.Connection) -> None:
        self._ws = ws
        self._tx = tx
        self._waiting: list[bulk.New] = []

    def checked(self, kind: Kind[Any], record: E) -> E:
        """The record, tidy and with an id; Invalid or Refused where it cannot be registered."""
        tidy = prepared(record, kind)
        given = tidy.id or (getattr(tidy, kind.key) if kind.key else new_id())
        tidy = dataclasses.replace(tidy, id=given)
        found = problems(kind, tidy, lists=code_list, today=self._ws.today)
        if not tidy.community_id:
            found["community_id"] = "请选择所属社区"
        if found:
            raise Invalid(found)
        if not allows(self._ws.actor, "write", kind, tidy):
            raise Refused(f"您的岗位或网格不能登记这条{kind.label}")
        return cast(E, tidy)

    def add(self, *checked: Element) -> None:
        """Take records of one user action, in the order in which they refer to each other."""
        group = new_id() if len(checked) > 1 else ""
        for record in checked:
            kind = _kind_of(record)
            fields = to_fields(kind, record)
            self._waiting.append(bulk.New(kind.name, record.id, record.community_id, fields, group))
        if len(self._waiting) >= _MOST:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        bulk.create(self._tx, self._ws.clock.now(), self._waiting)
        self._waiting = []


_KINDS = {kind.record: kind for kind in BY_NAME.values()}


def _kind_of(record: Element) -> Kind[Any]:
    return _KINDS[type(record)]
